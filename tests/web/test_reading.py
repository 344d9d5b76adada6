"""The report's page: its text letter for letter, its cards, what people changed, its family, its files; and that no page does harm."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from hashlib import sha256
from html import escape
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser as Tree

import musnad
from musnad.export.marks import marks
from musnad.ingest.page import Page
from musnad.record.kinds import LAYERS, Line, Report, Segment
from musnad.record.span import Span
from musnad.store import queries, schema
from musnad.store.corrections import correct, corrected_line, source_of
from musnad.store.queries import Filter
from musnad.store.redaction import redact
from musnad.store.store import Store, open_store
from musnad.web.desk import Setting
from musnad.web.reading.cards import isnad
from musnad.web.reading.compare import difference
from musnad.web.reading.family import Member, family_of
from musnad.web.reading.report import web_address
from musnad.web.wording import Words, harmless

from .conftest import client


@pytest.fixture
def store(record: Path) -> Store:
    return open_store(str(record))


def ids(store: Store) -> list[str]:
    return [row["id"] for row in queries.reports(store, Filter(limit=0))]


def named(store: Store, part: str) -> str:
    return next(row["id"] for row in queries.reports(store, Filter(limit=0)) if part in row["key"])


def read(store: Store, id: str) -> tuple[str, Line]:
    with store.reading() as c:
        return source_of(c, id), corrected_line(c, id)


def page(desk: TestClient, path: str, lang: str = "en") -> Tree:
    answer = desk.get(path, headers={"accept-language": lang})
    assert answer.status_code == 200, answer.text
    return Tree(answer.text)


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_report_shows_its_text_letter_for_letter_and_all_its_cards(desk: TestClient, store: Store, lang: str) -> None:
    for id in ids(store):
        source, line = read(store, id)
        tree = page(desk, f"/reports/{id}", lang)
        shown = tree.css("#text [data-start]")
        for piece in shown:
            start, text = int(piece.attributes["data-start"] or 0), piece.text()
            assert source[start : start + len(text)] == text
        kept = "".join(s.text for s in line.report.segments)
        assert "".join("".join(p.text() for p in shown).split()) == "".join(kept.split())
        cards = {c.attributes["data-id"] for c in tree.css(".entry")}
        for layer in ("entities", "statements", "events", "commitments", "figures", "times"):
            assert {x.id for x in getattr(line, layer)} <= cards
        assert {m.card for m in marks(line)} <= cards
        assert len(tree.css("h1")) == 1


def test_marks_are_cut_where_they_begin_and_end(desk: TestClient, store: Store) -> None:
    id = named(store, "01-baghdad")
    _, line = read(store, id)
    pieces = page(desk, f"/reports/{id}").css("#text [data-start]")
    starts = {int(p.attributes["data-start"] or 0) for p in pieces}
    for event in line.events:
        assert event.trigger.start in starts
        (piece, *_) = [p for p in pieces if p.attributes["data-start"] == str(event.trigger.start)]
        assert "v" in (piece.attributes["class"] or "").split() and event.id in (piece.attributes["data-r"] or "").split()


def test_what_people_did_is_shown_and_named(desk: TestClient, store: Store) -> None:
    id = named(store, "02-no-ground")
    _, line = read(store, id)
    first, second, third = line.events[:3]
    correct(store, "lina", id, "events", first.id, "correct", {"status": "planned" if first.status != "planned" else "happened"})
    correct(store, "samir", id, "events", second.id, "accept")
    correct(store, "<b>omar</b>", id, "events", third.id, "reject", why="غير واقع")
    tree = page(desk, f"/reports/{id}")
    cards = {c.attributes["data-id"]: c for c in tree.css(".entry")}
    assert "corrected by lina" in cards[first.id].text()
    assert "checked by samir" in cards[second.id].text()
    gone = tree.css_first("#g-rejected")
    assert third.trigger.text in gone.text() and "rejected by <b>omar</b>" in gone.text() and "غير واقع" in gone.text()
    assert not any(third.id in (p.attributes["data-r"] or "").split() for p in tree.css("#text [data-r]"))
    assert tree.css_first(".g-events").text().count("corrected by") == 1


def test_an_item_can_be_pointed_at(desk: TestClient, store: Store) -> None:
    id = named(store, "05-seven")
    _, line = read(store, id)
    mention = next(m for m in line.mentions if m.entity and m.form == "name")
    shown = page(desk, f"/reports/{id}?show={mention.id}").css_first("#reading").attributes
    assert (shown["data-show"], shown["data-from"], shown["data-to"]) == (mention.entity, str(mention.start), str(mention.end))
    event = line.events[0]
    shown = page(desk, f"/reports/{id}?show={event.id}").css_first("#reading").attributes
    assert (shown["data-show"], shown["data-from"]) == (event.id, str(event.trigger.start))
    correct(store, "lina", id, "events", event.id, "reject")
    tree = page(desk, f"/reports/{id}?show={event.id}")
    assert "data-show" not in tree.css_first("#reading").attributes and tree.css_first("p.bad") is not None


def test_cards_lead_into_the_record(desk: TestClient, store: Store) -> None:
    id = named(store, "12-attack")
    links = {a.attributes["href"] or "" for a in page(desk, f"/reports/{id}").css("#cards a")}
    for kind in ("/actors/", "/events/", "/claims/", "/review/item/statements/", "/review/item/figures/"):
        found = [link for link in links if link.startswith(kind)]
        assert found, kind
        if not kind.startswith("/review"):
            assert desk.get(found[0]).status_code == 200, found[0]


def test_the_chain_is_told_in_words(desk: TestClient, store: Store) -> None:
    id = named(store, "01-baghdad")
    _, line = read(store, id)
    chained = next(s for s in line.statements if len(s.chain) > 2)
    tree = page(desk, f"/reports/{id}")
    drawn = next(c for c in tree.css(".entry") if c.attributes["data-id"] == chained.id).css_first(".isnad")
    assert [li.css_first(".who").text() for li in drawn.css("li")] == [k.name for k in chained.chain]
    assert drawn.attributes["aria-label"] == isnad(Words("en"), chained)
    assert chained.chain[0].name in isnad(Words("en"), chained) and "through " in isnad(Words("en"), chained)
    for li, link in zip(drawn.css("li"), chained.chain, strict=True):
        assert li.attributes.get("data-from") == (None if link.start is None else str(link.start))


def test_a_family_shows_the_original_first_and_what_was_changed(desk: TestClient, store: Store) -> None:
    first, copy = named(store, "07-phone"), named(store, "08-phone")
    tree = page(desk, f"/reports/{copy}").css_first("#family")
    (root,) = tree.css(".tree > li")
    assert root.css_first("a").attributes["href"] == f"/reports/{first}"
    assert "copy" in root.css_first("ul li .chip").text()
    compared = page(desk, f"/reports/{copy}/against/{first}")
    assert "ولن يرسل قوات قتالية" in " ".join(d.text() for d in compared.css("del")) and not compared.css("ins")
    assert page(desk, f"/reports/{named(store, '12-attack')}").css_first("#family") is None


def test_neighbours_follow_the_list_that_the_reader_came_from(desk: TestClient, store: Store) -> None:
    tree = page(desk, "/reports?from=2014-01-01&to=2014-12-31")
    hrefs = [a.attributes["href"] for a in tree.css(".hits h2 a")]
    assert len(hrefs) == 4 and all("from=2014-01-01" in (h or "") for h in hrefs)
    middle = page(desk, hrefs[1] or "")
    around = {a.attributes["rel"]: a.attributes["href"] for a in middle.css(".around a[rel]")}
    strip = [(h or "").partition("?")[0] for h in hrefs]
    assert {k: (v or "").partition("?")[0] for k, v in around.items()} == {"prev": strip[0], "next": strip[2]}
    assert page(desk, hrefs[0] or "").css_first(".around a[rel=prev]") is None


def test_the_list_is_narrowed_and_its_hits_are_marked(desk: TestClient) -> None:
    tree = page(desk, "/reports?q=لودريان")
    assert tree.css(".hits li") and all("دريان" in li.css_first("mark").text() for li in tree.css(".hits li"))
    outlet = page(desk, "/reports").css_first(".facets a").attributes["href"] or ""
    narrowed = page(desk, outlet)
    n = int(narrowed.css_first(".facets a[aria-current] .n").text())
    assert len(narrowed.css(".hits li")) == n > 0
    assert page(desk, "/reports?q=ققققق").css_first(".empty") is not None
    assert desk.get("/reports?q=-").status_code == 400
    assert page(desk, "/reports?actor=لودريان").css(".hits li")


def test_files_are_the_report_as_people_left_it(desk: TestClient, store: Store) -> None:
    id = named(store, "03-paris")
    source, line = read(store, id)
    correct(store, "lina", id, "events", line.events[0].id, "reject")
    answer = desk.get(f"/reports/{id}.json")
    assert answer.headers["content-type"] == "application/json" and "attachment" in answer.headers["content-disposition"]
    assert [v["id"] for v in answer.json()["events"]] == [v.id for v in line.events[1:]]
    text = desk.get(f"/reports/{id}.txt")
    assert text.headers["content-type"].startswith("text/plain") and "attachment" in text.headers["content-disposition"]
    assert text.text == source


def test_redacted_names_are_nowhere(record: Path, setting: Setting) -> None:
    store = open_store(str(record))
    id = named(store, "05-seven")
    source, line = read(store, id)
    redact(store, "مايكل فالون", "admin")
    with client(setting) as desk:
        desk.get("/?token=launch-token")
        for path in (f"/reports/{id}", f"/reports/{id}.json", f"/reports/{id}.txt", f"/reports/{id}/against/{id}"):
            assert "فالون" not in desk.get(path).text, path
        made = desk.get(f"/reports/{id}.json").json()
        text = desk.get(f"/reports/{id}.txt").text
        assert len(text) == len(source)
        for event in made["events"]:
            assert text[event["trigger"]["start"] : event["trigger"]["end"]] == event["trigger"]["text"]
        assert len(made["mentions"]) == len(line.mentions)


def test_strangers_read_nothing(stranger: TestClient, store: Store) -> None:
    id = ids(store)[0]
    for path in ("/reports", f"/reports/{id}", f"/reports/{id}.json", f"/reports/{id}.txt", f"/reports/{id}/against/{id}"):
        assert stranger.get(path).status_code == 403, path


HOSTILE = (
    'وزير الدفاع <script>alert("س")</script> يزور بغداد <img src=x onerror=alert(1)>\n\n'
    "بغداد - أكد وزير الدفاع الفرنسي جان إيف لودريان </span></article><style>*{display:none}</style> الخميس أن «بلاده \u202egnp.exe\u202c ستدرب 500 جندي» "
    "وقال \u2066الوزير\u2069 إن </script><svg onload=alert(2)> القوات {{ 7*7 }} ${7*7} \x00\x08 باقية.\n"
    + "وقال المتحدث إن ا" + "\u0651\u0670\u0653" * 400 + " الكلمة ع\u200b\u200b\u200d\ufeffالية.\n"
    + "و" * 10_000 + " قتل 12 شخصا في الرمادي الأربعاء 13 نيسان 2016.\n"
    '" onmouseover="alert(3) \' autofocus onfocus=alert(4) x=\' javascript:alert(5) <!-- --> <![CDATA[ ]]> &lt;b&gt; &#x3c;\n'
)  # fmt: skip


def hostile(store: Store) -> str:
    name = '"><script>alert(9)</script>.txt'
    docs = musnad.read_text(HOSTILE, published="2016-04-15", outlet="<b>صحيفة</b>\u202e", name=name, model=False)
    known = {"outlet": "<b>صحيفة</b>\u202e", "published": "2016-04-15", "url": "javascript:alert(document.cookie)//\u202ehttps://x.org"}
    made = Page(name, docs[0].source, docs[0].report.sha256, **known, problems=("<i>odd</i>",))
    lines = [replace(d.line(), report=replace(d.report, url=known["url"])) for d in docs]
    store.add([(made, lines)])
    return docs[0].report.id


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_hostile_page_stays_text(desk: TestClient, store: Store, lang: str) -> None:
    id = hostile(store)
    source, line = read(store, id)
    assert line.events and line.mentions
    raw = desk.get(f"/reports/{id}", headers={"accept-language": lang}).text
    tree = Tree(raw)
    assert all((s.attributes.get("src") or "").startswith("/static/") and not s.text().strip() for s in tree.css("script"))
    assert not tree.css("img, svg, style, iframe, object, embed, #main script, #main link")
    for node in tree.css("*"):
        assert not any(name.startswith("on") or name in ("style", "srcdoc", "formaction") for name in node.attributes), node.html
        link = node.attributes.get("href") or node.attributes.get("src") or node.attributes.get("action") or "/"
        assert link.startswith(("/", "#")), link
    text = raw.replace("\ufffd", "")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", text)
    for piece in tree.css("#text [data-start]"):
        start, shown = int(piece.attributes["data-start"] or 0), piece.text()
        assert harmless(source[start : start + len(shown)]) == shown
    assert "49" not in tree.css_first("#text").text()
    assert "javascript:alert" in tree.css_first(".about").text()
    for path in ("/reports", f"/reports/{id}/against/{id}", "/reports?q=لودريان"):
        other = Tree(desk.get(path).text)
        assert not other.css("#main script, img, svg") and escape("<script>") in desk.get(path).text


def test_only_addresses_of_the_web_may_be_followed() -> None:
    assert web_address("https://example.org/a?b=c") == "https://example.org/a?b=c"
    for bad in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://",
        "http://a b",
        "https://user@example.org",
        "ftp://x.org",
        "https://[",
        None,
        "https://x\u202e.org",
    ):
        assert web_address(bad) is None, bad


def test_every_layer_can_be_rejected_and_is_still_listed(desk: TestClient, store: Store) -> None:
    id = named(store, "16-mission")
    _, line = read(store, id)
    gone = {layer: getattr(line, layer)[0].id for layer in LAYERS if getattr(line, layer)}
    for layer, item in gone.items():
        correct(store, "lina", id, layer, item, "reject")
    shown = {c.attributes["data-id"] for c in page(desk, f"/reports/{id}").css("#g-rejected .entry")}
    assert shown == set(gone.values())


def test_a_page_without_an_article_still_opens(desk: TestClient, store: Store) -> None:
    docs = musnad.read_text("شارك | طباعة\n", name="empty.txt", model=False)
    store.add([(Page("empty.txt", docs[0].source, docs[0].report.sha256), [d.line() for d in docs])])
    tree = page(desk, f"/reports/{docs[0].report.id}")
    assert "empty.txt" in tree.css_first("h1").text() and tree.css_first(".empty") is not None


def test_what_is_shown_is_what_the_api_of_the_record_says(desk: TestClient, store: Store) -> None:
    id = named(store, "13-attack")
    _, line = read(store, id)
    made = json.loads(desk.get(f"/reports/{id}.json").content)
    assert [f["id"] for f in made["figures"]] == [f.id for f in line.figures]
    claim = next(a for a in page(desk, f"/reports/{id}").css(".g-figures a") if (a.attributes["href"] or "").startswith("/claims/"))
    assert "claims" in claim.text()


def told(id: str, text: str) -> tuple[Page, list[Line]]:
    span = {"start": 0, "end": len(text), "text": text}
    sha = sha256(text.encode()).hexdigest()
    report = Report(id=id, page=id, part=0, sha256=sha, title=Span(**span), segments=(Segment(kind="body", **span),))
    return Page(id, text, sha), [Line(report=report)]


def kin(store: Store, pairs: list[tuple[str, str, str | None, float]]) -> None:
    """Four reports r1 to r4 of one family, with these decisions about pairs: a, b, original, score."""
    store.add(told(f"r{n}", f"خبر واحد في صحيفة رقم {n}") for n in range(1, 5))
    with store.writing() as c:
        c.execute(sa.insert(schema.cluster), [{"layer": "reports", "item": f"r{n}", "cluster": "r1"} for n in range(1, 5)])
        rows = [
            {"layer": "reports", "a": a, "b": b, "kind": "copy", "original": o, "score": s, "features": {}, "why": ""}
            for a, b, o, s in pairs
        ]
        c.execute(sa.insert(schema.pair), rows)


def drawn(members: list[Member]) -> dict[str, object]:
    return {m.row["id"]: drawn(m.copies) for m in members}


def test_a_copy_hangs_under_what_it_is_likest_to(store: Store) -> None:
    kin(store, [("r1", "r2", "r1", 0.9), ("r1", "r3", "r1", 0.7), ("r2", "r3", "r2", 0.95), ("r3", "r4", None, 0.8)])
    family = family_of(store, "r3")
    assert family is not None and family.size == 4
    assert drawn(family.roots) == {"r1": {"r2": {"r3": {}}}, "r4": {}}
    assert [m.pair and m.pair["score"] for m in family.roots] == [None, 0.8]


def test_decisions_in_a_circle_still_make_a_tree(store: Store) -> None:
    kin(store, [("r1", "r2", "r1", 0.9), ("r2", "r3", "r2", 0.8), ("r1", "r3", "r3", 0.7), ("r3", "r4", "r4", 0.6)])
    family = family_of(store, "r1")
    assert family is not None
    assert drawn(family.roots) == {"r1": {"r2": {"r3": {}}}, "r4": {}}


def test_what_was_changed_is_words_not_spellings() -> None:
    (_, (first,)), (_, (second,)) = told("a", "زار الوزير إلى بغداد أمس ومعه وفد"), told("b", "زار الوزير الى بغداد، ومعه وفد كبير")
    found = difference(first, second)
    assert [(p.kind, p.text.strip()) for p in found.parts if p.kind != "both"] == [("gone", "أمس"), ("new", "كبير")]
    assert (found.both, found.first, found.second, found.cut) == (6, 7, 7, False)


def test_texts_made_to_be_hard_to_compare_are_compared_in_time() -> None:
    words = [f"ك{n % 101}" for n in range(5000)]
    (_, (first,)), (_, (second,)) = told("a", " ".join(words)), told("b", " ".join(words[::-1]))
    began = time.process_time()
    assert difference(first, second).cut
    assert time.process_time() - began < 3


def test_readers_see_the_history_and_coders_correct(team: TestClient, sign_in: Callable[[str], None], store: Store) -> None:
    id = ids(store)[0]
    for role, may in (("reader", False), ("coder", True)):
        sign_in(role)
        tree = page(team, f"/reports/{id}")
        assert (tree.css_first(f'.around a[href="/review/reports/{id}/add"]') is not None) is may
        link = tree.css_first(".entry footer a")
        assert link.text() == ("Correct, history" if may else "History")
        assert team.get(link.attributes["href"] or "").status_code == 200

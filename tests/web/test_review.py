"""The review pages: every act one request, seen at once, undone again; roles; batches coded blind; words of the text become spans."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from musnad.record.kinds import Line
from musnad.store import review, schema
from musnad.store.corrections import corrected_line
from musnad.store.filters import Filter
from musnad.store.redaction import redact
from musnad.store.store import open_store


class Record:
    """The record behind the desk, opened beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def line(self, report: str) -> Line:
        with open_store(self.path) as store:
            return corrected_line(store, report)

    def queue(self, layer: str = "events", by: str = "lina") -> list[dict[str, Any]]:
        with open_store(self.path) as store:
            return list(review.queue(store, by, layer, Filter(limit=0)))

    def item(self, layer: str, item: str) -> Any:
        row = next((r for r in self.queue(layer, "nobody") if r["id"] == item), None)
        return row and next(x for x in getattr(self.line(row["report"]), layer) if x.id == item)

    def rows(self, query: Any) -> list[Any]:
        with open_store(self.path) as store, store.reading() as c:
            return list(c.execute(query).all())


@pytest.fixture
def held(record: Path) -> Record:
    return Record(record)


def first(held: Record, layer: str = "events") -> tuple[str, str]:
    row = held.queue(layer)[0]
    return row["report"], row["id"]


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("layer", review.LAYERS)
def test_the_queue_shows_every_layer(desk: TestClient, held: Record, layer: str, lang: str) -> None:
    page = desk.get(f"/review?layer={layer}&lang={lang}")
    assert page.status_code == 200
    for row in held.queue(layer)[:3]:
        assert f'data-item="{row.get("id", row.get("a"))}"' in page.text
    assert 'style="' not in page.text


def test_an_item_stands_in_its_sentence_with_its_words_marked(desk: TestClient, held: Record) -> None:
    report, item = first(held)
    page = desk.get(f"/review/item/events/{item}?lang=en").text
    event = held.item("events", item)
    assert re.search(rf'<span data-start="{event.trigger.start}" class="w-own[^"]*">{re.escape(event.trigger.text)}</span>', page)
    assert f'href="/reports/{report}?show={item}"' in page


def test_accept_reject_and_undo_without_script(desk: TestClient, held: Record) -> None:
    report, item = first(held)
    page = desk.post(f"/review/items/{report}/events/{item}", data={"verdict": "reject", "back": "/review?lang=en"})
    assert page.status_code == 200
    assert page.url.path == "/review"
    assert "rejected" in page.text
    assert held.item("events", item) is None
    assert item not in {r["id"] for r in held.queue()}
    undo = re.search(r'action="(/review/undo/\d+)"', page.text)
    assert undo
    page = desk.post(undo[1], data={"back": "/review?lang=en"})
    assert page.status_code == 200
    assert held.item("events", item) is not None
    history = desk.get(f"/review/item/events/{item}?lang=en").text
    assert "taken back by" in history


def test_a_script_gets_the_item_as_it_is_now(desk: TestClient, held: Record) -> None:
    report, item = first(held)
    answer = desk.post(f"/review/items/{report}/events/{item}", data={"verdict": "reject"}, headers={"X-Part": "item"})
    assert "<html" not in answer.text
    assert "is-reject" in answer.text
    made = answer.headers["X-Judgement"]
    answer = desk.post(f"/review/undo/{made}", headers={"X-Part": "item"})
    assert f'data-item="{item}"' in answer.text
    assert "is-reject" not in answer.text


def test_a_correction_by_words_and_by_ranges(desk: TestClient, held: Record) -> None:
    report, item = next((r["report"], r["id"]) for r in held.queue() if held.item("events", r["id"]).actors)
    event = held.item("events", item)
    line = held.line(report)
    name = next(m for m in line.mentions if m.form == "name" and m.entity)
    fields = {
        "verdict": "correct", "type": "AID", "mode": "", "status": "planned", "from": "2016-01-22", "to": "", "trigger": event.trigger.text,
        "actors": [f"{p.start}-{p.end}" for p in event.actors], "recipients": [f"{name.start}-{name.end}"], "place": "", "why": "read it again",
    }  # fmt: skip
    page = desk.post(f"/review/items/{report}/events/{item}", data=fields)
    assert page.status_code == 200, page.text
    after = held.item("events", item)
    assert (after.type, after.status, after.from_, after.to, after.place) == ("AID", "planned", "2016-01-22", "2016-01-22", None)
    assert after.actors == event.actors
    assert after.trigger == event.trigger
    assert [(p.text, p.entity) for p in after.recipients] == [(name.text, name.entity)]
    (row,) = held.rows(sa.select(schema.judgement.c.after, schema.judgement.c.before).where(schema.judgement.c.verdict == "correct"))
    assert "trigger" not in row.after
    assert "actors" not in row.after
    assert row.before["type"] == event.type


@pytest.mark.parametrize("layer", ["statements", "commitments", "figures"])
def test_forms_of_all_layers_say_back_what_they_show(desk: TestClient, held: Record, layer: str) -> None:
    report, item = first(held, layer)
    page = desk.get(f"/review/item/{layer}/{item}?lang=en").text
    fields = form_fields(page)
    refused = desk.post(f"/review/items/{report}/{layer}/{item}", data={**fields, "verdict": "correct"})
    assert refused.status_code == 400  # nothing changes
    change = {"statements": ("act", "deny"), "commitments": ("stance", "withdrawn"), "figures": ("high", "987654")}[layer]
    before = held.item(layer, item)
    answer = desk.post(f"/review/items/{report}/{layer}/{item}", data={**fields, change[0]: change[1], "verdict": "correct"})
    assert answer.status_code == 200, answer.text
    after = held.item(layer, item)
    assert str(getattr(after, change[0])).removesuffix(".0") == change[1]
    same = {
        "statements": ("cue", "speaker", "content", "chain"),
        "commitments": ("by", "to", "action", "deadline"),
        "figures": ("low", "unit"),
    }
    assert all(getattr(after, k) == getattr(before, k) for k in same[layer])


def form_fields(page: str) -> dict[str, Any]:
    """What a browser would send for the form that corrects."""
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.S) if 'value="correct"' in f)
    out: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>|<select.*?</select>", form, re.S):
        name = re.search(r'name="(\w+)"', tag)
        if not name or ("checkbox" in tag and "checked" not in tag):
            continue
        if tag.startswith("<select"):
            chosen = re.search(r'<option value="([^"]*)" selected', tag) or re.search(r'<option value="([^"]*)"', tag)
            value = chosen[1] if chosen else ""
        else:
            found = re.search(r'value="([^"]*)"', tag)
            value = found[1] if found else ""
        out.setdefault(name[1], []).append(unescape(value))
    return dict(out)


def test_what_is_wrong_is_said_in_plain_words(desk: TestClient, held: Record) -> None:
    report, item = first(held)
    event = held.item("events", item)
    base = {"verdict": "correct", "type": event.type, "status": event.status, "trigger": event.trigger.text}
    for wrong, words in (
        ({"trigger": "كلمةلاوجودلها"}, "كلمةلاوجودلها"),
        ({"trigger": "5-3"}, "5-3"),
        ({"type": "SING"}, "AGREE"),
        ({"from": "tomorrow"}, "2016-01-22"),
        ({"from": "2016-02-01", "to": "2016-01-01"}, "first day"),
    ):
        answer = desk.post(f"/review/items/{report}/events/{item}", data={**base, **wrong})
        assert answer.status_code == 400
        assert words in answer.text
    assert desk.post(f"/review/items/{report}/events/{item}", data={"verdict": "sing"}).status_code == 400
    assert desk.get("/review?layer=songs").status_code == 404
    assert desk.get("/review/item/events/none").status_code == 404


def test_a_missed_event_is_added_from_the_text(desk: TestClient, held: Record) -> None:
    report, _ = first(held)
    line = held.line(report)
    page = desk.get(f"/review/reports/{report}/add?lang=en")
    assert page.status_code == 200
    segment = next(s for s in line.report.segments if s.kind == "body")
    at = segment.start
    word = segment.text.split()[0]
    assert f'<span data-start="{at}"' in page.text
    fields = {"type": "CONSULT", "status": "happened", "trigger": f"{at}-{at + len(word)}", "actors": [f"{at}-{at + len(word)}"]}
    answer = desk.post(f"/review/reports/{report}/events", data=fields)
    assert answer.status_code == 200, answer.text
    (made,) = [e for e in held.line(report).events if e.found_by == "people"]
    assert (made.type, made.trigger.text, made.trigger.start) == ("CONSULT", word, at)
    assert held.rows(sa.select(schema.happening.c.id).where(schema.happening.c.id == made.id))


def test_comments_are_kept(desk: TestClient, held: Record) -> None:
    report, item = first(held)
    text = "أليس هذا <b>تصريحا</b>؟"
    page = desk.post(f"/review/items/{report}/events/{item}", data={"verdict": "comment", "why": text})
    assert "أليس هذا &lt;b&gt;" in page.text
    assert desk.post(f"/review/items/{report}/events/{item}", data={"verdict": "comment", "why": " "}).status_code == 400


def test_merge_two_spellings_and_undo(desk: TestClient, held: Record) -> None:
    a, b = held.rows(
        sa.select(schema.actor.c.id, schema.actor.c.name, schema.actor.c.reports)
        .where(schema.actor.c.type == "PER")
        .order_by(schema.actor.c.id)
        .limit(2)
    )
    page = desk.get(f"/review/actors?a={a.id}&q={b.name}&lang=en")
    assert f"/review/actors?a={a.id}&amp;b={b.id}" in page.text
    page = desk.get(f"/review/actors?a={a.id}&b={b.id}&lang=en")
    assert a.name in page.text
    assert b.name in page.text
    answer = desk.post(
        "/review/pairs", data={"layer": "entities", "a": a.id, "b": b.id, "verdict": "same", "back": f"/review/actors?a={a.id}"}
    )
    assert answer.status_code == 200
    assert not held.rows(sa.select(schema.actor.c.id).where(schema.actor.c.id == b.id))
    assert b.name in desk.get(f"/actors/{a.id}").text
    undo = re.search(r'action="(/review/undo/\d+)"', answer.text)
    assert undo
    desk.post(undo[1], data={"back": f"/review/actors?a={a.id}"})
    assert held.rows(sa.select(schema.actor.c.id).where(schema.actor.c.id == b.id))


def test_a_telling_is_taken_out_of_a_happening(desk: TestClient, held: Record) -> None:
    c = schema.cluster.c
    several = sa.select(c.cluster).where(c.layer == "events").group_by(c.cluster).having(sa.func.count() > 1).limit(1)
    ((id,),) = held.rows(several)
    page = desk.get(f"/review/events/{id}?lang=en")
    assert page.status_code == 200
    items = [r.item for r in held.rows(sa.select(c.item).where(c.layer == "events", c.cluster == id).order_by(c.item))]
    desk.post(
        "/review/pairs", data={"layer": "events", "a": items[-1], "b": items[0], "verdict": "different", "back": f"/review/events/{id}"}
    )
    now = {r.item: r.cluster for r in held.rows(sa.select(c.item, c.cluster).where(c.layer == "events", c.item.in_(items)))}
    assert now[items[-1]] != now[items[0]]
    assert desk.get(f"/review/events/{now[items[0]]}?b={now[items[-1]]}").status_code == 200


def doubtful_pair(held: Record) -> None:
    """Two actors that the machine wasn't sure about."""
    with open_store(held.path) as store, store.writing() as c:
        a, b = sorted(
            c.execute(sa.select(schema.actor.c.id).where(schema.actor.c.type == "ORG").order_by(schema.actor.c.id).limit(2)).scalars()
        )
        row = {"layer": "entities", "a": a, "b": b, "kind": "different", "score": 0.71, "features": {}, "why": "names align"}
        c.execute(sa.insert(schema.pair), [row])


def test_pairs_in_the_queue_are_judged(desk: TestClient, held: Record) -> None:
    doubtful_pair(held)
    rows = held.queue("entities")
    page = desk.get("/review?layer=entities&lang=en").text
    assert f'name="a" value="{rows[0]["a"]}"' in page
    answer = desk.post(
        "/review/pairs",
        data={"layer": "entities", "a": rows[0]["a"], "b": rows[0]["b"], "verdict": "different"},
        headers={"X-Part": "item"},
    )
    assert answer.status_code == 204
    assert answer.headers["X-Judgement"].isdigit()
    assert len(held.queue("entities")) == len(rows) - 1


def test_the_way_back_stays_on_the_desk(desk: TestClient, held: Record) -> None:
    report, item = first(held)
    desk.follow_redirects = False
    for strange in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = desk.post(f"/review/items/{report}/events/{item}", data={"verdict": "comment", "why": "x", "back": strange})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"/review/item/events/{item}")


def test_roles(team: TestClient, held: Record, sign_in: Callable[[str], None]) -> None:
    doubtful_pair(held)
    report, item = first(held)
    sign_in("reader")
    assert "verdict" not in team.get("/review").text
    assert team.post(f"/review/items/{report}/events/{item}", data={"verdict": "accept"}).status_code == 403
    sign_in("coder")
    made = team.post(f"/review/items/{report}/events/{item}", data={"verdict": "accept"}, headers={"X-Part": "item"}).headers["X-Judgement"]
    pair = held.queue("entities")[0]
    merge = {"layer": "entities", "a": pair["a"], "b": pair["b"], "verdict": "same"}
    assert team.post("/review/pairs", data=merge).status_code == 403
    assert team.post("/review/batches", data={"name": "x", "coders": ["a", "b"]}).status_code == 403
    sign_in("editor")
    assert team.post("/review/pairs", data=merge).status_code == 303
    other = team.post(f"/review/items/{report}/events/{item}", data={"verdict": "accept"}, headers={"X-Part": "item"}).headers[
        "X-Judgement"
    ]
    sign_in("coder")
    assert team.post(f"/review/undo/{other}").status_code == 403
    sign_in("editor")
    assert team.post(f"/review/undo/{made}").status_code == 303


def test_a_batch_is_coded_blind_and_settled(team: TestClient, held: Record, sign_in: Callable[[str], None]) -> None:
    sign_in("editor")
    answer = team.post("/review/batches", data={"name": "الأسبوع الأول", "coders": ["coder", "editor"], "size": "3", "layers": ["events"]})
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    items = re.findall(r'data-item="(v\w+)"', team.get(address).text)
    assert len(items) == 3
    for item in items:
        team.post(f"{address}/code/{item}", data={"verdict": "accept"})
    assert team.get(address + "?again=1").text.count("is-accept") == 3
    sign_in("coder")
    page = team.get(address).text
    assert "is-accept" not in page
    assert "accepted" not in page
    part = team.post(f"{address}/code/{items[0]}", data={"verdict": "reject"}, headers={"X-Part": "item"})
    assert "is-reject" in part.text
    for item in items[1:]:
        assert team.post(f"{address}/code/{item}", data={"verdict": "accept"}).status_code == 303
    assert held.rows(sa.select(schema.judgement.c.id)) == []
    sign_in("editor")
    page = team.get(address).text
    assert f'name="d-{items[0]}"' in page
    assert f'name="d-{items[1]}"' not in page
    assert team.post(f"{address}/settle", data={}).status_code == 400
    assert team.post(f"{address}/settle", data={f"d-{items[0]}": "by:coder"}).status_code == 303
    assert held.item("events", items[0]) is None
    assert "%" in team.get("/review/agreement").text
    assert team.post(f"{address}/code/{items[1]}", data={"verdict": "reject"}).status_code == 400
    assert team.get("/review/batches/99").status_code == 404


def test_gold_is_taken_along(desk: TestClient, held: Record) -> None:
    report, item = first(held)
    desk.post(f"/review/items/{report}/events/{item}", data={"verdict": "accept"})
    answer = desk.get("/review/gold.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        names = file.namelist()
        (gold,) = [n for n in names if n.endswith(".gold.json")]
        page = json.loads(file.read(gold))
        assert f"gold/pages/{page['page']}" in names
    assert page["reports"][0]["events"]


def test_redacted_names_stay_veiled_and_forms_still_work(desk: TestClient, held: Record) -> None:
    report, item, name = next(
        (r["report"], r["id"], p.text)
        for r in held.queue()
        for p in held.item("events", r["id"]).actors
        for m in held.line(r["report"]).mentions
        if m.type == "PER" and m.form == "name" and p.start <= m.start < p.end and " " in m.text
    )
    with open_store(held.path) as store:
        person = next(
            m.text for m in held.line(report).mentions if m.type == "PER" and m.form == "name" and m.text in name and " " in m.text
        )
        redact(store, person, "ed")
    for path in (f"/review/item/events/{item}", f"/review/reports/{report}/add", "/review?limit=100"):
        page = desk.get(path).text
        assert person not in page
        assert "█" in page
    before = held.item("events", item)
    fields = form_fields(desk.get(f"/review/item/events/{item}").text)
    status = "denied" if before.status != "denied" else "happened"
    answer = desk.post(f"/review/items/{report}/events/{item}", data={**fields, "status": status, "verdict": "correct"})
    assert answer.status_code == 200, answer.text
    after = held.item("events", item)
    assert after.status == status
    assert (after.actors, after.trigger, after.place) == (before.actors, before.trigger, before.place)
    with zipfile.ZipFile(io.BytesIO(desk.get("/review/gold.zip").content)) as file:
        for n in file.namelist():
            assert person not in file.read(n).decode()

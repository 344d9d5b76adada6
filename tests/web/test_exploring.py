"""The overview, search, and the lists with their single things, over the sample's record."""

from __future__ import annotations

import csv
import io
import json
import re
import zlib
from collections import Counter
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from musnad.batch.adding import add_pages
from musnad.codes import plover
from musnad.resolve import entities
from musnad.resolve import events as resolved
from musnad.resolve.refresh import refresh
from musnad.store.matters import COLUMNS
from musnad.store.redaction import redact
from musnad.store.store import open_store
from musnad.store.views import ORDERS
from musnad.web.desk import Setting
from musnad.web.exploring.about import parts
from musnad.web.exploring.choices import SECTORS, reasons, unit_name
from musnad.web.exploring.events import disagreements
from musnad.web.exploring.marking import evidence, marked, snippet
from musnad.web.exploring.overview import bars
from musnad.web.giving import record_name
from musnad.web.wording import Words, catalogue

from .conftest import SAMPLE, client

LISTS = ("/search?q=العراق", "/events", "/actors", "/statements", "/commitments", "/claims", "/lineage")
PAGES = ("/", *LISTS, "/search", "/statements?by=speaker", "/actors/network", "/commitments?status=open", "/about")
_LINK = re.compile(r'(?:href|src|data-view="\w+" data-url|hx-get)="([^"#]+)')


def links(text: str, begin: str) -> list[str]:
    """Addresses in a page that begin like this."""
    return [unescape(x) for x in _LINK.findall(text) if unescape(x).startswith(begin)]


def first(desk: TestClient, page: str, begin: str) -> str:
    """The first address in a page that begins like this and isn't a file."""
    return next(x for x in links(desk.get(page).text, begin) if not x.endswith((".csv", ".json", "network")))


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_both_languages(desk: TestClient, page: str, lang: str) -> None:
    answer = desk.get(page, headers={"accept-language": lang})
    assert answer.status_code == 200
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert not re.search(r' style="|<script(?! src=| type="application/json")| on\w+="', answer.text)


def test_each_list_is_a_file_too(desk: TestClient) -> None:
    for page in LISTS:
        for kind in ("csv", "json"):
            address = first_file(desk.get(page).text, kind)
            answer = desk.get(address)
            assert answer.status_code == 200, address
            assert f".{kind}" in answer.headers["content-disposition"]
            if kind == "csv":
                assert answer.content.startswith(b"\xef\xbb\xbf")
                rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
            else:
                assert len(answer.json()["rows"]) == len(rows) > 0, address
                assert set(answer.json()["rows"][0]) == set(rows[0])


def first_file(text: str, kind: str) -> str:
    return next(unescape(x) for x in _LINK.findall(text) if re.match(rf"/\w+\.{kind}", x))


def test_files_follow_the_filter_and_go_on_behind_a_limit(desk: TestClient) -> None:
    some = desk.get("/events.json?type=ASSAULT").json()["rows"]
    assert some and all(row["type"] == "ASSAULT" for row in some)
    part = desk.get("/events.json?type=ASSAULT&limit=2")
    assert [row["id"] for row in part.json()["rows"]] == [row["id"] for row in some[:2]]
    rest = desk.get(f"/events.json?type=ASSAULT&after={part.headers['x-next-after']}").json()
    assert [row["id"] for row in rest["rows"]] == [row["id"] for row in some[2:]]
    assert rest["next"] is None


def test_a_cell_is_never_a_formula(record: Path, setting: Setting) -> None:
    with open_store(str(record)) as store, store.writing() as c:
        c.exec_driver_sql(
            "UPDATE actor SET name = '=1+1', name_en = '@now' WHERE id = (SELECT id FROM actor ORDER BY reports DESC LIMIT 1)"
        )
    with client(setting) as c2:
        c2.get("/?token=launch-token")
        row = next(csv.DictReader(io.StringIO(c2.get("/actors.csv").content.decode("utf-8-sig"))))
    assert (row["name"], row["name_en"]) == ("'=1+1", "'@now")


def test_the_overview_holds_deadlines_against_a_day(desk: TestClient) -> None:
    before = desk.get("/?on=2021-12-15").text
    after = desk.get("/?on=2022-02-01").text
    assert "باقٍ من الأيام: 16" in before
    assert "مضى من الأيام: 32" in after and "باقٍ من الأيام: 16" not in after
    assert desk.get("/?on=yesterday").status_code == 422
    assert "/review" in links(before, "/review")


def test_an_empty_record_says_how_to_begin(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "new.db"), create=True):
        pass
    with client(Setting(record=str(tmp_path / "new.db"), token="t", secret="0" * 64)) as c:
        c.get("/?token=t")
        assert "musnad add pages/ --record new.db" in c.get("/").text
        for page in PAGES[1:]:
            assert c.get(page).status_code == 200, page


def test_bars_have_no_gaps() -> None:
    found = bars([{"day": "2014-11", "count": 2}, {"day": "2015-02", "count": 4}])
    assert [(b["day"], b["count"], b["high"]) for b in found["bars"]] == [
        ("2014-11", 2, 50),
        ("2014-12", 0, 0),
        ("2015-01", 0, 0),
        ("2015-02", 4, 100),
    ]
    assert found["bars"][3]["from"] == "2015-02-01" and found["bars"][3]["to"] == "2015-02-28"
    assert [b["day"] for b in bars([{"day": "2014-12-31", "count": 1}, {"day": "2015-01-01", "count": 1}])["bars"]] == [
        "2014-12-31",
        "2015-01-01",
    ]
    assert bars([]) == {"bars": [], "most": 0}


def test_search_marks_what_it_meets_in_title_and_text(desk: TestClient) -> None:
    text = desk.get("/search?q=القوات الفرنسية").text
    assert "<mark>القوات</mark> <mark>الفرنسية</mark>" in text
    assert '<p class="naskh piece"' in text
    assert links(text, "/search?q=%D8%A7") and any("outlet=" in x for x in links(text, "/search"))
    narrow = desk.get(next(x for x in links(text, "/search?") if "outlet=" in x))
    assert narrow.text.count('class="naskh piece"') == 1
    kinds = [x for x in links(text, "/events?q=") if "type=" in x]
    assert kinds and desk.get(kinds[0]).text.count("<tr>") > 1


def test_search_says_what_is_wrong_with_a_question(desk: TestClient) -> None:
    assert desk.get("/search?q=-العراق").status_code == 400
    assert "لم يُعثر على شيء" in desk.get("/search?q=زقزوقة").text


def test_a_snippet_stands_around_its_first_hit(sample_record: Path) -> None:
    long = "كلمة أولى " * 60 + "ثم زار الوفدُ الفرنسيّ مدينة الحلة أمس" + " وكلمة أخرى" * 60
    line = json.dumps({"report": {"segments": [{"text": "عنوان", "kind": "title"}, {"text": "تمهيد قصير"}, {"text": long}]}}).encode()
    piece, marks = snippet(zlib.compress(line), "وفد الحلة")
    assert [piece[a:b] for a, b in marks] == ["الوفدُ", "الحلة"]
    assert piece.startswith("… ") and piece.endswith(" …") and len(piece) < 400
    assert snippet(zlib.compress(line), "غائب") == ("تمهيد قصير", [])


def test_words_of_the_record_are_harmless() -> None:
    assert marked("<b>\u202eنص", [(0, 3)]) == '<bdi dir="auto"><mark>&lt;b&gt;</mark>\ufffdنص</bdi>'
    assert evidence("قبل <i>الحدث</i> بعد", "<i>الحدث</i>").count("<mark>&lt;i&gt;") == 1
    assert evidence("جملة", None) == '<bdi dir="auto">جملة</bdi>'
    far = evidence("أ " * 400 + "هنا" + " ب" * 400, "هنا")
    assert "<mark>هنا</mark>" in far and far.count("…") == 2 and len(far) < 800


def test_one_filter_drives_table_timeline_and_map(desk: TestClient) -> None:
    text = desk.get("/events?type=CONSULT&place=بغداد").text
    rows = desk.get("/events.json?type=CONSULT&place=بغداد").json()["rows"]
    assert rows and f'<p id="count" class="soft" role="status">النتائج: {len(rows)}</p>' in text
    for attribute in ("data-follow", 'data-url="/events/timeline.json"', 'data-url="/events/map.json"', 'data-form="filters"'):
        assert attribute in text
    days = desk.get("/events/timeline.json?type=CONSULT&place=بغداد").json()
    assert sum(x["count"] for x in days) == len(rows) and {x["type"] for x in days} == {"CONSULT"}
    shapes = desk.get("/events/map.json?type=CONSULT&place=بغداد").json()
    assert shapes["type"] == "FeatureCollection" and len(shapes["features"]) == len(rows)
    lon, lat = shapes["features"][0]["geometry"]["coordinates"]
    assert (round(lon), round(lat)) == (44, 33)
    assert "تشاور" in shapes["features"][0]["properties"]["title"]


def test_happenings_come_in_the_order_asked_for(desk: TestClient) -> None:
    sources = [row["independent"] for row in desk.get("/events.json?sort=sources").json()["rows"]]
    assert sources == sorted(sources, reverse=True) and sources[0] > 1
    days = [row["day"] for row in desk.get("/events.json?sort=oldest").json()["rows"] if row["day"]]
    assert days == sorted(days)
    doubt = [row["confidence"] for row in desk.get("/events.json?sort=doubt").json()["rows"]]
    assert doubt == sorted(doubt)
    assert all(row["contested"] for row in desk.get("/events.json?status=contested").json()["rows"])


def test_a_happening_shows_who_tells_it_and_where(desk: TestClient) -> None:
    row = desk.get("/events.json?sort=tellings&limit=1").json()["rows"][0]
    assert row["tellings"] > 1
    text = desk.get(f"/events/{row['id']}").text
    told = set(re.findall(r"/reports/(r\w+)\?show=(v\w+)", text))
    assert row["id"] in {event for _, event in told} and len({event for _, event in told}) >= row["tellings"]
    assert f'<code dir="ltr">{row["type"]}' in text and "<mark>" in text
    tellings = {x["id"] for x in desk.get(f"/api/v1/events/{row['id']}").json()["tellings"]}
    other = next(event for _, event in told if event in tellings - {row["id"]})
    assert f'<code dir="ltr">{row["id"]}</code>' in desk.get(f"/events/{other}").text, "the id of a telling leads to its happening"
    assert desk.get("/events/v0").status_code == 404


def test_what_tellings_disagree_about_stands_side_by_side() -> None:
    def telling(report: str, **more: Any) -> dict[str, Any]:
        return {"report": report, "from": None, "to": None, "place": None, "status": "happened", "figures": []} | more

    told = [
        telling("r1", **{"from": "2021-12-02", "to": "2021-12-02"}, figures=[{"unit": "person killed", "low": 3, "high": 3}]),
        telling(
            "r2",
            **{"from": "2021-12-03"},
            status="denied",
            figures=[{"unit": "person killed", "low": 9, "high": 9}, {"unit": "fighter", "low": 1, "high": 1}],
        ),
        telling("r3", to="2021-12-03"),
    ]
    found = disagreements(told, ["days", "status", "figures", "place"])
    assert [(value, len(who)) for value, who in found["days"]] == [(("2021-12-03", "2021-12-03"), 2), (("2021-12-02", "2021-12-02"), 1)]
    assert [value for value, _ in found["figures"]] == [("person killed", 3, 3), ("person killed", 9, 9)]
    assert {value: len(who) for value, who in found["status"]} == {"happened": 2, "denied": 1}
    assert "place" not in found


def test_an_actor_has_names_words_deeds_and_a_network(desk: TestClient) -> None:
    actor = next(row for row in desk.get("/actors.json?type=PER").json()["rows"] if row["known"])
    text = desk.get(f"/actors/{actor['id']}").text
    for part in (actor["name"], actor["name_en"], f"/review/actors?a={actor['id']}", f"/reports?actor={actor['id']}", actor["known"]):
        assert part in unescape(text), part
    place = next(row for row in desk.get("/actors.json?type=LOC&q=بغداد").json()["rows"] if row["name"] == "بغداد")
    assert 'data-view="map"' in desk.get(f"/actors/{place['id']}").text
    net = desk.get(f"/actors/{place['id']}/network.json").json()
    assert [n["id"] for n in net["nodes"] if n.get("focus")] == [place["id"]]
    ids = {n["id"] for n in net["nodes"]}
    assert all({x["source"], x["target"]} <= ids and x["cooperation"] + x["conflict"] > 0 for x in net["links"])
    assert desk.get("/actors/e0").status_code == 404


def test_actors_are_narrowed_and_suggested(desk: TestClient) -> None:
    assert {row["type"] for row in desk.get("/actors.json?type=org").json()["rows"]} == {"ORG"}
    assert all("GOV" in row["sectors"] for row in desk.get("/actors.json?sector=GOV").json()["rows"])
    assert {row["country"] for row in desk.get("/actors.json?place=fra").json()["rows"]} == {"FRA"}
    assert "<option value=" in desk.get("/suggest?actor=عراق").text
    assert "<option" not in desk.get("/suggest?actor=ع").text
    assert 'value="بغداد"' in desk.get("/suggest?place=بغد").text


def test_statements_by_speaker_lead_to_what_was_said(desk: TestClient) -> None:
    text = desk.get("/statements?by=speaker").text
    link = next(x for x in links(text, "/statements?") if "actor=" in x and "type=" not in x and ".csv" not in x)
    said = desk.get(link).text
    assert said.count("<blockquote") >= 1 and "by=speaker" not in link
    assert set(re.findall(r'href="/actors/(e\w+)"', said.split('id="results"')[1])) == {link.rpartition("actor=")[2]}
    assert {row["act"] for row in desk.get("/statements.json?type=deny").json()["rows"]} == {"deny"}


def test_the_board_moves_with_the_day(desk: TestClient) -> None:
    def column(on: str, name: str) -> set[str]:
        return {row["id"] for row in desk.get(f"/commitments.json?on={on}&status={name}").json()["rows"]}

    early, late = "2021-12-15", "2022-01-15"
    assert column(early, "open") - column(late, "open") and column(late, "overdue") > column(early, "overdue")
    assert not column(late, "open") & column(late, "overdue")
    every = {row["id"] for row in desk.get("/commitments.json").json()["rows"]}
    assert every == set().union(*(column(late, name) for name in ("open", "overdue", "fulfilled", "denied")))
    page = desk.get(f"/commitments?on={late}").text
    assert all(f'id="column-{name}"' in page for name in ("open", "overdue", "fulfilled", "denied"))
    one = min(column(late, "overdue") - column(early, "overdue"))
    assert "فات موعده" in desk.get(f"/commitments/{one}?on={late}").text
    assert "فات موعده" not in desk.get(f"/commitments/{one}?on={early}").text
    assert desk.get("/commitments/c0").status_code == 404


def test_a_line_of_the_ledger_shows_each_claim(desk: TestClient) -> None:
    address = first(desk, "/claims?status=contested", "/claims/")
    text = desk.get(address).text
    plotted = json.loads(re.search(r'<script type="application/json" id="figures">(.*?)</script>', text).group(1))  # type: ignore[union-attr]
    assert len(plotted) >= 2 and all(p["href"].startswith("/reports/r") for p in plotted)
    assert "متعارضة" in text and desk.get("/claims/none:soldier").status_code == 404


def test_families_of_copies_say_who_was_first(desk: TestClient) -> None:
    text = desk.get("/lineage").text
    assert len(set(links(text, "/reports/"))) == 2 and "نسخة" in text
    assert links(desk.get("/lineage?type=update").text, "/reports/") == []


def test_names_that_are_taken_out_stay_out(record: Path, desk: TestClient) -> None:
    name = next(row["name"] for row in desk.get("/actors.json?type=PER").json()["rows"] if " " in row["name"])
    seen = [p for p in PAGES if name in desk.get(p).text]
    assert seen
    with open_store(str(record)) as store:
        redact(store, name, "lina")
    for page in (*PAGES, f"/search?q={name}", "/actors.csv", "/statements.csv", "/events.json", "/commitments.json"):
        shown = re.sub(r'value="[^"]*"|<title>.*?</title>', "", desk.get(page).text)  # what one typed oneself may stand in its field
        assert name not in shown, page


def test_hostile_words_stay_words(record: Path, setting: Setting) -> None:
    """Whatever a page calls itself, its outlet or its people, nothing of it becomes markup, and nothing turns the line around it."""
    bad = '\u202e</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    with open_store(str(record)) as store, store.writing() as c:
        for table, column in (
            ("report", "title"),
            ("report", "outlet"),
            ("actor", "name"),
            ("took_part", "name"),
            ("happening", "place"),
            ("matter", "action"),
        ):
            c.exec_driver_sql(f"UPDATE {table} SET {column} = ? || {column}", (bad,))
        for table, column in (
            ("event", "sentence"),
            ("statement", "speaker"),
            ("statement", "content"),
            ("figure", "text"),
            ("commitment", "text"),
            ("entity", "name"),
        ):
            c.exec_driver_sql(f"UPDATE {table} SET {column} = ? || {column}", (bad,))
    with client(setting) as c2:
        c2.get("/?token=launch-token")
        single = [first(c2, page, f"{page}/") for page in ("/events", "/actors", "/commitments", "/claims")]
        for page in (*PAGES, *single, f"/search?q={bad} العراق", f"/events?actor={bad}&place={bad}&outlet={bad}"):
            text = c2.get(page).text
            assert (
                "<script>alert" not in text
                and "<img src=x" not in text
                and "\u202e" not in re.sub(r'(?:value|href|data-\w+)="[^"]*"', "", text)
            ), page


def test_what_the_desk_is_made_of_has_its_licence_here(desk: TestClient) -> None:
    assert {"htmx.org", "maplibre-gl", "@observablehq/plot"} <= {p["name"] for p in parts()}
    for part in parts():
        assert desk.get(part["text"]).status_code == 200


def test_a_record_is_named_without_its_password() -> None:
    where = "postgresql://lina:pass@db.example.org/desk?password=secret/x"
    assert record_name(SimpleNamespace(store=SimpleNamespace(where=where))) == "desk"  # type: ignore[arg-type]


def test_codes_have_words_in_both_languages() -> None:
    keys = [f"why.{name}" for evidence_ in (resolved.EVIDENCE, entities.EVIDENCE) for name, _, _ in evidence_]
    keys += [f"mode.{mode}" for kind in plover().values() for mode in kind.modes] + [f"sector.{s}" for s in SECTORS]
    for lang in ("ar", "en"):
        assert not [key for key in keys if key not in catalogue(lang)]
    assert (unit_name("soldier", "en"), unit_name("country", "en"), unit_name("USD", "en"), unit_name("soldier", "ar")) == (
        "soldiers",
        "countries",
        "US dollars",
        "جندي",
    )
    context: Any = {"t": Words("en")}
    assert reasons(context, "same days, one report") == ["same days", "one report"]
    assert reasons(context, "earlier:r12") == ["came out earlier"]


def test_the_same_pages_over_postgresql(request: pytest.FixtureRequest, desk: TestClient) -> None:
    """Questions mean the same on both stores: lists have the same rows in the same order."""
    base = request.getfixturevalue("postgres_server")
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(f"{base}/postgres", autocommit=True) as c:
        c.execute("CREATE DATABASE exploring")
    with open_store(f"{base}/exploring", create=True) as store:
        for _ in add_pages(store, [str(SAMPLE / "pages")], metadata=SAMPLE / "metadata.csv", model=False, jobs=1):
            pass
        refresh(store)
    with client(Setting(record=f"{base}/exploring", token="t", secret="0" * 64)) as other:
        other.get("/?token=t")
        asked = [f"/events.json?sort={order}" for order in ORDERS] + [
            f"/commitments.json?on=2022-01-01&status={column}" for column in COLUMNS
        ]
        asked += [
            "/actors.json?sector=GOV",
            "/statements.json?actor=هولاند",
            "/claims.json",
            "/lineage.json",
            "/events.json?status=contested",
            "/events/map.json",
        ]
        for address in asked:
            assert other.get(address).json() == desk.get(address).json(), address
        for page in (*PAGES, *{first(desk, page, f"{page}/") for page in ("/events", "/actors", "/commitments", "/claims")}):
            mine, theirs = (re.sub(r"record.db|exploring", "", c.get(page).text) for c in (desk, other))
            assert theirs.count("<li") == mine.count("<li") and theirs.count("<tr") == mine.count("<tr"), page


def test_every_link_leads_somewhere(desk: TestClient) -> None:
    """From page to page through the whole desk of the sample: nothing is missing, nothing breaks. Of addresses that differ only in what they name or ask
    for, two are followed."""
    todo, seen, followed, wrong = ["/", *PAGES], set(), Counter[str](), []
    while todo:
        address = todo.pop()
        path, _, query = address.partition("?")
        kind = re.sub(r"[a-z][0-9a-f]{16}[^/?]*", "*", path) + "?" + "&".join(sorted(x.partition("=")[0] for x in query.split("&")))
        if address in seen or not address.startswith("/") or followed[kind] == 2:
            continue
        seen.add(address)
        followed[kind] += 1
        answer = desk.get(address)
        if answer.status_code >= 400:
            wrong.append((answer.status_code, address))
        elif answer.headers["content-type"].startswith("text/html"):
            todo += [unescape(x) for x in _LINK.findall(answer.text)]
    assert not wrong
    assert len(seen) > 80

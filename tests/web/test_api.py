"""The API: everything the pages show, held to what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from musnad.record.kinds import Line
from musnad.store import queries
from musnad.store.accounts import give_ticket
from musnad.store.batches import make_batch
from musnad.store.filters import Filter
from musnad.store.judgements import judge
from musnad.store.store import open_store
from musnad.web.api import shapes, shapes_desk
from musnad.web.desk import Setting

V1 = "/api/v1"
LISTS: dict[str, Any] = {
    "reports": shapes.Page[shapes.Found],
    "search?q=بغداد": shapes.Page[shapes.Found],
    "events": shapes.Page[shapes.EventRow],
    "actors": shapes.Page[shapes.ActorRow],
    "statements": shapes.Page[shapes.StatementRow],
    "commitments": shapes.Page[shapes.MatterRow],
    "commitments?on=2025-01-01&status=overdue": shapes.Page[shapes.MatterRow],
    "claims": shapes.Page[shapes.LedgerRow],
    "lineage": shapes.Page[shapes.Copy],
    "queue": shapes.Page[shapes_desk.Queued],
    "queue?layer=entities": shapes.Page[shapes_desk.Queued],
    "queue?layer=figures": shapes.Page[shapes_desk.Queued],
    "judgements": shapes.Page[shapes_desk.JudgementRow],
}
WHOLE: dict[str, Any] = {
    "overview": shapes_desk.Overview,
    "facets": list[shapes_desk.Counted],
    "facets?of=year": list[shapes_desk.Counted],
    "timeline": list[shapes_desk.DayCount],
    "map": list[shapes_desk.Point],
    "network": shapes_desk.Network,
    "failures": list[shapes_desk.FailureRow],
    "watched": list[shapes_desk.Watched],
    "agreement": list[shapes_desk.Agreed],
    "batches": list[shapes_desk.Batch],
    "speakers": list[shapes_desk.Speaker],
    "speakers?type=say&limit=3": list[shapes_desk.Speaker],
    "me": shapes_desk.Me,
    "health": shapes_desk.Health,
}


def get(desk: TestClient, path: str, **headers: str) -> Any:
    answer = desk.get(f"{V1}/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(desk: TestClient, **said: Any) -> Any:
    answer = desk.post(f"{V1}/judgements", json=said)
    assert answer.status_code == 201, answer.text
    assert desk.get(answer.headers["location"]).status_code == 200
    return answer.json()


class TestAnswers:
    @pytest.mark.parametrize("path", [*LISTS, *WHOLE])
    def test_they_look_as_they_are_described(self, desk: TestClient, path: str) -> None:
        with open_store(desk.app.state.setting.record) as store:  # type: ignore[attr-defined]
            store.fail("broken.pdf", "the PDF is broken")
            event = queries.events(store, Filter(limit=1))[0]
            judge(store, "lina", "events", event["id"], "comment", why="ننظر فيه", after={"k": [1, None]})
            telling = queries.tellings(store, event["id"])[0]
            make_batch(store, "lina", "الأولى", [("events", telling["id"], telling["report"])], ["lina", "omar"])
        answer = desk.get(f"{V1}/{path}")
        assert answer.status_code == 200, answer.text
        TypeAdapter({**LISTS, **WHOLE}[path]).validate_json(answer.content)
        if path in LISTS and "overdue" not in path and "entities" not in path:
            assert answer.json()["items"]

    @pytest.mark.parametrize(
        ("kind", "shape"),
        [
            ("reports", shapes.ReportWhole),
            ("events", shapes.EventWhole),
            ("actors", shapes.ActorWhole),
            ("commitments", shapes.MatterWhole),
            ("claims", shapes.LedgerWhole),
            ("reports/{}/family", list[shapes.InFamily]),
        ],
        ids=str,
    )
    def test_one_by_one(self, desk: TestClient, kind: str, shape: Any) -> None:
        path = kind if "{}" in kind else f"{kind}/{{}}"
        for item in get(desk, f"{kind.split('/')[0]}?limit=500")["items"]:
            answer = desk.get(f"{V1}/{path.format(item['id'])}")
            assert answer.status_code == 200, answer.text
            TypeAdapter(shape).validate_json(answer.content)

    def test_a_report_is_the_records_own_line_and_its_evidence_is_in_its_source(self, desk: TestClient) -> None:
        import msgspec

        id = get(desk, "reports?q=بغداد")["items"][0]["id"]
        whole = get(desk, f"reports/{id}")
        line = msgspec.convert(whole["line"], Line)
        assert line.mentions and line.report.id == id
        for m in line.mentions:
            assert whole["source"][m.start : m.end] == m.text

    def test_what_isnt_there(self, desk: TestClient) -> None:
        for path in (
            "reports/r0",
            "reports/r0/family",
            "events/v0",
            "actors/e0",
            "commitments/c0",
            "claims/e0:person",
            "judgements/99999",
            "nothing",
        ):
            answer = desk.get(f"{V1}/{path}", headers={"Accept-Language": "en"})
            assert answer.status_code == 404
            assert set(answer.json()) == {"error", "what_to_do"}

    @pytest.mark.parametrize(
        ("query", "status", "word"),
        [
            ("reports?limit=501", 422, "limit"),
            ("reports?from=22.9.2014", 422, "2014-09-22"),
            ("reports?from=2014-02-30", 422, "2014-09-22"),
            ("events?type=WAR", 422, "type"),
            ("events?actor=%00", 422, "actor"),
            ("search", 422, "q"),
            ("search?q=-", 400, "search"),
            ("reports?after=50", 400, "cursor"),
            ("reports?after=~WyJ4Il0", 400, "cursor"),
            ("queue?after=x", 400, "cursor"),
            ("judgements/0", 422, "id"),
            ("judgements/99999999999999999999", 422, "id"),
        ],
    )
    def test_what_is_asked_wrongly_is_told_plainly(self, desk: TestClient, query: str, status: int, word: str) -> None:
        answer = desk.get(f"{V1}/{query}", headers={"Accept-Language": "en"})
        assert answer.status_code == status, answer.text
        assert word in answer.json()["error"]


class TestFilters:
    @pytest.mark.parametrize(
        ("path", "ask", "wanted"),
        [
            (
                "events?type=CONSULT&from=2016-01-01&to=2021-12-31",
                queries.events,
                Filter(type="CONSULT", since="2016-01-01", until="2021-12-31", limit=0),
            ),
            ("events?actor=فرنسا&sources=1", queries.events, Filter(actor="فرنسا", sources=1, limit=0)),
            (
                "events?q=بغداد&status=happened&place=بغداد",
                queries.events,
                Filter(query="بغداد", status="happened", place="بغداد", limit=0),
            ),
            ("statements?type=deny", queries.statements, Filter(type="deny", limit=0)),
            ("actors?type=PER&place=IRQ", queries.actors, Filter(type="PER", place="IRQ", limit=0)),
            ("reports?outlet=صدى المغرب", queries.reports, Filter(outlet="صدى المغرب", limit=0)),
        ],
    )
    def test_they_are_the_command_lines(self, desk: TestClient, record: Path, path: str, ask: Callable[..., Any], wanted: Filter) -> None:
        with open_store(record) as store:
            expected = {row["id"] for row in ask(store, wanted)}
        assert expected
        assert {x["id"] for x in get(desk, f"{path}&limit=500")["items"]} == expected

    def test_a_commitment_is_overdue_on_a_day(self, desk: TestClient) -> None:
        late = get(desk, "commitments?on=2030-01-01&status=overdue")["items"]
        assert late
        assert get(desk, f"commitments/{late[0]['id']}?on=2030-01-01")["commitment"]["state"] == "overdue"
        assert get(desk, f"commitments/{late[0]['id']}")["commitment"]["state"] != "overdue"


class TestPages:
    @pytest.mark.parametrize("path", [p for p in LISTS if p not in ("lineage", "judgements", "claims")])
    def test_the_pages_are_the_whole(self, desk: TestClient, path: str) -> None:
        key = lambda x: x["id"] or (x["a"], x["b"])  # noqa: E731
        whole = [key(x) for x in get(desk, f"{path}{'&' if '?' in path else '?'}limit=500")["items"]]
        size = max(1, len(whole) // 4)
        answer = desk.get(f"{V1}/{path}{'&' if '?' in path else '?'}limit={size}")
        paged = [key(x) for x in answer.json()["items"]]
        while link := answer.links.get("next"):
            answer = desk.get(link["url"])
            assert len(answer.json()["items"]) <= size
            paged += [key(x) for x in answer.json()["items"]]
        assert answer.json()["next"] is None
        assert paged == whole


class TestUnchanged:
    def test_it_isnt_sent_again(self, desk: TestClient, record: Path) -> None:
        for path in ("reports", "overview", "events?limit=1", "queue", "gold"):
            answer = desk.get(f"{V1}/{path}")
            tag = answer.headers["etag"]
            again = desk.get(f"{V1}/{path}", headers={"If-None-Match": f'"x", {tag}'})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            with open_store(record) as store:
                judge(store, "lina", "events", "v1", "comment", why="ملاحظة")
            assert desk.get(f"{V1}/{path}", headers={"If-None-Match": tag}).status_code == 200

    def test_an_answer_that_lags_has_no_tag(self, desk: TestClient, record: Path) -> None:
        first = desk.get(f"{V1}/timeline")
        kept = desk.app.state.store._kept  # type: ignore[attr-defined]
        for key, (mark, _, value) in list(kept.items()):
            kept[key] = mark, float("inf"), value  # as if it had taken long to make
        with open_store(record) as store:
            judge(store, "lina", "events", "v1", "comment", why="ملاحظة")
        second = desk.get(f"{V1}/timeline")
        assert "etag" in first.headers and "etag" not in second.headers
        assert second.status_code == 200 and second.json() == first.json()

    def test_a_tag_is_one_readers(self, team: TestClient, sign_in: Callable[[str], None]) -> None:
        sign_in("coder")
        tag = team.get(f"{V1}/queue").headers["etag"]
        assert team.get(f"{V1}/queue", headers={"If-None-Match": tag}).status_code == 304
        sign_in("editor")
        assert team.get(f"{V1}/queue", headers={"If-None-Match": tag}).status_code == 200

    def test_nothing_is_shown_for_a_tag_without_a_key(self, desk: TestClient, stranger: TestClient) -> None:
        tag = desk.get(f"{V1}/reports").headers["etag"]
        assert stranger.get(f"{V1}/reports", headers={"If-None-Match": tag}).status_code == 401

    def test_answers_are_packed(self, desk: TestClient) -> None:
        assert desk.get(f"{V1}/events").headers["content-encoding"] == "gzip"


class TestWhoAsks:
    def test_a_token(self, team: TestClient, team_setting: Setting) -> None:
        from datetime import timedelta

        with open_store(team_setting.record) as store:
            token = give_ticket(store, "coder", "token", "script", timedelta(days=1))
        assert team.get(f"{V1}/reports").status_code == 401
        team.headers["Authorization"] = f"Bearer {token}"
        assert get(team, "me") == {"name": "coder", "role": "coder"}
        event = get(team, "events")["items"][0]
        assert post(team, verdict="comment", layer="events", item=event["id"], why="من برنامج")["id"]
        team.headers["Authorization"] = "Bearer wrong"
        assert team.get(f"{V1}/reports").status_code == 401
        assert team.get(f"{V1}/health").status_code == 200

    def test_a_session_needs_its_csrf_token(self, desk: TestClient) -> None:
        del desk.headers["X-CSRF-Token"]
        assert desk.post(f"{V1}/judgements", json={}).status_code == 403

    def test_roles(self, team: TestClient, sign_in: Callable[[str], None]) -> None:
        sign_in("reader")
        a, b = (e["id"] for e in get(team, "events?type=CONSULT")["items"][:2])
        said = {"verdict": "comment", "layer": "events", "item": a, "why": "نعم"}
        assert team.post(f"{V1}/judgements", json=said).status_code == 403
        sign_in("coder")
        made = post(team, **said)["id"]
        pair = {"verdict": "same", "layer": "events", "item": a, "other": b}
        assert team.post(f"{V1}/judgements", json=pair).status_code == 403
        sign_in("editor")
        same = post(team, **pair)["id"]
        sign_in("coder")
        assert team.post(f"{V1}/judgements/{same}/undo").status_code == 403
        assert team.post(f"{V1}/judgements/{made}/undo").status_code == 201
        sign_in("editor")
        assert team.post(f"{V1}/judgements/{same}/undo").status_code == 201


class TestJudgements:
    def test_accept_reject_correct_and_undo(self, desk: TestClient) -> None:
        event = next(e for e in get(desk, "events?status=happened")["items"] if e["tellings"] == 1)
        (telling,) = get(desk, f"events/{event['id']}")["tellings"]
        about = {"report": telling["report"], "layer": "events", "item": telling["id"]}
        done = post(desk, verdict="correct", after={"status": "planned"}, why="لم يحدث بعد", **about)
        assert get(desk, f"events/{event['id']}")["event"]["status"] == "planned"
        logged = get(desk, f"judgements?item={telling['id']}")["items"]
        assert [(j["verdict"], j["by"], j["before"], j["after"], j["undone"]) for j in logged] == [
            ("correct", "lina", {"status": "happened"}, {"status": "planned"}, False)
        ]
        assert desk.post(f"{V1}/judgements/{done['id']}/undo?why=سهو").status_code == 201
        assert get(desk, f"judgements/{done['id']}")["undone"]
        assert desk.post(f"{V1}/judgements/{done['id']}/undo").status_code == 400
        assert get(desk, f"events/{event['id']}")["event"]["status"] == "happened"
        post(desk, verdict="reject", **about)
        assert desk.get(f"{V1}/events/{event['id']}").status_code == 404
        assert telling["id"] not in {x["id"] for x in get(desk, "queue?limit=500")["items"]}

    def test_add_what_was_missed(self, desk: TestClient) -> None:
        report = get(desk, "reports")["items"][0]["id"]
        source = get(desk, f"reports/{report}")["source"]
        start = source.index("بغداد")
        value = {
            "type": "CONSULT",
            "trigger": {"start": start, "end": start + 5, "text": "بغداد"},
            "from": "2024-11-03",
            "to": "2024-11-03",
        }
        made = post(desk, verdict="add", report=report, layer="events", value=value)
        assert get(desk, f"events/{made['item']}")["tellings"][0]["found_by"] == "people"
        gold = desk.get(f"{V1}/gold").text.splitlines()
        assert len(gold) == 1 and "CONSULT" in gold[0]

    def test_same_and_different(self, desk: TestClient) -> None:
        a, b = (x["id"] for x in get(desk, "actors?type=PER")["items"][:2])
        made = post(desk, verdict="same", layer="entities", item=a, other=b)
        assert len({x["id"] for x in get(desk, "actors?type=PER&limit=500")["items"]} & {a, b}) == 1
        assert desk.post(f"{V1}/judgements/{made['id']}/undo").status_code == 201
        assert len({x["id"] for x in get(desk, "actors?type=PER&limit=500")["items"]} & {a, b}) == 2

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"verdict": "burn"},
            {"verdict": "correct", "after": {}},
            {"verdict": "correct", "after": {"id": "v1"}},
            {"verdict": "correct", "after": {"confidence": 0.1}},
            {"verdict": "correct", "after": {"from": "2014-99-99"}},
            {"verdict": "correct", "after": {"type": "WAR"}},
            {"verdict": "correct", "after": {"nonsense": 1}},
            {"verdict": "correct", "after": {"mode": "\ud800"}},
            {"verdict": "correct", "after": {"mode": "a\0"}},
            {"verdict": "correct", "after": {"trigger": {"start": 0, "end": 3, "text": "لا"}}},
            {"verdict": "add", "value": {"trigger": "x"}},
            {"verdict": "add", "value": {"type": "CONSULT", "trigger": {"start": 10**30, "end": 10**31, "text": "x"}}},
            {"verdict": "add", "value": {"a": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]}},
            {"verdict": "same", "other": "v0"},
            {"verdict": "same", "layer": "mentions", "other": "v0"},
            {"verdict": "comment", "why": "  "},
            {"verdict": "accept", "item": "v0"},
            {"verdict": "accept", "layer": "reports"},
        ],
        ids=str,
    )
    def test_what_cant_be_done_is_told_and_changes_nothing(self, desk: TestClient, said: dict[str, Any]) -> None:
        import json

        event = get(desk, "events")["items"][0]
        (telling, *_) = get(desk, f"events/{event['id']}")["tellings"]
        about = {"report": telling["report"], "layer": "events", "item": telling["id"]} if said else {}
        if said.get("verdict") in ("add", "same"):
            about.pop("item" if said["verdict"] == "add" else "report")
        before = get(desk, "judgements")
        answer = desk.post(f"{V1}/judgements", content=json.dumps({**about, **said}), headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), answer.text
        assert answer.json()["error"]
        assert get(desk, "judgements") == before

    def test_numbers_without_end(self, desk: TestClient) -> None:
        body = '{"verdict": "correct", "report": "r1", "layer": "figures", "item": "f1", "after": {"low": Infinity}}'
        assert desk.post(f"{V1}/judgements", content=body, headers={"Content-Type": "application/json"}).status_code == 422
        assert desk.post(f"{V1}/judgements", content="{", headers={"Content-Type": "application/json"}).status_code == 422
        assert desk.post(f"{V1}/judgements", content=b"\xff", headers={"Content-Type": "application/json"}).status_code in (400, 422)


class TestCare:
    def test_veiled_names_stay_veiled(self, desk: TestClient, record: Path) -> None:
        from musnad.store.redaction import redact

        person = next(a for a in get(desk, "actors?type=PER&limit=500")["items"] if len(a["name"].split()) > 1)
        report = get(desk, f"reports?actor={person['id']}")["items"][0]["id"]
        assert person["name"] in desk.get(f"{V1}/reports/{report}").text
        with open_store(record) as store:
            redact(store, person["id"], "editor")
        whole = get(desk, f"reports/{report}")
        assert person["name"] not in str(whole)
        for m in whole["line"]["mentions"]:
            assert whole["source"][m["start"] : m["end"]] == m["text"]
        for path in (
            "actors?limit=500",
            "statements?limit=500",
            "events?limit=500",
            f"actors/{person['id']}",
            "network",
            "gold?everything=true",
        ):
            assert person["name"] not in desk.get(f"{V1}/{path}").text


class TestDescription:
    def test_the_document(self, desk: TestClient) -> None:
        made = get(desk, "openapi.json")
        assert made["components"]["schemas"]["ReportWhole"]["properties"]["line"]["$ref"] == "#/components/schemas/Line"
        operations = [(path, o) for path, ops in made["paths"].items() for o in ops.values()]
        assert all(path.startswith(V1) for path, _ in operations) and len(operations) >= 30
        for path, o in operations:
            assert o["description"] and o["tags"], path
            assert all(p.get("description") for p in o.get("parameters", [])), path
            assert "HTTPValidationError" not in str(o)
        refs = {part.split('"')[0].split("'")[0] for part in str(made).split("#/components/schemas/")[1:]}
        assert refs <= set(made["components"]["schemas"])

    def test_the_page_needs_nothing_from_elsewhere(self, desk: TestClient) -> None:
        page = desk.get(f"{V1}/docs")
        assert page.status_code == 200
        assert "/api/v1/judgements/{id}/undo" in page.text
        assert "<script>" not in page.text and "style=" not in page.text and "http://" not in page.text and "https://" not in page.text


def test_the_documented_program_runs(team_setting: Setting) -> None:
    """The guide's program against a desk that really listens."""
    import os
    import re
    import subprocess
    import sys
    from dataclasses import replace
    from datetime import timedelta

    from tests.web.serving import free_port, serving

    with open_store(team_setting.record) as store:
        token = give_ticket(store, "reader", "token", "guide", timedelta(days=1))
    guide = (Path(__file__).parents[2] / "docs" / "how-to" / "api.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```py\n(.*?)```", guide, re.S)
    with serving(replace(team_setting, port=free_port())) as (base, _):
        environment = {**os.environ, "DESK": base, "TOKEN": token, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
    assert done.returncode == 0, done.stderr
    assert "فرنسا" in done.stdout and len(done.stdout.splitlines()) > 2

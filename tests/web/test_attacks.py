"""What somebody who means harm tries at the desk: every route without leave, hostile texts, odd and huge parameters, the door's weak places."""

from __future__ import annotations

import csv
import io
import re
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

import musnad
from musnad.ingest.page import Page
from musnad.record.errors import StoreError
from musnad.resolve import acts
from musnad.resolve.refresh import refresh
from musnad.store import accounts, batches, corrections, queries, schema
from musnad.store.queries import Filter
from musnad.store.store import open_store
from musnad.web import accounts as door
from musnad.web.app import create_app
from musnad.web.desk import Setting
from musnad.web.guard import Limit, session_cookie

from .conftest import client

UNSAFE = {
    "/logout": "reader", "/choose": "reader", "/me/password": "reader", "/me/tokens": "reader", "/me/tokens/{id}/end": "reader",
    "/review/items/{report}/{layer}/{item}": "coder", "/review/undo/{id}": "coder", "/review/reports/{report}/{layer}": "coder",
    "/review/batches/{id}/code/{item}": "coder", "/api/v1/judgements": "coder", "/api/v1/judgements/{id}/undo": "coder",
    "/review/pairs": "editor", "/review/batches": "editor", "/review/batches/{id}/settle": "editor",
    "/team": "admin", "/team/{name}": "admin",
}  # fmt: skip
"""Every address that changes something, and who may at least ask for it; `/login` is open to all."""
OPEN = ("/login", "/api/v1/health")
FILLED = {"report": "r1", "layer": "events", "item": "v1", "id": "1", "name": "reader"}
FORM = {"name": "x", "password": "long enough", "old": "x", "new": "y", "verdict": "accept", "why": "w"}
SAID = {"verdict": "accept", "report": "r1", "layer": "events", "item": "v1"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def routes(app: Any) -> list[tuple[str, set[str]]]:
    return [(r.path or "", set(r.methods or ())) for r in iter_route_contexts(app.routes) if r.path and r.path != "/static"]


def post(c: TestClient, path: str, **more: Any) -> int:
    body: dict[str, Any] = {"json": SAID} if path.startswith("/api/") and path.endswith("judgements") else {"data": FORM}
    return c.post(path.format(**FILLED), **body, **more).status_code


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries to sign in as if nobody had tried before."""
    monkeypatch.setattr(door, "_BY_NAME", Limit(rate=1 / 20, burst=5))
    monkeypatch.setattr(door, "_BY_ADDRESS", Limit(rate=1 / 5, burst=30))


class TestEveryRoute:
    def test_each_that_changes_something_is_known_here(self, team: TestClient) -> None:
        unsafe = {path for path, methods in routes(team.app) if methods - {"GET", "HEAD", "OPTIONS"}}
        assert unsafe == {*UNSAFE, "/login"}

    def test_nothing_is_shown_to_strangers(self, team: TestClient, stranger: TestClient) -> None:
        for c in (team, stranger):
            asked = 0
            for path, methods in routes(c.app):
                if "GET" in methods and path not in OPEN:
                    address = re.sub(r"\{(\w+)(:\w+)?\}", lambda m: FILLED.get(m[1], "events"), path)
                    answer = c.get(address)
                    assert answer.status_code in (401, 403, 303), path
                    assert not answer.headers.get("location", "/login").startswith("http"), path
                    asked += 1
            assert asked > 60

    @pytest.mark.parametrize("path", UNSAFE)
    def test_strangers_change_nothing(self, team: TestClient, stranger: TestClient, path: str) -> None:
        assert post(team, path) == post(stranger, path) == 401
        assert post(team, path, headers={"Authorization": "Bearer wrong"}) == 401
        assert post(stranger, path, headers={"Authorization": "Bearer wrong"}) == 401

    @pytest.mark.parametrize("path", UNSAFE)
    def test_each_needs_the_sessions_own_token(self, team: TestClient, team_setting: Setting, desk: TestClient, path: str) -> None:
        with open_store(team_setting.record) as store:
            mine, other = (accounts.give_ticket(store, "admin", "session", "", accounts.SESSION) for _ in range(2))
        team.cookies.set(team_setting.cookie, mine)
        assert post(team, path) == 403
        assert post(team, path, headers={"X-CSRF-Token": team_setting.sign("csrf:" + other)}) == 403
        del desk.headers["X-CSRF-Token"]
        assert post(desk, path, headers={"Authorization": "Bearer x"}) == 403, "a desk without accounts knows no tokens of the API"

    @pytest.mark.parametrize("path", [p for p, role in UNSAFE.items() if role != "reader"])
    def test_each_needs_its_role(self, team: TestClient, team_setting: Setting, path: str) -> None:
        roles = accounts.ROLES
        for role in roles[: roles.index(UNSAFE[path])]:
            with open_store(team_setting.record) as store:
                secret = accounts.give_ticket(store, role, "session", "", accounts.SESSION)
                token = accounts.give_ticket(store, role, "token", "", accounts.SESSION)
            team.cookies.set(team_setting.cookie, secret)
            assert post(team, path, headers={"X-CSRF-Token": team_setting.sign("csrf:" + secret)}) == 403, role
            team.cookies.clear()
            assert post(team, path, headers={"Authorization": f"Bearer {token}"}) == 403, role
        with open_store(team_setting.record) as store, store.reading() as c:
            assert c.execute(sa.select(sa.func.count()).select_from(schema.judgement)).scalar() == 0


class TestTheDoor:
    def test_an_address_splits_no_answer(self, stranger: TestClient) -> None:
        answer = stranger.get("/a%0d%0aSet-Cookie:%20x=1?token=launch-token")
        assert answer.headers["location"] == "/a%0D%0ASet-Cookie%3A%20x%3D1"
        assert stranger.get("/تقرير?token=wrong").headers["location"] == "/%D8%AA%D9%82%D8%B1%D9%8A%D8%B1"

    @pytest.mark.parametrize(
        "path", ["//evil.example", "/\\evil.example", "/\0/evil.example", "https://evil.example", "/a\r\nX: 1", "\t//e"]
    )
    def test_no_form_leads_elsewhere(self, desk: TestClient, path: str) -> None:
        desk.follow_redirects = False
        assert desk.post("/choose", data={"next": path}).headers["location"] == "/"
        made = desk.post("/review/items/r1/events/v1", data={"verdict": "comment", "why": "w", "back": path})
        assert made.headers["location"].startswith("/review/item/events/v1")

    def test_a_session_isnt_ones_own_choice(self, team: TestClient, team_setting: Setting, limits: None) -> None:
        team.cookies.set(team_setting.cookie, "chosen-by-somebody-else")
        answer = team.post("/login", data={"name": "coder", "password": "coder-password"})
        assert answer.status_code == 303
        assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]
        team.cookies.clear()
        team.cookies.set(team_setting.cookie, "chosen-by-somebody-else")
        assert team.get("/").status_code == 303

    def test_cookies_with_https(self) -> None:
        setting = Setting(record="", https=True, secret="s")
        cookie = session_cookie(setting, "value", 60)
        assert cookie.startswith("__Host-") and {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
        assert "Domain" not in cookie

    def test_one_account_has_one_limit_however_its_name_is_written(self, team: TestClient, limits: None) -> None:
        names = ["admin", " admin", "admin  ", "\u2003admin", "admin\n", "  admin "]
        answers = [team.post("/login", data={"name": name, "password": "guess"}).status_code for name in names]
        assert answers == [401] * 5 + [429]

    def test_a_name_that_isnt_there_is_tried_like_one_that_is(self, team_setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
        tried: list[str] = []
        monkeypatch.setattr(accounts, "_fits", lambda hashed, password: bool(tried.append(hashed)))
        with open_store(team_setting.record) as store:
            for name in ("coder", "nobody", "no\0body", "x" * 1000):
                assert accounts.sign_in(store, name, "guess") is None
        assert len(tried) == 4 and all(h.startswith("$argon2id$") for h in tried)

    def test_odd_letters_let_nobody_in_and_break_nothing(self, team: TestClient, limits: None) -> None:
        sent = b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n\\ud800\r\n'
        sent += b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n\\ud800\\x00\r\n--b--\r\n'
        kind = "multipart/form-data; boundary=b; charset=unicode_escape"
        assert team.post("/login", content=sent, headers={"Content-Type": kind}).status_code == 401
        assert team.post("/login", data={"name": "admin\0", "password": "\0"}).status_code == 401

    def test_a_changed_role_holds_at_once(self, team: TestClient, team_setting: Setting) -> None:
        with open_store(team_setting.record) as store:
            session = accounts.give_ticket(store, "coder", "session", "", accounts.SESSION)
            token = accounts.give_ticket(store, "coder", "token", "", accounts.SESSION)
            accounts.change_account(store, "coder", role="reader")
            assert accounts.holder(store, session, "session") is None
        shown = {"Authorization": f"Bearer {token}"}
        assert team.get("/api/v1/me", headers=shown).json()["role"] == "reader"
        assert post(team, "/api/v1/judgements", headers=shown) == 403

    def test_a_token_makes_no_tokens_and_no_accounts(self, team: TestClient, team_setting: Setting) -> None:
        with open_store(team_setting.record) as store:
            shown = {"Authorization": f"Bearer {accounts.give_ticket(store, 'admin', 'token', '', accounts.SESSION)}"}
        for path in ("/me/tokens", "/me/tokens/{id}/end", "/me/password", "/team", "/team/{name}"):
            assert post(team, path, headers=shown) == 403, path
        assert team.get("/api/v1/me", headers=shown).json()["role"] == "admin"
        with open_store(team_setting.record) as store:
            assert accounts.holder(store, shown["Authorization"][7:], "session") is None, "a token is no session"

    def test_nobody_is_told_the_token(self, stranger: TestClient, desk: TestClient, setting: Setting) -> None:
        for c in (stranger, desk):
            for path in ("/", "/nowhere", "/?token=wrong", "/api/v1/me", "/api/v1/nowhere"):
                answer = c.get(path)
                said = answer.text + str(answer.headers)
                assert "launch-token" not in said and setting.secret not in said and setting.local_session not in answer.text


class TestOddRequests:
    @pytest.mark.parametrize(
        "path",
        [
            "/static/../app.py",
            "/static/%2e%2e/app.py",
            "/static/..%2fapp.py",
            "/static/js/..%5c..%5capp.py",
            "/static//etc/passwd",
            "/static/%00",
        ],
    )
    def test_only_our_own_files(self, stranger: TestClient, path: str) -> None:
        answer = stranger.get(path)
        assert answer.status_code in (400, 401, 403, 404) and "create_app" not in answer.text and "root:" not in answer.text

    def test_more_than_a_request_may_carry(self, team: TestClient) -> None:
        assert team.get("/?q=" + "a" * 20_000).status_code == 414
        assert team.post("/login", content=b"x", headers={"Content-Length": "99999999999"}).status_code == 413
        assert team.post("/login", content=b"x", headers={"Content-Length": "-1"}).status_code == 413

        def endless() -> Any:
            for _ in range(100):
                yield b"a" * 100_000

        for kind in ("application/x-www-form-urlencoded", "application/json"):
            for path in ("/login", "/api/v1/judgements"):
                answer = team.post(path, content=endless(), headers={"Content-Type": kind, "Authorization": "Bearer x"})
                assert answer.status_code in (401, 413, 422), (path, kind)
        assert team.post("/login", content=endless(), headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code == 413

    @pytest.mark.parametrize("view", ["reports", "search", "events", "actors", "statements", "commitments", "claims", "lineage", "review"])
    def test_no_parameter_breaks_a_list(self, setting: Setting, view: str) -> None:
        with TestClient(create_app(setting), base_url="http://127.0.0.1:8765", raise_server_exceptions=False) as c:
            c.get("/?token=launch-token")
            for said in (
                "limit=1000000000", "limit=-1", "limit=٣", "sources=99999999999999999999", "after=garbage", "after=~", "after=~W10", "after=-1",
                "after=99999999999999999999", "after=²", "sort=x", "q=%00", "actor=%00", "type=%00", "from=0000-00-00", "from=2021-02-31", "place=%25%25",
                "on=9999-99-99", "did=99999999999999999999", "actor=" + "x" * 16_000, "q=%ff%fe", "q=*", "q=NEAR(a b)", 'q="', "q=a:b", "lang=xx",
            ):  # fmt: skip
                assert c.get(f"/{view}?{said}").status_code < 500, said
            for path in ("/review/undo/99999999999999999999", "/review/batches/99999999999999999999/code/x"):
                token = setting.sign("csrf:" + setting.local_session)
                assert c.post(path, headers={"X-CSRF-Token": token}).status_code == 422

    @pytest.mark.parametrize(
        "query", ['"' * 10_000, '-"' * 5_000, "-" * 10_000, " OR " * 3_000, "«»" * 3_000, "قال " * 3_000, " ".join(f"-w{n}" for n in range(300)) + " a"]
    )  # fmt: skip
    def test_no_search_takes_long(self, record: Path, query: str) -> None:
        start = time.process_time()
        with open_store(record) as store, pytest.raises(StoreError):
            queries.reports(store, Filter(query=query))
        assert time.process_time() - start < 2

    def test_a_number_that_isnt_one(self, desk: TestClient) -> None:
        report = desk.get("/api/v1/reports").json()["items"][0]["id"]
        for number in ("²", "9" * 5_000, "-1"):
            assert desk.post(f"/review/reports/{report}/events", data={"batch": number, "type": "AID"}).status_code == 400


@pytest.fixture
def hostile(setting: Setting) -> Setting:
    """A record in which every text that comes from pages or people means harm."""
    text = f"قال وزير النفط العراقي إحسان إسماعيل {HOSTILE} أمس الأحد إن الإنتاج بلغ 4 ملايين برميل. وأضاف أن الوزارة ستلتزم بالاتفاق."
    docs = musnad.read_text(text, published="2021-03-01", name="a", model=False)
    with open_store(setting.record) as store:
        store.add([(Page("a" + HOSTILE, docs[0].source, docs[0].report.sha256), [d.line() for d in docs])])
        refresh(store)
        row = queries.statements(store, Filter())[0]
        acts.comment(store, HOSTILE, "statements", row["id"], HOSTILE, row["report"])
        batches.make_batch(store, HOSTILE, HOSTILE, [("statements", row["id"], row["report"])], [HOSTILE, "lina"])
        with store.writing() as c:
            c.execute(sa.update(schema.actor).values(name=HOSTILE, name_en=HOSTILE, aliases=[HOSTILE]))
            c.execute(sa.update(schema.entity).values(name=HOSTILE))
            c.execute(sa.update(schema.report).values(title="=1+1" + HOSTILE, outlet=HOSTILE, url="javascript:alert(1)", key="@" + HOSTILE))
            c.execute(sa.update(schema.happening).values(place=HOSTILE))
            c.execute(sa.update(schema.took_part).values(name=HOSTILE))
    return setting


def test_no_text_becomes_script(hostile: Setting) -> None:
    with client(hostile) as c:
        c.get("/?token=launch-token")
        found = {x: c.get(f"/api/v1/{x}").json()["items"] for x in ("reports", "actors", "events", "commitments", "claims")}
        of = {name: [row["id"] for row in rows[:3]] for name, rows in found.items()}
        pages = [f"/{x}" for x in ("", "reports", "events", "actors", "actors/network", "statements", "commitments", "claims", "lineage")]
        pages += [
            "/search?q=النفط",
            "/review",
            "/review?layer=statements",
            "/review?layer=entities",
            "/review/batches",
            "/review/batches/1",
        ]
        pages += [f"/{name}/{id}" for name in ("reports", "actors", "events", "commitments") for id in of[name]]
        pages += [f"/review/actors?a={of['actors'][0]}&b={of['actors'][1]}", f"/review/events/{of['events'][0]}", f"/events?q={HOSTILE}"]
        pages += [
            f"/review/reports/{of['reports'][0]}/add",
            f"/nowhere/{HOSTILE}",
            f"/reports?outlet={HOSTILE}&type={HOSTILE}&from={HOSTILE}",
        ]
        shown = 0
        for page in pages:
            text = c.get(page).text
            assert "<script>alert" not in text and "<img src=x" not in text, page
            assert not re.search(r"""(href|src|action)=["']?\s*javascript:""", text), page
            shown += "&lt;script&gt;alert(1)" in text
        assert shown > 20, "the hostile texts are on the pages"


def test_no_cell_becomes_a_formula(hostile: Setting) -> None:
    with client(hostile) as c:
        c.get("/?token=launch-token")
        for view in ("reports", "events", "actors", "statements", "commitments", "claims", "lineage"):
            answer = c.get(f"/{view}.csv")
            assert re.fullmatch(r'attachment; filename="musnad-[a-z]+\.csv"', answer.headers["content-disposition"])
            rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
            cells = [cell for row in rows[1:] for cell in row if not re.fullmatch(r"-?[\d.e-]+", cell)]
            assert cells and not [x for x in cells if x[:1] in "=+-@\t\r\n" and x], view


def test_no_error_tells_a_veiled_name(record: Path) -> None:
    with open_store(record) as store:
        row = queries.statements(store, Filter())[0]
        with pytest.raises(StoreError) as refused:
            wrong = {"start": row["start"], "end": row["end"], "text": "غير"}
            corrections.correct(store, "ann", row["report"], "statements", row["id"], "correct", {"cue": wrong})
        assert row["text"] not in str(refused.value)


def test_a_redaction_is_taken_back_by_editors_only(team: TestClient, team_setting: Setting) -> None:
    from musnad.store.redaction import redact, veil_for

    with open_store(team_setting.record) as store:
        redact(store, "إحسان إسماعيل", "coder")
        with store.reading() as c:
            (id,) = c.execute(sa.select(schema.judgement.c.id)).scalars()
        secret = accounts.give_ticket(store, "coder", "session", "", accounts.SESSION)
    team.cookies.set(team_setting.cookie, secret)
    team.headers["X-CSRF-Token"] = team_setting.sign("csrf:" + secret)
    assert team.post(f"/review/undo/{id}").status_code == team.post(f"/api/v1/judgements/{id}/undo").status_code == 403
    with open_store(team_setting.record) as store:
        assert "█" in veil_for(store)("إحسان إسماعيل")

"""Who gets in, and what other sites' pages can't do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from musnad.store import accounts
from musnad.store.store import open_store
from musnad.web.accounts import inside
from musnad.web.desk import Setting
from musnad.web.guard import Limit


def test_without_the_launch_token_nothing_is_shown(stranger: TestClient) -> None:
    answer = stranger.get("/")
    assert answer.status_code == 403 and "musnad serve" in answer.text
    assert stranger.get("/?token=wrong").status_code == 303
    assert stranger.get("/").status_code == 403
    assert stranger.get("/api/v1/reports").status_code in (401, 404)


def test_the_launch_token_leaves_the_address(stranger: TestClient) -> None:
    answer = stranger.get("/?lang=en&token=launch-token")
    assert answer.headers["location"] == "/?lang=en"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "launch-token" not in cookie
    assert stranger.get("/").status_code == 200
    assert stranger.get("http://127.0.0.1:8765//evil.example/?token=launch-token").headers["location"] == "/evil.example/"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9999", "127.0.0.1.evil.example:8765", ""])
def test_other_names_are_not_answered(desk: TestClient, host: str) -> None:
    assert desk.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:9999"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_other_origins_change_nothing(desk: TestClient, headers: dict[str, str]) -> None:
    assert desk.post("/choose", data={"lang": "en"}, headers=headers).status_code == 403


def test_a_form_needs_its_token(desk: TestClient) -> None:
    token = desk.headers.pop("X-CSRF-Token")
    assert desk.post("/choose", data={"lang": "en"}).status_code == 403
    assert desk.post("/choose", data={"lang": "en", "csrf": "wrong"}).status_code == 403
    desk.follow_redirects = False
    assert desk.post("/choose", data={"lang": "en", "csrf": token}).status_code == 303


def test_every_answer_has_its_headers(desk: TestClient, stranger: TestClient) -> None:
    for answer in (
        desk.get("/"),
        stranger.get("/"),
        desk.get("/nowhere"),
        desk.get("/static/css/desk.css"),
        desk.get("/", headers={"Host": "x"}),
    ):
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy and "default-src 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["referrer-policy"] == "same-origin"


def test_pages_have_no_inline_script_or_style(desk: TestClient) -> None:
    text = desk.get("/").text
    assert not re.search(r"<script(?![^>]*(src=|application/json))|<style| style=| on\w+=", text)


@pytest.mark.parametrize(
    "path", ["//evil.example", "http://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: x=1", ""]
)
def test_the_way_back_stays_inside(path: str) -> None:
    assert inside(path) == "/"


def test_errors_are_plain_in_both_languages(desk: TestClient) -> None:
    assert "لا شيء هنا" in desk.get("/nowhere?lang=ar").text
    assert "There is nothing here" in desk.get("/nowhere?lang=en").text
    assert desk.get("/reports?from=yesterday&lang=en").status_code == 422


def test_choices_are_kept(desk: TestClient) -> None:
    desk.post("/choose", data={"lang": "en"})
    assert '<html lang="en" dir="ltr"' in desk.get("/").text
    desk.post("/choose", data={"lang": "ar", "calendar": "hijri", "theme": "dark"})
    text = desk.get("/").text
    assert 'dir="rtl" data-theme="dark"' in text and "هـ" in text


def test_signing_in_and_out(team: TestClient, team_setting: Setting, sign_in: Callable[[str], None]) -> None:
    answer = team.get("/?type=AID")
    assert answer.status_code == 303 and answer.headers["location"] == "/login?next=%2F%3Ftype%3DAID"
    assert team.post("/login", data={"name": "coder", "password": "wrong-password"}).status_code == 401
    assert team.post("/login", data={"name": "nobody", "password": "wrong-password"}).status_code == 401
    sign_in("coder")
    assert team.get("/").status_code == 200
    cookie = team.cookies[team_setting.cookie]
    assert team.post("/logout").status_code == 303
    team.cookies.set(team_setting.cookie, cookie)
    assert team.get("/").status_code == 303, "an ended session stays ended"


def test_passwords_cannot_be_tried_for_long(team: TestClient) -> None:
    answers = [team.post("/login", data={"name": "admin2", "password": f"guess number {n}"}).status_code for n in range(7)]
    assert answers[-1] == 429


def test_roles(team: TestClient, team_setting: Setting, sign_in: Callable[[str], None]) -> None:
    sign_in("editor")
    assert team.get("/team").status_code == 403
    sign_in("admin")
    assert team.get("/team").status_code == 200
    assert team.post("/team", data={"name": "نورة", "password": "short", "role": "coder"}).status_code == 400
    assert team.post("/team", data={"name": "نورة", "password": "long enough", "role": "coder"}).status_code == 200
    assert team.post("/team/admin", data={"role": "reader"}).status_code == 400, "somebody must stay admin"


def test_closing_an_account_ends_its_sessions_and_tokens(team: TestClient, team_setting: Setting, sign_in: Callable[[str], None]) -> None:
    sign_in("coder")
    text = team.post("/me/tokens", data={"label": "notebook"}).text
    found = re.search(r'class="secret" dir="ltr">([^<]+)<', text)
    assert found
    token = found[1]
    team.cookies.clear()
    shown = {"Authorization": f"Bearer {token}"}
    assert team.get("/", headers=shown).status_code == 200
    with open_store(team_setting.record) as store:
        accounts.change_account(store, "coder", closed=True)
    assert team.get("/", headers=shown).status_code == 303


def test_nothing_stored_lets_anybody_in(team: TestClient, team_setting: Setting, sign_in: Callable[[str], None]) -> None:
    sign_in("coder")
    kept = Path(team_setting.record).read_bytes() + Path(team_setting.record + "-wal").read_bytes()
    assert team.cookies[team_setting.cookie].encode() not in kept and b"coder-password" not in kept and b"$argon2id$" in kept


def test_a_limit_fills_again() -> None:
    limit = Limit(rate=1, burst=2)
    assert [limit.take("a", 0.0) for _ in range(3)] == [True, True, False]
    assert limit.take("b", 0.0) and limit.take("a", 1.5) and not limit.take("a", 1.6)

"""Signing in and out, one's own settings and tokens, and (for admins) the accounts of the team."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from musnad.record.errors import StoreError
from musnad.store import accounts
from musnad.web.desk import AdminDep, Desk, DeskDep, Setting, language, page
from musnad.web.guard import Limit, session_cookie
from musnad.web.wording import Words

router = APIRouter(include_in_schema=False)
public = APIRouter(include_in_schema=False)
_BY_NAME, _BY_ADDRESS = Limit(rate=1 / 20, burst=5), Limit(rate=1 / 5, burst=30)
"""Failed tries to sign in."""
_CHOICES = {"lang": ("ar", "en"), "theme": ("auto", "light", "dark"), "calendar": ("gregorian", "hijri")}
_YEAR = 365 * 24 * 3600


def login_address(after: str) -> str:
    """Where to sign in, coming back to `after`."""
    return f"/login?next={quote(after, safe='')}"


def inside(path: str | None, otherwise: str = "/") -> str:
    """A path of this desk; `otherwise` for anything that leads elsewhere."""
    path = path or "/"
    parts = urlsplit(path)
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme and path.isprintable()
    return path if fine else otherwise


@public.get("/login")
def login_page(request: Request, next: str = "/") -> Response:
    """The form."""
    setting: Setting = request.app.state.setting
    if not setting.team:
        return RedirectResponse(inside(next), 303)
    return _login(request, next)


def _login(request: Request, next: str, failed: str | None = None, status: int = 200) -> Response:
    return page(request, "login.html", status, desk=None, t=Words(language(request)), next=inside(next), failed=failed)


@public.post("/login")
def login(request: Request, name: Annotated[str, Form()], password: Annotated[str, Form()], next: Annotated[str, Form()] = "/") -> Response:
    """Sign in. The guard has refused forms of other sites; tries are limited by name and by address."""
    setting: Setting = request.app.state.setting
    if not setting.team:
        return RedirectResponse("/", 303)
    address = request.client.host if request.client else ""
    name = accounts.plain(name)[:100]  # one account has one limit, however its name is written
    if not (_BY_ADDRESS.take(address) and _BY_NAME.take(name)):
        return _login(request, next, "login.too_many", 429)
    secret = accounts.sign_in(request.app.state.store, name, password)
    if secret is None:
        return _login(request, next, "login.wrong", 401)
    _BY_NAME.give_back(name)
    _BY_ADDRESS.give_back(address)
    response = RedirectResponse(inside(next), 303)
    response.headers.append("set-cookie", session_cookie(setting, secret, int(accounts.SESSION.total_seconds())))
    return response


@router.post("/logout")
def logout(desk: DeskDep) -> Response:
    """End this session."""
    if desk.setting.team and desk.session:
        accounts.take_back(desk.store, secret=desk.session)
    response = RedirectResponse("/login" if desk.setting.team else "/", 303)
    if desk.setting.team:
        response.headers.append("set-cookie", session_cookie(desk.setting, None))
    return response


@router.post("/choose")
def choose(
    desk: DeskDep,
    next: Annotated[str, Form()] = "/",
    lang: Annotated[str | None, Form()] = None,
    theme: Annotated[str | None, Form()] = None,
    calendar: Annotated[str | None, Form()] = None,
) -> Response:
    """Keep the reader's language, theme and calendar in cookies."""
    response = RedirectResponse(inside(next), 303)
    for key, value in (("lang", lang), ("theme", theme), ("calendar", calendar)):
        if value in _CHOICES[key]:
            response.set_cookie(f"musnad-{key}", value, max_age=_YEAR, samesite="strict", secure=desk.setting.https)
    return response


def _team_only(desk: Desk) -> None:
    if not desk.setting.team:
        raise HTTPException(404, "errors.no_accounts")
    # A token that was lost must not make others that outlive it, nor accounts.
    if desk.session is None:
        raise HTTPException(403, "errors.needs_session")


@router.get("/me")
def me(desk: DeskDep) -> Response:
    """One's own account: password and tokens."""
    return _me(desk)


def _me(desk: Desk, said: str | None = None, failed: str | None = None, token: str | None = None, status: int = 200) -> Response:
    _team_only(desk)
    own = accounts.tickets(desk.store, desk.user.name, "token")
    return desk.page("me.html", status, tokens=own, said=said, failed=failed, token=token)


@router.post("/me/password")
def change_password(desk: DeskDep, old: Annotated[str, Form()], new: Annotated[str, Form()]) -> Response:
    """Change one's password; all other sessions end."""
    _team_only(desk)
    if not _BY_NAME.take(desk.user.name):
        return _me(desk, failed=desk.words("login.too_many"), status=429)
    check = accounts.sign_in(desk.store, desk.user.name, old)
    if check is None:
        return _me(desk, failed=desk.words("me.wrong_password"), status=400)
    _BY_NAME.give_back(desk.user.name)
    accounts.take_back(desk.store, secret=check)
    try:
        accounts.change_account(desk.store, desk.user.name, password=new, keep=desk.session)
    except StoreError as error:
        return _me(desk, failed=str(error), status=400)
    return _me(desk, said=desk.words("me.password_changed"))


@router.post("/me/tokens")
def make_token(desk: DeskDep, label: Annotated[str, Form()] = "", days: Annotated[int, Form(ge=1, le=366)] = 90) -> Response:
    """Make a token for programs; it is shown this once."""
    _team_only(desk)
    token = accounts.give_ticket(desk.store, desk.user.name, "token", label, timedelta(days=days))
    return _me(desk, token=token)


@router.post("/me/tokens/{id}/end")
def end_token(desk: DeskDep, id: str) -> Response:
    """Take a token back."""
    _team_only(desk)
    accounts.take_back(desk.store, account=desk.user.name, id=id)
    return RedirectResponse("/me", 303)


@router.get("/team")
def team(desk: AdminDep) -> Response:
    """The accounts."""
    return _team(desk)


def _team(desk: Desk, failed: str | None = None, said: str | None = None) -> Response:
    _team_only(desk)
    return desk.page(
        "team.html", 400 if failed else 200, accounts=accounts.accounts(desk.store), roles=accounts.ROLES, failed=failed, said=said
    )


@router.post("/team")
def new_account(
    desk: AdminDep, name: Annotated[str, Form()], password: Annotated[str, Form()], role: Annotated[str, Form()] = "reader"
) -> Response:
    """Open an account."""
    _team_only(desk)
    try:
        user = accounts.open_account(desk.store, name, password, role)
    except StoreError as error:
        return _team(desk, failed=str(error))
    return _team(desk, said=desk.words("team.opened", name=user.name))


@router.post("/team/{name}")
def change(
    desk: AdminDep,
    name: str,
    role: Annotated[str | None, Form()] = None,
    password: Annotated[str, Form()] = "",
    closed: Annotated[bool, Form()] = False,
) -> Response:
    """Change an account: role, new password where one is given, open or closed."""
    _team_only(desk)
    try:
        accounts.change_account(desk.store, name, role=role, password=password or None, closed=closed, keep=desk.session)
    except StoreError as error:
        return _team(desk, failed=str(error))
    return _team(desk, said=desk.words("team.changed", name=name))

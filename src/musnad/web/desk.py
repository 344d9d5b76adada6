"""What every request of the desk has: the record, who asks, in which language; and who may ask at all."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from musnad.store.accounts import User, holder
from musnad.store.queries import Filter
from musnad.store.store import Store
from musnad.web.wording import LANGUAGES, Words, iso

_HERE = Path(__file__).parent
_MOST = 500
"""The most rows that one page or answer holds."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How a desk runs. Without `team` there are no accounts: whoever has the launch token is `user`, on this machine only."""

    record: str
    team: bool = False
    token: str = ""
    user: str = "analyst"
    secret: str = ""
    hosts: tuple[str, ...] = ()
    port: int = 8765
    https: bool = False
    reveal: bool = False

    @property
    def cookie(self) -> str:
        """Cookies are shared by all ports of a host: each desk has its own name."""
        return f"__Host-musnad-{self.port}" if self.https else f"musnad-{self.port}"

    def sign(self, what: str) -> str:
        """A signature that only this desk can make."""
        return hmac.new(self.secret.encode(), what.encode(), sha256).hexdigest()

    @property
    def local_session(self) -> str:
        return self.sign("session:" + self.token)


class NotSignedIn(Exception):
    """Nobody is known to ask."""


@dataclass
class Desk:
    """One request at the desk."""

    request: Request
    setting: Setting
    store: Store
    user: User
    session: str | None
    """The secret in the session's cookie; None where a token of the API was shown."""
    templates: ClassVar[Environment] = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    _none: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def lang(self) -> str:
        return language(self.request)

    @cached_property
    def calendar(self) -> str:
        return "hijri" if self.request.cookies.get("musnad-calendar") == "hijri" else "gregorian"

    @cached_property
    def words(self) -> Words:
        return Words(self.lang, self.calendar)

    @cached_property
    def csrf(self) -> str:
        return self.setting.sign("csrf:" + self.session) if self.session else ""

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """A page from a template; it has `t`, `desk`, `url` and the filters iso, day, num and label besides what is given."""
        return page(self.request, template, status, desk=self, t=self.words, **context)


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page, also for those who aren't signed in (`desk` may be None)."""
    words: Words = context["t"]
    theme = request.cookies.get("musnad-theme")
    return HTMLResponse(
        Desk.templates.get_template(template).render(
            request=request,
            status=status,
            url=lambda **changes: address(request, **changes),
            theme=theme if theme in ("dark", "light") else None,
            calendar=words.calendar,
            csrf=lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(context["desk"].csrf),
            iso=iso,
            day=words.day,
            days=words.days,
            num=words.number,
            label=words.label,
            **context,
        ),
        status,
    )


Desk.templates.filters["iso"] = iso


def address(request: Request, **changes: Any) -> str:
    """This page's address with some query parameters changed; None takes one away. Without others, `after` goes too: another question starts anew."""
    query = {k: v for k, v in request.query_params.items() if v and k != "after"}
    for key, value in changes.items():
        key = key.rstrip("_")
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    path = request.url.path
    return f"{path}?{urlencode(query)}" if query else path


def language(request: Request) -> str:
    """The language asked for: by the address, by the choice kept in a cookie, by the browser; else Arabic."""
    for said in (request.query_params.get("lang"), request.cookies.get("musnad-lang")):
        if said in LANGUAGES:
            return said
    for part in request.headers.get("accept-language", "").split(","):
        if part.strip()[:2].lower() in LANGUAGES:
            return part.strip()[:2].lower()
    return "ar"


def desk_of(request: Request) -> Desk:
    """The desk for a request. Raises NotSignedIn."""
    setting: Setting = request.app.state.setting
    store: Store = request.app.state.store
    kind, _, shown = request.headers.get("authorization", "").partition(" ")
    if setting.team and kind.lower() == "bearer":
        user = holder(store, shown.strip(), "token")
        if user is None:
            raise NotSignedIn
        return Desk(request, setting, store, user, None)
    cookie = request.cookies.get(setting.cookie, "")
    if setting.team:
        user = holder(store, cookie, "session") if cookie else None
    else:
        user = User(setting.user, "admin") if hmac.compare_digest(cookie.encode(), setting.local_session.encode()) else None
    if user is None:
        raise NotSignedIn
    return Desk(request, setting, store, user, cookie)


async def guarded(request: Request) -> None:
    """Every unsafe request must carry the session's CSRF token, in the header X-CSRF-Token or the form's field `csrf`; programs that show a token of
    the API needn't: a browser never sends that by itself."""
    setting: Setting = request.app.state.setting
    shows_token = setting.team and request.headers.get("authorization", "").lower().startswith("bearer ")
    if request.method in ("GET", "HEAD", "OPTIONS") or shows_token:
        return
    cookie = request.cookies.get(setting.cookie)
    if not cookie:
        raise NotSignedIn
    shown = request.headers.get("x-csrf-token")
    if shown is None and request.headers.get("content-type", "").startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        value = (await request.form()).get("csrf")
        shown = value if isinstance(value, str) else None
    if not hmac.compare_digest((shown or "").encode("utf-8", "replace"), setting.sign("csrf:" + cookie).encode()):
        raise HTTPException(403, "errors.csrf")


DeskDep = Annotated[Desk, Depends(desk_of)]


def allowed(role: str) -> Callable[[Desk], Desk]:
    """A dependency: the desk, for those who may do what `role` may; others get 403."""

    def check(desk: DeskDep) -> Desk:
        if not desk.user.may(role):
            raise HTTPException(403, f"errors.needs_{role}")
        return desk

    return check


NumberP = Annotated[int, InPath(ge=1, le=2**31 - 1)]
CoderDep = Annotated[Desk, Depends(allowed("coder"))]
EditorDep = Annotated[Desk, Depends(allowed("editor"))]
AdminDep = Annotated[Desk, Depends(allowed("admin"))]


def wanted_of(request: Request) -> Filter:
    """The question that an address asks, with the command line's names: q type actor place from to status outlet sources limit after."""
    from datetime import date

    said = {k: v.strip() for k, v in request.query_params.items() if v.strip()}
    days = {}
    for key, name in (("from", "since"), ("to", "until")):
        if value := said.get(key):
            try:
                days[name] = date.fromisoformat(value).isoformat()
            except ValueError as error:
                raise HTTPException(422, "errors.day") from error
    numbers = {}
    for key, most in (("sources", 10_000), ("limit", _MOST)):
        if value := said.get(key):
            if not (value.isascii() and value.isdigit() and len(value) < 7):
                raise HTTPException(422, "errors.number")
            numbers[key] = min(int(value), most)
    return Filter(
        query=said.get("q"),
        after=said.get("after"),
        **{k: said.get(k) for k in ("type", "actor", "place", "status", "outlet")},
        **days,
        sources=numbers.get("sources", 0),
        limit=numbers.get("limit", 50) or _MOST,
    )


WantedDep = Annotated[Filter, Depends(wanted_of)]

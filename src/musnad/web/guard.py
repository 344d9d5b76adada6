"""The door of the desk: which hosts and origins may speak to it, the launch token, rate limits, and the headers of every answer."""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from musnad.web.desk import Setting

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'",
        "worker-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    )
)  # fmt: skip
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With no-referrer browsers would send "Origin: null" with our own forms; other sites learn nothing either way.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_SAFE = ("GET", "HEAD", "OPTIONS")
_LONGEST = 16_384
"""Bytes of an address."""
_LARGEST = 4_000_000
"""Bytes that a request may carry: far more than any form of the desk."""


class Guard:
    """ASGI middleware. A desk without accounts answers only to names of this machine, so that no other site's name can be pointed at it."""

    def __init__(self, app: ASGIApp, setting: Setting) -> None:
        self.app = app
        self.setting = setting
        port = setting.port
        self.hosts = {h.lower() for h in setting.hosts} | {f"{h}:{port}" for h in ("127.0.0.1", "localhost", "[::1]")}
        self.limit = Limit(rate=200.0, burst=1000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refuse(scope, headers) or self._launch(scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for key, value in _HEADERS.items():
                    out.setdefault(key, value)
                if "cache-control" not in out:
                    out["Cache-Control"] = "private, no-cache"
                if self.setting.https:
                    out["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        await (refused or self.app)(scope, _measured(receive), answer)

    def _refuse(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.get("host", "").lower()
        if host not in self.hosts:
            return PlainTextResponse(f"This desk doesn't answer to the name {host[:100]!r}. Start it with --host-name to allow it.\n", 421)
        origin = headers.get("origin")
        strange = origin is not None and origin.lower() not in (f"http://{host}", f"https://{host}")
        if (strange or headers.get("sec-fetch-site") in ("cross-site", "same-site")) and scope["method"] not in _SAFE:
            return PlainTextResponse("This request comes from another site's page: refused.\n", 403)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _LONGEST:
            return PlainTextResponse("This address is too long.\n", 414)
        # The API says itself which parameter it is.
        if not scope["path"].startswith("/api/") and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            return PlainTextResponse("An address holds a character that no text can hold.\n", 400)
        said = headers.get("content-length", "0")
        if not (said.isascii() and said.isdigit() and len(said) < 12 and int(said) <= _LARGEST):
            return PlainTextResponse("This request carries too much.\n", 413, {"Connection": "close"})
        if not scope["path"].startswith("/static/") and not self.limit.take(_client(scope)):
            return PlainTextResponse("Too many requests: wait a moment.\n", 429, {"Retry-After": "2"})
        return None

    def _launch(self, scope: Scope) -> Response | None:
        """The launch token in an address becomes a cookie, and leaves the address."""
        if self.setting.team or scope["method"] not in ("GET", "HEAD") or b"token=" not in scope["query_string"]:
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        shown = dict(query).get("token", "")
        rest = [(k, v) for k, v in query if k != "token"]
        path = "/" + quote(scope["path"].lstrip("/\\"))
        response = Response(
            status_code=303, headers={"Location": path + (f"?{urlencode(rest)}" if rest else ""), "Cache-Control": "no-store"}
        )
        if hmac.compare_digest(shown.encode(), self.setting.token.encode()):
            response.headers.append("set-cookie", session_cookie(self.setting, self.setting.local_session))
        return response


def _measured(receive: Receive) -> Receive:
    """What a request carries, until it is more than any should; a length that was declared has been looked at before."""
    come = 0

    async def more() -> Message:
        nonlocal come
        message = await receive()
        come += len(message.get("body", b""))
        if come > _LARGEST:
            raise HTTPException(413, "errors.too_large")
        return message

    return more


def session_cookie(setting: Setting, value: str | None, seconds: int | None = None) -> str:
    """The Set-Cookie line of a session; None ends it."""
    cookie: SimpleCookie = SimpleCookie()
    cookie[setting.cookie] = value or ""
    morsel = cookie[setting.cookie]
    morsel["path"], morsel["httponly"], morsel["samesite"] = "/", True, "Strict"
    if setting.https:
        morsel["secure"] = True
    if value is None:
        morsel["max-age"] = 0
    elif seconds:
        morsel["max-age"] = seconds
    return morsel.OutputString()


def _client(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


class Limit:
    """A token bucket a key: `rate` a second in the long run, `burst` at once. It is kept in this process and forgets who was longest away."""

    def __init__(self, rate: float, burst: float, keys: int = 10_000) -> None:
        self.rate, self.burst, self.keys = rate, burst, keys
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, moment: float | None = None) -> bool:
        """Whether one more is allowed now."""
        moment = time.monotonic() if moment is None else moment
        left, last = self._left.pop(key, (self.burst, moment))
        left = min(self.burst, left + (moment - last) * self.rate)
        fine = left >= 1
        self._left[key] = (left - fine, moment)
        if len(self._left) > self.keys:
            self._left.popitem(last=False)
        return fine

    def give_back(self, key: str) -> None:
        """Undo a take: it was no misuse."""
        left, last = self._left.get(key, (self.burst, 0.0))
        self._left[key] = (min(self.burst, left + 1), last)

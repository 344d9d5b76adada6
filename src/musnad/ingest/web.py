"""Pages from their addresses, politely: robots.txt is obeyed, a host is asked one thing at a time with a pause between, and told who asks."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.robotparser import RobotFileParser

import httpcore
import httpx

from musnad.ingest.page import LARGEST, Failure, Given
from musnad.ingest.wire import Refused, Reply, TimeUp, TooLarge, ask, is_local

AGENT = "musnad/0.1 (+news archive reader; obeys robots.txt)"
_PAUSE = 1.0
_LONGEST_PAUSE = 600.0
_SILENCE = 20.0
_WHOLE = 120.0
_REDIRECTS = 5
_ROBOTS_LARGEST = 512_000
_ROBOTS_HOLD = 86_400.0
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave. `status` is 200 or, where it was asked for what is new and nothing is, 304; `etag` and `modified` are to be shown the next time."""

    data: bytes
    given: Given
    status: int = 200
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Unfetched(Failure):
    """A page that couldn't be had. `again` is True where a later try may have it, `wait` the seconds that the site asks to be left alone; `status` its answer;
    `refused` says that it lies with us."""

    again: bool = False
    wait: float = 0.0
    status: int = 0
    refused: bool = False


@dataclass(slots=True)
class Fetcher:
    """Asks sites. `pause` are the seconds between two requests to a host (its robots.txt may ask for more), `local` allows addresses of one's own network,
    `sleep` waits and `stopped` tells that nobody wants the answer any more."""

    pause: float = _PAUSE
    local: bool = False
    agent: str = AGENT
    silence: float = _SILENCE
    whole: float = _WHOLE
    sleep: Callable[[float], object] = time.sleep
    stopped: Callable[[], bool] = lambda: False
    _next: dict[str, float] = field(default_factory=dict)
    _robots: dict[str, tuple[float, RobotFileParser]] = field(default_factory=dict)

    def get(self, url: str, *, largest: int = LARGEST, etag: str | None = None, modified: str | None = None) -> Answer | Unfetched:
        """The bytes at an address, redirects followed, or why they couldn't be had. With `etag` or `modified` only if they are new."""
        shown = {"If-None-Match": etag or "", "If-Modified-Since": modified or ""}
        try:
            at = httpx.URL(url)
            for _ in range(_REDIRECTS + 1):
                if not self._allowed(at):
                    return Unfetched(
                        url, "the site's robots.txt asks programs not to fetch this page", "Save the page from a browser and read the file"
                    )
                reply = self._ask(at, largest, {k: v for k, v in shown.items() if v})
                if reply.status not in (301, 302, 303, 307, 308) or "location" not in reply.headers:
                    return _told(url, at, reply)
                at = at.join(reply.headers["location"])
            return Unfetched(url, "the site sends from one address to the next without end", "Check the address in a browser")
        except Refused as error:
            return Unfetched(
                url, str(error), "Give a whole address, as https://example.org/page, of a site on the open internet", refused=True
            )
        except TooLarge:
            return Unfetched(url, f"the page has more than {largest // 1_000_000} MB", "Download it and split it")
        except TimeUp:
            return Unfetched(url, f"the site didn't answer within {self.silence:.0f} seconds", "Try again later", again=True)
        except httpcore.ConnectError:
            return Unfetched(
                url,
                "the site can't be reached from this machine",
                "Check the connection and the address; offline, read saved files",
                again=True,
            )
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, zlib.error) as error:
            return Unfetched(
                url,
                f"the page couldn't be fetched ({error or type(error).__name__})",
                "Check the address, or save the page and read the file",
                again=True,
            )
        except (httpx.InvalidURL, ValueError, httpcore.UnsupportedProtocol) as error:
            return Unfetched(url, f"this isn't an address that can be fetched ({error})", "Check it, or save the page and read the file")

    def ready(self, url: str) -> float:
        """The seconds until the address's host may be asked again."""
        try:
            return max(0.0, self._next.get(_host(httpx.URL(url)), 0.0) - time.monotonic())
        except httpx.InvalidURL:
            return 0.0

    def _ask(self, url: httpx.URL, largest: int, shown: Mapping[str, str]) -> Reply:
        host = _host(url)
        left = self._next.get(host, 0.0) - time.monotonic()
        if left > 0:
            self.sleep(left)
        if self.stopped():
            raise TimeUp
        try:
            headers = {"User-Agent": self.agent, "Accept": "text/html, application/xml;q=0.9, */*;q=0.8", **shown}
            return ask(url, headers, largest=largest, seconds=self.whole, silence=self.silence, local=self.local, stopped=self.stopped)
        finally:
            self._next[host] = time.monotonic() + self._pause(url)

    def _pause(self, url: httpx.URL) -> float:
        held = self._robots.get(_base(url))
        wanted = held[1].crawl_delay(self.agent) if held else None
        return max(self.pause, min(float(wanted or 0), _LONGEST_PAUSE))

    def _allowed(self, url: httpx.URL) -> bool:
        """What the site's robots.txt says of this address. A site without one allows all; one whose robots.txt is out of order allows nothing for now."""
        base = _base(url)
        held = self._robots.get(base)
        if held is None or held[0] < time.monotonic():
            rules = RobotFileParser()
            self._robots[base] = (time.monotonic() + _ROBOTS_HOLD, rules)
            try:
                rules.parse(self._rules(httpx.URL(base + "/robots.txt")))
            except BaseException:
                del self._robots[base]
                raise
            self._next[_host(url)] = time.monotonic() + self._pause(url)
        return self._robots[base][1].can_fetch(self.agent, str(url))

    def _rules(self, at: httpx.URL) -> list[str]:
        for _ in range(_REDIRECTS + 1):
            try:
                reply = self._ask(at, _ROBOTS_LARGEST, {})
            except TooLarge:
                return ["User-agent: *", "Disallow: /"]
            if reply.status in (301, 302, 303, 307, 308) and "location" in reply.headers:
                at = at.join(reply.headers["location"])
                continue
            if reply.status >= 500:
                raise httpcore.ConnectError
            return reply.data.decode("utf-8", "replace").splitlines() if reply.status < 300 else []
        return []


def _told(url: str, at: httpx.URL, reply: Reply) -> Answer | Unfetched:
    h = reply.headers
    charset = _CHARSET.search(h.get("content-type", ""))
    given = Given(str(at), datetime.now(UTC).date().isoformat(), charset.group(1) if charset else None)
    if reply.status in (200, 203, 304):
        return Answer(reply.data, given, reply.status, h.get("etag"), h.get("last-modified"))
    name = httpx.codes.get_reason_phrase(reply.status)
    return Unfetched(
        url,
        f"the site answered {reply.status}" + (f" ({name})" if name else ""),
        "Check the address in a browser",
        again=reply.status in _BUSY,
        wait=_seconds(h.get("retry-after", "")),
        status=reply.status,
    )


def _seconds(value: str) -> float:
    """The seconds that a Retry-After asks for, a day at most; 0 where it says nothing."""
    value = value.strip()
    if value.isdigit():
        return min(float(value), _A_DAY)
    try:
        when = parsedate_to_datetime(value)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return min(max(0.0, (when - datetime.now(UTC)).total_seconds()), _A_DAY)
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _host(url: httpx.URL) -> str:
    return url.host.lower()


def _base(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


@cache
def _fetcher(local: bool) -> Fetcher:
    return Fetcher(local=local)


def fetch(url: str) -> tuple[bytes, Given] | Failure:
    """The bytes at an address that the user gave, with what is known of them, or why they couldn't be had. An address of one's own network may be asked
    for; a page elsewhere can't send there."""
    got = _fetcher(is_local(url)).get(url)
    return got if isinstance(got, Failure) else (got.data, got.given)

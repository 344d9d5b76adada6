"""A page from its address, politely: robots.txt is obeyed, one request at a time a host with a pause between."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from musnad.ingest.page import LARGEST, Failure, Given

AGENT = "musnad/0.1 (+news archive reader; obeys robots.txt)"
_PAUSE = 1.0
_TIMEOUT = 20.0
_last: dict[str, float] = {}
_robots: dict[str, RobotFileParser | None] = {}


def fetch(url: str) -> tuple[bytes, Given] | Failure:
    """The bytes at an address with what is known of them, or why they couldn't be had."""
    try:
        host = urlsplit(url).netloc
    except ValueError:
        host = ""
    if not host:
        return Failure(url, "this isn't a whole address", "Give it with its host, as https://example.org/page")
    try:
        with httpx.Client(headers={"User-Agent": AGENT}, timeout=_TIMEOUT, follow_redirects=True) as client:
            if not _allowed(client, url):
                return Failure(
                    url, "the site's robots.txt asks programs not to fetch this page", "Save the page from a browser and read the file"
                )
            time.sleep(max(0.0, _last.get(host, 0.0) + _PAUSE - time.monotonic()))
            with client.stream("GET", url) as response:
                _last[host] = time.monotonic()
                if response.status_code >= 400:
                    return Failure(
                        url, f"the site answered {response.status_code} ({response.reason_phrase})", "Check the address in a browser"
                    )
                data = b""
                for chunk in response.iter_bytes():
                    data += chunk
                    if len(data) > LARGEST:
                        return Failure(url, f"the page has more than {LARGEST // 1_000_000} MB", "Download it and split it")
                return data, Given(str(response.url), datetime.now(UTC).date().isoformat(), response.charset_encoding)
    except httpx.TimeoutException:
        return Failure(url, f"the site didn't answer within {_TIMEOUT:.0f} seconds", "Try again later")
    except httpx.ConnectError:
        return Failure(
            url, "the site can't be reached from this machine", "Check the connection and the address; offline, read saved files"
        )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Failure(
            url, f"the page couldn't be fetched ({error or type(error).__name__})", "Check the address, or save the page and read the file"
        )


def _allowed(client: httpx.Client, url: str) -> bool:
    """What the site's robots.txt says of this address; a site without one allows all. Raises httpx errors where the site can't be reached."""
    parts = urlsplit(url)
    base = f"{parts.scheme}://{parts.netloc}"
    if base not in _robots:
        answer = client.get(base + "/robots.txt")
        rules = RobotFileParser()
        rules.parse(answer.text.splitlines() if answer.status_code < 400 else [])
        _robots[base] = rules
    found = _robots[base]
    return found is None or found.can_fetch(AGENT, url)

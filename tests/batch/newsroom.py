"""A site on this machine for the tests: what it gives is set by the test, what it was asked is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Given:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    """Seconds between two bytes."""


@dataclass
class Site:
    """`pages` by path; `asked` are (path, headers) in order."""

    base: str
    pages: dict[str, Given] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [p for p, _ in self.asked if p != "/robots.txt"]

    def give(self, path: str, body: str | bytes, **more: Any) -> None:
        self.pages[path] = Given(body.encode() if isinstance(body, str) else body, **more)

    def article(self, n: int, text: str) -> None:
        self.give(
            f"/news/{n}",
            f"<html><body><article><h1>خبر {n}</h1><p>{text}</p></article></body></html>",
            headers={"Content-Type": "text/html; charset=utf-8"},
        )

    def feed(self, entries: list[tuple[int, str]], etag: str | None = None, link: str | None = None) -> None:
        """An RSS feed of (number, title)."""
        items = "".join(
            f"<item><title>{title}</title><link>{link or f'{self.base}/news/{n}'}</link><guid isPermaLink='false'>id-{n}</guid>"
            f"<pubDate>Mon, 22 Sep 2014 10:0{n % 10}:00 +0300</pubDate></item>"
            for n, title in entries
        )
        headers = {"Content-Type": "application/rss+xml"} | ({"ETag": etag} if etag else {})
        self.give(
            "/rss",
            f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>أخبار</title>{items}</channel></rss>",
            headers=headers,
        )


@contextmanager
def newsroom() -> Iterator[Site]:
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            given = site.pages.get(self.path, Given(b"", 404))
            etag = given.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(given.status)
            for key, value in given.headers.items():
                self.send_header(key, value)
            self.end_headers()
            try:
                for i in range(0, len(given.body), 1 if given.drip else 1 << 16):
                    self.wfile.write(given.body[i : i + (1 if given.drip else 1 << 16)])
                    time.sleep(given.drip)
            except OSError:
                pass

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()

"""A real browser (the system's Chromium) before a real desk over the sample's record. Skipped with the reason where there is none, unless
MUSNAD_NEED_BROWSER is set. Whatever a page complains about (script errors, refused content, requests that leave the desk) fails its test."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from musnad.batch.adding import add_pages
from musnad.resolve.refresh import refresh
from musnad.store.store import open_store
from musnad.web.app import create_app
from musnad.web.desk import Setting

SAMPLE = Path(__file__).parents[2] / "src" / "musnad" / "sample"
CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)


# A module at a time: while Playwright is open it runs an event loop, in which tests of others could run none of theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        reason = "no Chromium here (apt-get install chromium)"
        if os.environ.get("MUSNAD_NEED_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as p:
        # Chromium's own sandbox doesn't work for root in a container.
        opened = p.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def made_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's record, with rules alone."""
    where = tmp_path_factory.mktemp("made") / "sample.db"
    with open_store(str(where), create=True) as store:
        for _ in add_pages(store, [str(SAMPLE / "pages")], metadata=SAMPLE / "metadata.csv", model=False, jobs=1):
            pass
        refresh(store)
    return where


class Desk:
    """A desk that runs; `open` gives a page of a new browser window."""

    def __init__(self, setting: Setting, browser: Browser) -> None:
        self.setting, self.browser = setting, browser
        self.base = f"http://127.0.0.1:{setting.port}"
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []

    def open(
        self, path: str = "/", *, lang: str = "ar", width: int = 1280, height: int = 900, theme: str = "light", **options: Any
    ) -> Page:
        """A page at `path`, let in by the launch token."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale="ar" if lang == "ar" else "en-GB",
            color_scheme=theme,
            accept_downloads=True,
            **options,
        )  # type: ignore[arg-type]
        context.add_cookies([{"name": "musnad-lang", "value": lang, "url": self.base}])
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda e: self.complaints.append(f"script error on {page.url}: {e}"))
        page.on("console", lambda m: self.complaints.append(f"{m.type} on {page.url}: {m.text}") if m.type == "error" else None)
        page.on(
            "request",
            lambda r: None if r.url.startswith((self.base, "data:", "blob:")) else self.complaints.append(f"left the desk: {r.url}"),
        )
        joint = "&" if "?" in path else "?"
        page.goto(f"{self.base}{path}{joint}token={self.setting.token}")
        return page


@pytest.fixture
def desk(made_record: Path, tmp_path: Path, browser: Browser) -> Iterator[Desk]:
    """A desk over a copy of the sample's record."""
    record = Path(shutil.copy(made_record, tmp_path / "record.db"))
    yield from _serve(record, browser)


@pytest.fixture
def desk_over(browser: Browser) -> Iterator[Callable[[Path], Desk]]:
    """Starts desks over other records."""
    running: list[Iterator[Desk]] = []

    def start(record: Path) -> Desk:
        running.append(_serve(record, browser))
        return next(running[-1])

    yield start
    for one in running:
        next(one, None)


def _serve(record: Path, browser: Browser) -> Iterator[Desk]:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    setting = Setting(record=str(record), token="token-of-the-test", secret="2" * 64, user="lina", port=port)
    server = uvicorn.Server(
        uvicorn.Config(create_app(setting), host="127.0.0.1", port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    desk = Desk(setting, browser)
    try:
        yield desk
    finally:
        for context in desk.contexts:
            context.close()
        server.should_exit = True
        thread.join(10)
    assert not desk.complaints, desk.complaints

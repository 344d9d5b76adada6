"""Takes the pictures of docs/img anew: the desk over the built-in sample's record, in the system's Chromium.

    python docs/pictures.py [--record FILE.db]

Needs the extras web and dev. Without --record the sample is read first (with the model, if it is installed).
"""

from __future__ import annotations

import argparse
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright

from musnad.batch.adding import add_pages
from musnad.resolve.refresh import refresh
from musnad.store.store import open_store
from musnad.web.app import create_app
from musnad.web.desk import Setting

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "src" / "musnad" / "sample"


def a_report(page: Page) -> None:
    """The report in which an extension is denied, a statement's card lit."""
    page.locator(".hits h2 a").first.click()
    page.wait_for_selector("#text .x.c")
    page.locator(".e-statements").nth(1).click()


def a_correction(page: Page) -> None:
    """The first item of the queue, its form open."""
    page.wait_for_selector("article.item")
    page.locator("article.item details.edit > summary").first.click()


def nothing(page: Page) -> None:
    """The page as it is."""


SHOTS: tuple[tuple[str, str, str, str, int, Callable[[Page], None]], ...] = (
    ("overview-ar", "/?on=2021-12-10", "ar", "light", 1280, nothing),
    ("report-ar", '/reports?q="تمديد بقاء القوات"', "ar", "light", 1280, a_report),
    ("report-en-dark", '/reports?q="تمديد بقاء القوات"', "en", "dark", 1280, a_report),
    ("events-en", "/events", "en", "light", 1280, nothing),
    ("events-ar", "/events", "ar", "light", 1280, nothing),
    ("review-en", "/review", "en", "light", 1280, a_correction),
    ("review-ar", "/review", "ar", "light", 1280, a_correction),
    ("commitments-ar", "/commitments?on=2021-12-10", "ar", "light", 1280, nothing),
    ("actors-en", "/actors", "en", "light", 1280, nothing),
    ("report-ar-phone", '/reports?q="تمديد بقاء القوات"', "ar", "light", 360, a_report),
)
"""Name, address, language, theme, width, what to do before."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--record", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "sample.db"
        if args.record:
            shutil.copy(args.record, record)
        else:
            with open_store(str(record), create=True) as store:
                for _ in add_pages(store, [str(SAMPLE / "pages")], metadata=SAMPLE / "metadata.csv", jobs=1):
                    pass
                refresh(store)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        setting = Setting(record=str(record), token="pictures", secret="3" * 64, user="lina", port=port)
        server = uvicorn.Server(uvicorn.Config(create_app(setting), host="127.0.0.1", port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        take(f"http://127.0.0.1:{port}", setting)
        server.should_exit = True
        thread.join(10)


def take(base: str, setting: Setting) -> None:
    (HERE / "img").mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader"])
        for name, address, lang, theme, width, before in SHOTS:
            context = browser.new_context(
                viewport={"width": width, "height": 1050 if name.startswith("events") else 800},
                color_scheme=theme,
                locale="ar" if lang == "ar" else "en-GB",
            )  # type: ignore[arg-type]
            context.add_cookies([{"name": "musnad-lang", "value": lang, "url": base}])
            page = context.new_page()
            page.goto(f"{base}/?token={setting.token}")
            page.goto(base + address)
            before(page)
            page.wait_for_timeout(2500)
            page.screenshot(path=HERE / "img" / f"{name}.png")
            print(name)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()

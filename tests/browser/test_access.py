"""Every page of the desk is fit for screen readers (axe-core), narrow screens and both directions."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = (
    "/",
    "/search?q=فرنسا",
    "/reports",
    "/events",
    "/actors",
    "/statements",
    "/commitments",
    "/claims",
    "/lineage",
    "/review",
    "/about",
)
"""Lists; of those that lead to single items, the first item is looked at, too."""
ITEMS = {"/reports": "/reports/", "/events": "/events/", "/actors": "/actors/", "/commitments": "/commitments/", "/claims": "/claims/"}


def grave(page: Any) -> list[str]:
    """What axe-core finds serious or critical."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:160]})" for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("lang, theme", [("ar", "light"), ("en", "dark")])
def test_every_page_is_accessible(desk: Any, lang: str, theme: str) -> None:
    page = desk.open("/", lang=lang, theme=theme)
    wrong: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(desk.base + path)
        if found := grave(page):
            wrong[path] = found
        if path in ITEMS:
            link = page.locator(f'main a[href^="{ITEMS[path]}"]:not([href$=".csv"]):not([href$=".json"])').first
            assert link.count(), f"{path} leads to no item"
            page.goto(desk.base + link.get_attribute("href"))
            if found := grave(page):
                wrong[ITEMS[path]] = found
    assert not wrong, wrong


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_narrow_screens_need_no_sideways_scrolling(desk: Any, lang: str) -> None:
    page = desk.open("/", lang=lang, width=360, height=740)
    for path in PAGES:
        page.goto(desk.base + path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 1, f"{path} is {over} px too wide"
        assert page.evaluate("document.documentElement.dir") == ("rtl" if lang == "ar" else "ltr")


def test_the_keyboard_reaches_the_content(desk: Any) -> None:
    page = desk.open("/events", lang="en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

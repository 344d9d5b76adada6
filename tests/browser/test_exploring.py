"""Exploring in a real browser: one filter drives table, timeline and map; addresses can be shared; pictures can be taken along."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .test_access import grave


def query(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_one_filter_drives_table_timeline_and_map(desk: Any) -> None:
    page = desk.open("/events", lang="en")
    count, timeline, places = page.locator("#count"), page.locator("#timeline svg"), page.locator("#map ol.plain > li")
    expect(timeline.first).to_be_visible()
    all_ = count.inner_text()
    page.wait_for_function("document.querySelectorAll('#map ol.plain > li').length > 3")
    before = places.count()

    page.select_option("select[name=type]", "ASSAULT")
    expect(count).not_to_have_text(all_)
    assert query(page) == {"type": ["ASSAULT"]}
    assert set(page.locator("#results tbody tr td:nth-child(2) a.chip").all_text_contents()) == {"assault"}
    page.wait_for_function(f"document.querySelectorAll('#map ol.plain > li').length < {before}")
    expect(page.locator("#timeline .legend li")).to_have_count(1)
    assert page.locator(".take a", has_text="CSV").first.get_attribute("href") == "/events.csv?type=ASSAULT"
    narrowed = count.inner_text()

    # Days that are chosen on the timeline narrow the table, too.
    page.locator("#timeline [role=slider]").focus()
    for key in ("Home", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(count).not_to_have_text(narrowed)
    assert {"type", "from", "to"} == set(query(page))
    shared = page.url

    page.go_back()
    expect(count).to_have_text(narrowed)
    assert query(page) == {"type": ["ASSAULT"]}
    page.goto(shared)
    assert page.locator("input[name=from]").input_value() == query(page)["from"][0]


def test_names_are_suggested_and_a_question_is_asked_once(desk: Any) -> None:
    page = desk.open("/events", lang="ar")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if urlsplit(r.url).path == "/events" else None)
    page.fill("input[name=actor]", "داع")
    page.wait_for_selector("#names option", state="attached")
    page.fill("input[name=actor]", page.locator("#names option").first.get_attribute("value"))
    page.press("input[name=actor]", "Enter")
    page.wait_for_url("**/events?actor=*")
    page.wait_for_timeout(300)
    assert len(asked) == 1
    assert page.locator("#results tbody tr").count() > 1


def test_filters_work_without_script(desk: Any) -> None:
    page = desk.open("/events", lang="en", java_script_enabled=False)
    page.select_option("select[name=type]", "CONSULT")
    page.click("form#filters button")
    assert query(page)["type"] == ["CONSULT"]
    assert set(page.locator("#results tbody tr td:nth-child(2) a.chip").all_text_contents()) == {"consult"}


def test_pictures_are_taken_along(desk: Any) -> None:
    page = desk.open("/events", lang="ar")
    expect(page.locator("#timeline svg").first).to_be_visible()
    with page.expect_download() as taken:
        page.click("button[data-picture=svg][data-of=timeline]")
    assert taken.value.suggested_filename == "musnad-timeline.svg"


@pytest.mark.parametrize(
    "path", ["/actors/network", "/statements?by=speaker", "/search", "/commitments?status=open", "/events?status=contested"]
)
def test_further_pages_are_accessible_and_narrow(desk: Any, path: str) -> None:
    page = desk.open(path, lang="ar", width=360, height=740)
    page.wait_for_load_state("networkidle")
    assert not grave(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1

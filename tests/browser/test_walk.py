"""An analyst's day at the desk, in both languages: find a report, see why an event was coded, correct it and take that back, keep two spellings of a
minister apart and bring them together again, follow a commitment, take the result along."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from musnad.store import queries, schema
from musnad.store.queries import Filter
from musnad.store.store import open_store


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_from_a_question_to_a_corrected_event(desk: Any, lang: str) -> None:
    page = desk.open("/", lang=lang)
    page.locator("#find").fill('"العمليات المشتركة" تمديد')
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    page.locator('main a[href^="/reports/"]').first.click()
    page.wait_for_url("**/reports/*")
    mark = page.locator("#text .x.v").first
    mark.click()
    card = page.locator(".entry.lit")
    why = card.locator("details summary").first
    why.click()
    assert "events." in card.inner_text(), "a card says which rule or model found the event"
    card.locator('a[href^="/review/item/"]').first.click()
    page.wait_for_url("**/review/item/events/*")
    item = page.locator("article.item").first
    was = item.locator(".facts .chip").first.inner_text()
    item.locator("details.edit > summary").click()
    picker = item.locator('select[name="type"]')
    now = "AGREE" if picker.input_value() != "AGREE" else "AID"
    picker.select_option(now)
    item.locator('input[name="why"]').first.fill("قراءة أخرى")
    item.locator('button[value="correct"]').click()
    page.wait_for_selector("article.item.is-correct")
    assert page.locator("article.item .facts .chip").first.inner_text() != was
    with open_store(desk.setting.record) as store, store.reading() as c:
        row = c.execute(sa.select(schema.judgement).order_by(schema.judgement.c.id.desc())).mappings().first()
        assert row and row["by"] == "lina" and row["verdict"] == "correct" and row["after"]["type"] == now and row["why"] == "قراءة أخرى"
    page.locator('article.item form[action^="/review/undo/"] button').first.click()
    page.wait_for_selector("article.item:not(.is-correct)")
    assert page.locator("article.item .facts .chip").first.inner_text() == was


def test_the_queue_is_worked_by_keyboard(desk: Any) -> None:
    page = desk.open("/review", lang="en")
    page.wait_for_selector("article.item")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.closest('article').dataset.item")
    page.keyboard.press("a")
    page.wait_for_selector(f"#i-{first}.is-accept")
    with open_store(desk.setting.record) as store, store.reading() as c:
        row = c.execute(sa.select(schema.judgement)).mappings().one()
        assert row["item"] == first and row["verdict"] == "accept"
    page.keyboard.press("u")
    page.wait_for_selector(f"#i-{first}:not(.is-accept)")
    page.keyboard.press("?")
    assert page.locator("dialog[open], .keys:visible").count() >= 1


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_two_spellings_of_a_minister_parted_and_joined(desk: Any, lang: str) -> None:
    def ministers() -> list[str]:
        with open_store(desk.setting.record) as store:
            return [a["name"] for a in queries.actors(store, Filter(actor="لودريان", type="PER"))]

    before = ministers()
    page = desk.open("/actors?q=لودريان", lang=lang)
    page.locator('main a[href^="/actors/e"]').first.click()
    page.wait_for_url("**/actors/e*")
    page.locator('main a[href^="/review/actors"]').first.click()
    page.wait_for_url("**/review/actors?*")
    for folded in page.locator("main details:not([open]):has(form[action='/review/pairs']) > summary").all():
        folded.click()
    page.locator('form[action="/review/pairs"] button[value="different"]').first.click()
    page.wait_for_selector(".done")
    parted = ministers()
    assert len(parted) == len(before) + 1
    page.goto(desk.base + "/actors?q=لودريان")
    page.locator('main a[href^="/actors/e"]').first.click()
    page.locator('main a[href^="/review/actors"]').first.click()
    page.locator('input[name="q"][type="search"]').last.fill("لودريان")
    page.keyboard.press("Enter")
    page.locator('a[href*="&b="]').first.click()
    page.wait_for_url("**b=*")
    assert page.locator(".two .card").count() == 2, "both sides stand beside each other before they are merged"
    page.locator('form[action="/review/pairs"] button[value="same"]').first.click()
    page.wait_for_selector(".done")
    assert len(ministers()) == len(before)


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_commitment_followed_to_its_words(desk: Any, lang: str) -> None:
    page = desk.open("/commitments?on=2022-01-02", lang=lang)
    page.locator('main a[href^="/commitments/"]:not([href$=".csv"]):not([href$=".json"])').first.click()
    page.wait_for_url("**/commitments/*")
    page.locator('main a[href*="?show="]').first.click()
    page.wait_for_selector(".entry.lit")
    assert page.locator("#text .lit").first.is_visible()


def test_one_filter_drives_table_map_and_timeline_and_is_taken_along(desk: Any, tmp_path: Path) -> None:
    page = desk.open("/events", lang="en")
    page.locator('select[name="type"]').select_option("CONSULT")
    page.locator('form.filters button[type="submit"], form.filters .btn.main').first.click()
    page.wait_for_url("**type=CONSULT*")
    page.wait_for_selector('[data-view="timeline"] svg')
    chips = page.locator("#results table tbody tr")
    assert chips.count() > 3
    with page.expect_download() as waiting:
        page.locator('a[href*="events.csv"]').first.click()
    path = tmp_path / "events.csv"
    waiting.value.save_as(path)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows and {r["type"] for r in rows} == {"CONSULT"}


def test_plain_forms_work_without_script(desk: Any) -> None:
    page = desk.open("/", lang="en", java_script_enabled=False)
    page.locator("details.menu summary").click()
    page.locator('button[name="theme"][value="dark"]').click()
    assert page.locator('html[data-theme="dark"]').count() == 1

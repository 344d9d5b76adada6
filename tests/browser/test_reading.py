"""The report's page in a browser: text and cards light each other, by mouse, finger and keyboard, and hostile pages stay text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

import musnad
from musnad.ingest.page import Page
from musnad.store.corrections import corrected_line
from musnad.store.store import open_store

HOSTILE = (
    'وزير الدفاع <script>alert("س")</script> يزور بغداد <img src=https://evil.example/x onerror=alert(1)>\n\n'
    "بغداد - أكد وزير الدفاع الفرنسي جان إيف لودريان </span></article><style>*{display:none}</style> الخميس أن «بلاده \u202egnp.exe ستدرب 500 جندي» "
    "وقال الوزير 😀𐤀 إن </script><svg onload=alert(2)> القوات \x00 باقية في الرمادي.\n"
    + "وقال المتحدث إن ا" + "\u0651\u0670\u0653\u035b" * 300 + " الكلمة عالية.\n" + "و" * 10_000 + " قتل 12 شخصا في الرمادي الأربعاء 13 نيسان 2016.\n"
)  # fmt: skip


def added(record: Path, text: str, name: str, **known: Any) -> str:
    docs = musnad.read_text(text, published="2016-04-15", name=name, model=False)
    with open_store(str(record)) as store:
        store.add([(Page(name, docs[0].source, docs[0].report.sha256, **known), [d.line() for d in docs])])
    return docs[0].report.id


def first_report(desk: Any, page: Any) -> str:
    page.goto(desk.base + "/reports?q=لودريان")
    return str(page.locator(".hits h2 a").first.get_attribute("href")).partition("?")[0]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_mark_and_its_card_light_each_other(desk: Any, lang: str) -> None:
    page = desk.open("/", lang=lang)
    address = first_report(desk, page)
    page.goto(desk.base + address)
    mark = page.locator("#text .x.v").first
    mark.click()
    card = page.locator(".entry.lit")
    assert card.count() == 1 and card.get_attribute("data-id") in (mark.get_attribute("data-r") or "").split()
    assert "lit" in (mark.get_attribute("class") or "").split()
    box = card.bounding_box()
    assert box and box["y"] >= 0 and box["y"] < 900
    shared = page.evaluate("location.search")
    assert shared == f"?show={card.get_attribute('data-id')}"
    page.keyboard.press("Escape")
    assert page.locator(".lit").count() == 0 and page.evaluate("location.search") == ""
    page.goto(desk.base + address + shared)
    page.wait_for_selector(".entry.lit")
    assert page.locator("#text .lit.exact").first.is_visible()
    page.locator(".e-statements .quote").last.click()
    assert page.locator(".entry.lit").get_attribute("data-id") == page.locator(".e-statements").last.get_attribute("data-id")
    assert page.locator("#text .lit").first.is_visible()


def test_the_legend_takes_marks_away_and_is_remembered(desk: Any) -> None:
    page = desk.open("/", lang="en")
    address = first_report(desk, page)
    page.goto(desk.base + address)
    colour = "getComputedStyle(document.querySelector('#text .v')).color"
    before = page.evaluate(colour)
    page.locator("label.ly-v").click()
    assert page.evaluate(colour) != before and not page.locator(".g-events").is_visible()
    page.reload()
    assert not page.locator("#ly-v").is_checked() and not page.locator(".g-events").is_visible()
    page.locator("[data-plain]").click()
    assert page.locator(".legend input:checked").count() == 0
    page.locator("[data-plain]").click()
    assert page.locator(".legend input:checked").count() == 9 and page.evaluate(colour) == before


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_marks_are_one_tab_stop_and_arrows_walk_them(desk: Any, lang: str) -> None:
    page = desk.open("/", lang=lang)
    page.goto(desk.base + first_report(desk, page))
    assert page.locator("#text [tabindex='0']").count() == 1
    page.locator("#text [tabindex='0']").focus()
    where = "Number(document.activeElement.dataset.start)"
    first = page.evaluate(where)
    page.keyboard.press("ArrowLeft")
    second = page.evaluate(where)
    page.keyboard.press("ArrowLeft")
    third = page.evaluate(where)
    assert first < second < third
    assert page.locator("#reading-told").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(where) == second and page.locator("#text [tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    assert page.locator(".entry.lit").count() == 1
    assert page.evaluate("!!document.activeElement.closest('.entry.lit')")
    page.keyboard.press("Escape")
    assert page.evaluate(where) == second and page.locator(".lit").count() == 0


def test_on_a_narrow_screen_the_card_comes_up_from_below(desk: Any) -> None:
    page = desk.open("/", lang="ar", width=360, height=740, has_touch=True)
    page.goto(desk.base + first_report(desk, page))
    page.locator("#text .x.v").first.tap()
    card = page.locator(".entry.peek")
    box = card.bounding_box()
    assert box and box["y"] > 300 and box["y"] + box["height"] <= 740
    shared = page.evaluate("location.href")
    page.locator("[data-close]").click()
    assert page.locator(".peek").count() == 0
    page.goto(shared)
    page.wait_for_selector(".entry.peek")
    assert page.locator("#text .lit").first.is_visible()


def test_offsets_count_code_points(desk_over: Callable[[Path], Any], made_record: Path, tmp_path: Path) -> None:
    record = tmp_path / "astral.db"
    record.write_bytes(made_record.read_bytes())
    id = added(
        record, "😀𐤀😀 الوزير يزور بغداد\n\nأعلن 😀 وزير الدفاع الفرنسي جان إيف لودريان في بغداد 𐤀 أن فرنسا ستدرب 500 جندي.\n", "astral.txt"
    )
    with open_store(str(record)) as store:
        line = corrected_line(store, id)
    desk = desk_over(record)
    page = desk.open(f"/reports/{id}", lang="ar")
    for mention in line.mentions:
        page.goto(f"{desk.base}/reports/{id}?show={mention.id}")
        page.wait_for_selector("#text .lit.exact")
        assert "".join(page.locator("#text .exact").all_inner_texts()) == mention.text


@pytest.mark.parametrize("width", [1280, 360])
def test_a_hostile_page_does_nothing(desk_over: Callable[[Path], Any], made_record: Path, tmp_path: Path, width: int) -> None:
    record = tmp_path / "hostile.db"
    record.write_bytes(made_record.read_bytes())
    id = added(record, HOSTILE, "<script>alert(9)</script>.txt", outlet="<b>صحيفة</b>\u202e", url="javascript:alert(6)")
    desk = desk_over(record)
    page = desk.open("/reports", lang="ar", width=width)
    page.on("dialog", lambda d: desk.complaints.append(f"a dialog: {d.message}") or d.dismiss())
    page.goto(f"{desk.base}/reports/{id}")
    assert page.locator("#text script, #text img, #text svg, #main style").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
    text = page.locator("#text").bounding_box()
    paper = page.locator(".paper").bounding_box()
    assert text and paper and text["x"] >= paper["x"] and text["x"] + text["width"] <= paper["x"] + paper["width"] + 1
    assert page.locator(".top").is_visible() and page.locator("#cards").is_visible()
    for mark in page.locator("#text .x").all()[:5]:
        mark.click(position={"x": 2, "y": 8})
    for fold in page.locator("details.below").all():
        fold.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_lit_report_is_accessible(desk: Any, theme: str) -> None:
    page = desk.open("/", lang="en", theme=theme)
    page.goto(desk.base + first_report(desk, page))
    for fold in page.locator("details.below").all():
        fold.locator("summary").click()
    for kind in (".x.v", ".x.c", ".x.k", ".x.m", ".x.t", ".x.q"):
        if page.locator(f"#text {kind}").count():
            page.locator(f"#text {kind}").first.click()
            found = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
            assert not found, [(v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["any"][:1]) for v in found]


def test_printed_the_cards_stand_under_the_text(desk: Any) -> None:
    page = desk.open("/", lang="ar")
    page.goto(desk.base + first_report(desk, page))
    page.emulate_media(media="print")
    text, cards = page.locator("#text").bounding_box(), page.locator("#cards").bounding_box()
    assert text and cards and cards["y"] >= text["y"] + text["height"]
    assert not page.locator(".legend").is_visible() and page.locator(".isnad").first.is_visible()

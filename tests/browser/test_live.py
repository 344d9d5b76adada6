"""The overview tells what comes in while it comes in, in both languages, and shows it when asked."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from musnad.batch.adding import add_pages
from musnad.resolve.refresh import refresh
from musnad.store.store import open_store

PAGE = "وزير الصحة اللبناني يستقبل السفير المصري\n\nبيروت - استقبل وزير الصحة اللبناني السفير المصري في بيروت الثلاثاء 5 أيار/مايو 2020، وبحثا في تعاون المستشفيات.\n"


@pytest.mark.parametrize(("lang", "word"), [("ar", "تقارير جديدة: 1"), ("en", "New reports: 1")])
def test_what_comes_in_is_told(desk: Any, tmp_path: Path, lang: str, word: str) -> None:
    page = desk.open("/reports", lang=lang)
    box = page.locator("#live")
    with page.expect_response("**/api/v1/live") as answered:
        page.goto(f"{desk.base}/")
    assert answered.value.status == 200
    assert not box.is_visible()
    count = page.locator(".tiles a[href='/reports'] strong")
    before = int(count.inner_text())
    (tmp_path / "new.txt").write_text(PAGE, encoding="utf-8")
    with open_store(desk.setting.record) as store:
        list(add_pages(store, [str(tmp_path / "new.txt")], model=False))
        box.get_by_text(word).wait_for()
        refresh(store)
    box.get_by_text("·").wait_for()
    box.get_by_role("link").click()
    expect(box).to_be_hidden()
    until = time.monotonic() + 30
    while int(count.inner_text()) == before and time.monotonic() < until:  # what took long to count may lag for a moment
        page.wait_for_timeout(300)
        page.reload()
    assert int(count.inner_text()) == before + 1

"""Figures: the golden sentences, and what holds for any text."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stages.reading import golden, read


@pytest.mark.parametrize(("text", "spans", "published", "case"), golden("figures"))
def test_golden(text: str, spans: list[tuple[int, int]], published: str | None, case: dict[str, Any]) -> None:
    found = [((f.start, f.end), f.low, f.high, f.bound, f.kind, f.unit) for f in read(text, published or "2019-10-16").figures]
    assert found == [(span, *values) for span, values in zip(spans, case.get("figures", ()), strict=True)]


def test_a_time_is_no_figure() -> None:
    doc = read("قتل 12 مدنيا في 12 مايو 2018", "2018-06-01")
    assert [f.text for f in doc.figures] == ["12 مدنيا"]
    assert [t.text for t in doc.times] == ["12 مايو 2018"]


WORDS = ["12", "ألف", "و", "مليون", "ثلاثة", "وعشرين", "شخصا", "قتيل", "%", "بالمئة", "نصف", "بين", "إلى", "أكثر من", "على الأقل", "$", "-", ",", "مئة", "آلاف", "الـ15", "سالب", "\n", "آخرين", "عجلتين", "فاصلة"]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_no_row_of_number_words_raises(words: list[str]) -> None:
    assert all(f.low <= f.high for f in read(" ".join(words)).figures)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    "unit", ["7", "و", "ألف ", "مليون وألف ", "12 ", "ثلاثة وعشرون ", "1,", "بين 10 و", "أكثر من ", "١٢٣ مليون دولار "]
)
def test_time_grows_with_length(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        read(text)
        return time.process_time() - start

    seconds(2_000)
    small, large = (min(seconds(size) for _ in range(3)) for size in (10_000, 80_000))
    assert large < 30 * max(small, 0.02), f"{small:.3f} s for 10 kB, {large:.3f} s for 80 kB"

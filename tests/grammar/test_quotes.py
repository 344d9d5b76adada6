"""Quotations: every kind of mark, nested, mixed, unclosed; and never an error."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musnad.grammar.quotes import find_quotes


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('قال "نعم" ومضى', ["نعم"]),
        ("قال «نعم» ومضى", ["نعم"]),
        ("قال “نعم” ومضى", ["نعم"]),
        ("قال ”نعم“ ومضى", ["نعم"]),
        ("قال <<نعم>> ومضى", ["نعم"]),
        ("قال ''نعم'' ومضى", ["نعم"]),
        ('قال: "نعم." وأضاف: "لا".', ["نعم.", "لا"]),
        ("«زار «الناتو» أمس»", ["زار «الناتو» أمس"]),
        ('"قرأ "الشروق" أمس" ومضى', ['قرأ "الشروق" أمس']),
        ("عاد إلى بيته", []),
        ("بيت' واحد", []),
    ],
)
def test_closed_quotations(text: str, inside: list[str]) -> None:
    found = find_quotes(text, 0, len(text))
    assert [text[q.start : q.end] for q in found] == inside
    assert all(q.whole for q in found)


def test_an_unclosed_quotation_ends_with_its_line() -> None:
    text = "قال «نعم ومضى\nثم عاد"
    (found,) = find_quotes(text, 0, len(text))
    assert (text[found.start : found.end], found.whole) == ("نعم ومضى", False)


def test_an_unclosed_quotation_ends_where_the_next_opens() -> None:
    text = 'قال إن "الجسر مغلق.. وأضاف أن "الطريق مفتوح" أيضا'
    found = find_quotes(text, 0, len(text))
    assert [(text[q.start : q.end], q.whole) for q in found] == [("الجسر مغلق.. وأضاف أن", False), ("الطريق مفتوح", True)]


def test_a_stray_closing_mark_is_left_alone() -> None:
    text = "الجسر مغلق» كما قال"
    assert find_quotes(text, 0, len(text)) == []


@given(st.text(alphabet="اب \n\"'«»“”<>.،", max_size=60))
def test_ranges_are_in_order_and_inside(text: str) -> None:
    at = 0
    for q in find_quotes(text, 0, len(text)):
        assert at <= q.outer_start <= q.start <= q.end <= q.outer_end <= len(text)
        at = q.outer_end


@pytest.mark.parametrize("unit", ['" ', '"ا ', "«", "'' "])
def test_time_is_linear(unit: str) -> None:
    def seconds(n: int) -> float:
        text, begun = unit * n, time.process_time()
        find_quotes(text, 0, len(text))
        return time.process_time() - begun

    short, long = (min(seconds(n) for _ in range(3)) for n in (10_000, 40_000))
    assert long < 12 * short + 0.2

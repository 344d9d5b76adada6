"""Numbers: what each way of writing one is worth, and that words and digits agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musnad.grammar.folding import Folded
from musnad.grammar.numbers import Number, NumberReader, read_digits
from musnad.grammar.numbers_joined import join_fractions, join_ranges
from musnad.grammar.tokens import tokenize
from musnad.tools import load

UNITS = ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة"]
TENS = ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
HUNDREDS = ["", "مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"]


def numbers(text: str) -> list[Number]:
    folded = Folded(text)
    tokens = tokenize(folded)
    hits = [h for h in load(model=False).lexicon.scan(folded, tokens) if h.entry.list == "numbers"]
    return NumberReader(tokens, hits, folded.text).all()


def in_words(n: int) -> str:
    """A number below a thousand in masculine nominative words."""
    parts = [HUNDREDS[n // 100]]
    rest = n % 100
    if 11 <= rest <= 19:
        parts.append({11: "أحد عشر", 12: "اثنا عشر"}.get(rest, UNITS[rest - 10] + " عشر"))
    elif rest == 10:
        parts.append("عشرة")
    else:
        parts += [UNITS[rest % 10], TENS[rest // 10]]
    return " و".join(p for p in parts if p)


@settings(deadline=None)
@given(st.integers(1, 999), st.integers(1, 999), st.integers(1, 999))
def test_words_are_worth_what_they_say(millions: int, thousands: int, rest: int) -> None:
    (found,) = numbers(f"{in_words(millions)} مليون و{in_words(thousands)} ألف و{in_words(rest)}")
    assert found.low == found.high == millions * 1_000_000 + thousands * 1000 + rest


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("١٢٣", 123), ("1,234,567", 1234567), ("١٬٢٣٤", 1234), ("3.5 مليون", 3_500_000), ("1,5 مليار", 1_500_000_000), ("٣٫٢٥", 3.25),
        ("1 234 567", 1234567), ("13،50", 13.5), ("50 ألف", 50_000), ("ألفين و200", 2200), ("خمسمائة", 500), ("ثلاث مئة", 300),
        ("مليون ونصف المليون", 1_500_000), ("ثلاثة أرباع", 0.75), ("سالب خمسة", -5), ("-12", -12), ("اثنتا عشرة", 12), ("ستة عشر", 16),
        ("اثنان فاصلة خمسة", 2.5), ("نصف دزينة", 6), ("مئة ألف", 100_000),
    ],
)  # fmt: skip
def test_ways_of_writing(text: str, value: float) -> None:
    (found,) = numbers(text)
    assert found.low == found.high == value
    assert (found.start, found.end) == (0, len(text))


@pytest.mark.parametrize(
    ("text", "low", "high"), [("عشرات", 20, 99), ("مئات الآلاف", 200_000, 999_999), ("الآلاف", 2000, 9999), ("بضعة آلاف", 3000, 9000)]
)
def test_plurals_without_a_count(text: str, low: float, high: float) -> None:
    (found,) = numbers(text)
    assert (found.low, found.high, found.written) == (low, high, "vague")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("بين 10 و15", 10, 15), ("10-15", 10, 15), ("من 3 إلى 5", 3, 5), ("ثلاثة أو أربعة", 3, 4), ("بين 3 و5 آلاف", 3000, 5000)],
)
def test_ranges(text: str, low: float, high: float) -> None:
    (found,) = join_ranges(tokenize(Folded(text)), numbers(text))
    assert (found.low, found.high, found.ranged) == (low, high, True)


def test_a_change_is_no_range() -> None:
    text = "ارتفع العدد من 30 إلى 40"
    assert [n.low for n in join_ranges(tokenize(Folded(text)), numbers(text))] == [30, 40]


@pytest.mark.parametrize(
    ("text", "value"), [("3/4", 0.75), ("2 1/4", 2.25), ("واحد على عشرين", 0.05), ("واحد من كل خمسة", 0.2), ("2^-2", 0.25), ("1e3", 1000)]
)
def test_fractions_and_powers(text: str, value: float) -> None:
    (found,) = join_fractions(tokenize(Folded(text)), numbers(text))
    assert found.low == pytest.approx(value)


@settings(deadline=None)
@given(st.text(alphabet="0123456789.,", max_size=60))
def test_no_row_of_digits_raises(text: str) -> None:
    value = read_digits(text) if text[:1].isdigit() and text[-1:].isdigit() and ".." not in text else 0
    assert value is None or value >= 0
    numbers(text)

"""Lines in visual order. Expected strings are written left to right, as a terminal shows them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musnad.export.bidi import join_letters, visual
from musnad.grammar.folding import INVISIBLE

LRM = "\u200e"


@pytest.mark.parametrize(
    ("logical", "shown"),
    [
        ("ابج", "جبا"),
        ("ابج abc دهو", "وهد abc جبا"),
        ("قتل 13 جنديا", "ايدنج 13 لتق"),
        ("(ابج)", "(جبا)"),
        ("قال «نعم» ثم", "مث «معن» لاق"),
        ("نسبة 25% منها", "اهنم %25 ةبسن"),
        (f"يوم {LRM}2014-09-22{LRM} كان", "ناك 2014-09-22 موي"),
        ("ابج ...", "... جبا"),
        ("بً", "بً"),
        ("", ""),
    ],
)
def test_right_to_left_lines(logical: str, shown: str) -> None:
    assert visual(logical, shape=False) == shown


def test_a_left_to_right_line_keeps_its_latin_and_turns_the_arabic_inside() -> None:
    assert visual("see ابج now", base=0, shape=False) == "see جبا now"


@pytest.mark.parametrize(
    ("letters", "joined"),
    [
        ("بيت", "\ufe91\ufef4\ufe96"),
        ("دار", "\ufea9\ufe8d\ufead"),
        ("لا", "\ufefb"),
        ("سلام", "\ufeb3\ufefc\ufee1"),
        ("ماء", "\ufee3\ufe8e\ufe80"),
        ("ب1ب", "\ufe8f1\ufe8f"),
    ],
)
def test_letters_are_joined(letters: str, joined: str) -> None:
    assert join_letters(letters) == joined


def test_a_mark_between_letters_does_not_part_them() -> None:
    assert join_letters("بَيت").replace("\u064e", "") == join_letters("بيت")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60) | st.text("ابت ,.()«»12٣a-%ً" + LRM, max_size=60))
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost_and_nothing_added(text: str) -> None:
    """Mirroring changes brackets, joining changes letters: without the two, the characters are the same ones."""
    mirrored = str.maketrans(")]}>»›≥⟧", "([{<«‹≤⟦")
    for base in (0, 1):
        shown = visual(text, base, shape=False)
        assert sorted(shown.translate(mirrored)) == sorted("".join(c for c in text if c not in INVISIBLE).translate(mirrored))

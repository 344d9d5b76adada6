"""Sentences: where newspapers end them and where a stop ends nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musnad.grammar.quotes import find_quotes
from musnad.grammar.sentences import find_sentences


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in find_sentences(text, 0, len(text), 0, find_quotes(text, 0, len(text)))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("وصل الوفد. وغادر الوزير.", ["وصل الوفد.", "وغادر الوزير."]),
        ("هل وصل الوفد؟ نعم!", ["هل وصل الوفد؟", "نعم!"]),
        ("وصل الوفد.وغادر الوزير", ["وصل الوفد.", "وغادر الوزير"]),
        ("توقف القتال.. وعاد السكان", ["توقف القتال..", "وعاد السكان"]),
        ("بلغ النمو 3.5 بالمئة هذا العام.", ["بلغ النمو 3.5 بالمئة هذا العام."]),
        ("زار د. سالم المدرسة.", ["زار د. سالم المدرسة."]),
        ("قالت شبكة (سي.بي.إس) أمس إنها وصلت.", ["قالت شبكة (سي.بي.إس) أمس إنها وصلت."]),
        ("نعم هو.قال الوزير", ["نعم هو.", "قال الوزير"]),
        ("سطر أول\nسطر ثان", ["سطر أول", "سطر ثان"]),
        ('قال "عدنا. ولن نرحل" ومضى.', ['قال "عدنا. ولن نرحل" ومضى.']),
        ("", []),
        ("...", ["..."]),
    ],
)
def test_ends(text: str, wanted: list[str]) -> None:
    assert sentences(text) == wanted


def test_a_long_quotation_may_hold_sentences() -> None:
    inside = "عدنا إلى القرية بعد عام من الغياب. " * 20
    assert len(sentences(f'قال "{inside}" ومضى.')) > 10


@given(st.text(alphabet='اب .!؟\n"«»1', max_size=80))
def test_every_letter_is_in_one_sentence(text: str) -> None:
    assert "".join("".join(s.split()) for s in sentences(text)) == "".join(text.split())

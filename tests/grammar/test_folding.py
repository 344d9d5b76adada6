"""Folding: variants look alike, and every shadow range finds its way back."""

from hypothesis import given
from hypothesis import strategies as st

from musnad.grammar.folding import Folded, fold

ARABIC = st.text(alphabet=st.sampled_from("ابتثأإآىيةهؤئءگپچکی لاـًٌٍَُِّْ\u200f\u200c\u200b٠١۲3aB«»“”ﷲﻻﺎ\n"))


@given(st.one_of(ARABIC, st.text()))
def test_map_is_monotone_and_in_range(text: str) -> None:
    folded = Folded(text)
    starts = [folded.source_at(i) for i in range(len(folded.text) + 1)]
    assert starts == sorted(starts)
    assert starts[-1] == len(text)
    for i in range(len(folded.text)):
        a, b = folded.span(i, i + 1)
        assert 0 <= a < b <= len(text)
        assert folded.shadow_at(a) <= i


@given(ARABIC)
def test_span_covers_what_it_folds(text: str) -> None:
    folded = Folded(text)
    a, b = folded.span(0, len(folded.text))
    assert Folded(text[a:b]).text == folded.text


def test_variants_look_alike() -> None:
    assert fold("الأُمَّة") == fold("الامه") == fold("ا\u200fلأمــة")
    assert fold("ﻻ") == "لا"
    assert fold("٢٠١٤") == fold("۲۰۱۴") == "2014"
    assert fold("کردستان") == fold("كردستان")
    assert fold("“مرحبا”") == fold("«مرحبا»")
    assert fold("العرqاق") == fold("العراق")
    assert fold("مسؤول") != fold("مسول")


def test_span_takes_the_last_letters_marks_along() -> None:
    text = "زار الفرنسيّ، بغداد"
    folded = Folded(text)
    i = folded.text.index("الفرنسي")
    assert text[slice(*folded.span(i, i + len("الفرنسي")))] == "الفرنسيّ"

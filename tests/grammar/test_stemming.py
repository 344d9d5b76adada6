"""Light stems: what a searcher expects to meet."""

import pytest

from musnad.grammar.folding import fold
from musnad.grammar.stemming import stem, stems

SAME = [
    "وزير الوزير للوزير وزيرها والوزير",
    "قال وقال",
    "القوات قوات للقوات وقواتنا",
    "مدينة بالمدينة والمدينة",
    "تصريح تصريحات التصريحات",
    "الفرنسية فرنسي الفرنسي فرنسيين",
    "جسر جسرا الجسر",
    "جندي جنديا",
]
APART = [("وفد", "فد"), ("وزير", "زير"), ("عراق", "عرق"), ("وطن", "طن")]


@pytest.mark.parametrize("words", SAME)
def test_forms_of_a_word_meet(words: str) -> None:
    assert len({stem(fold(w)) for w in words.split()}) == 1


@pytest.mark.parametrize("a, b", APART)
def test_words_stay_apart(a: str, b: str) -> None:
    assert stem(fold(a)) != stem(fold(b))


def test_terms_come_with_their_place_in_the_source() -> None:
    text = "زار الوزيرُ Paris في 2014"
    assert [(term, text[t.start : t.end]) for term, t in stems(text)] == [
        ("زار", "زار"),
        ("وزير", "الوزيرُ"),
        ("paris", "Paris"),
        ("في", "في"),
        ("2014", "2014"),
    ]

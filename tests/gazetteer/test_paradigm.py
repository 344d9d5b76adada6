"""The forms of a nisba."""

from musnad.gazetteer.paradigm import forms_of


def test_one_word() -> None:
    forms = forms_of("عراقي")
    assert {"عراقي", "عراقيه", "عراقيون", "عراقيين", "عراقيات", "عراقيان", "عراقيتين", "عراقيا", "العراقي", "العراقيه", "العراقيون"} <= set(
        forms
    )
    assert "العراقيا" not in forms


def test_two_inflected_words() -> None:
    forms = forms_of("كوري جنوبي")
    assert {"كوري جنوبي", "كوريه جنوبيه", "كوريين جنوبيين", "الكوريه الجنوبيه", "الكوريون الجنوبيون"} <= set(forms)
    assert "كوريه جنوبي" not in forms


def test_an_uninflected_first_word() -> None:
    assert {"جنوب افريقيه", "الجنوب افريقي", "جنوب الافريقيه"} <= set(forms_of("جنوب أفريقي"))


def test_a_word_that_is_no_nisba() -> None:
    assert forms_of("مسلم") == ("مسلم", "المسلم")

"""Arabic names in Latin letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musnad.romanize import romanize


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("عبد الأمير الشمري", "Abdul Amir al-Shamri"),
        ("عبدالرقيب فتح", "Abdul Raqib Fatah"),
        ("قيس المحمداوي", "Qais al-Mahmadawi"),
        ("أبو عمر القريشي", "Abu Omar al-Qarishi"),
        ("عبد الله بن زايد آل نهيان", "Abdullah bin Zayed Al Nahyan"),
        ("صلاح الدين", "Salah al-Din"),
        ("كريستيان", "Christian"),
        ("سعيد ولد حمد", "Saeed Ould Hamad"),
        ("ناصر", "Nasser"),
        ("رائد", "Raed"),
        ("BBC", "BBC"),
        ("", ""),
    ],
)
def test_names(arabic: str, latin: str) -> None:
    assert romanize(arabic) == latin


@given(st.text(max_size=60))
def test_anything_goes_through(text: str) -> None:
    assert isinstance(romanize(text), str)


@given(st.lists(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويءةىأإآؤئ", min_size=1, max_size=12), min_size=1, max_size=5))
def test_no_arabic_letter_is_left(words: list[str]) -> None:
    assert not any("\u0600" <= c <= "\u06ff" for c in romanize(" ".join(words)))

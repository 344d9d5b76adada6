"""Conjugation: forms that newspapers write, by class of verb."""

import pytest

from musnad.grammar.verbs import Verb, conjugate
from musnad.record.errors import BadRule

CLASSES = {
    ("أكد", "يؤكد"): "اكد اكدت اكدوا يؤكد تؤكد يؤكدون اؤكد اكدنا",
    ("قال", "يقول"): "قالت قالوا قلت قلنا قيل يقال قالا يقولون تقول اقول نقول يقل",
    ("نفى", "ينفي"): "نفي نفت نفوا نفيا تنفي ينفون ينف نفيت",
    ("دعا", "يدعو"): "دعا دعت دعوا دعوت دعي يدعي يدعو يدعون يدع",
    ("لقي", "يلقى"): "لقي لقيت لقوا يلقي يلق",
    ("استقال", "يستقيل"): "استقال استقلت استقيل يستقال يستقل",
    ("رد", "يرد"): "ردت رددت ردوا يردون",
    ("احتل", "يحتل"): "احتلت احتللنا يحتلون",
    ("بدأ", "يبدأ"): "بدا بداوا بدؤوا بدات يبدا",
    ("أعاد", "يعيد"): "اعاد اعدت اعيد يعاد يعد اعادت",
    ("قاتل", "يقاتل"): "قوتل يقاتلون",
    ("تبادل", "يتبادل"): "تبادلا تبودل تبادلت",
    ("وصل", "يصل"): "وصلت وصلوا يصلون تصل",
    ("التقى", "يلتقي"): "التقت التقوا التقيا يلتقيان يلتقون",
}


@pytest.mark.parametrize("parts", CLASSES)
def test_forms_of_each_class(parts: tuple[str, str]) -> None:
    forms = conjugate(*parts)
    assert [w for w in CLASSES[parts].split() if w not in forms] == []


def test_readings_say_person_number_voice() -> None:
    assert Verb("past", 3, "m", "d", "active") in conjugate("التقى", "يلتقي")["التقيا"]
    assert Verb("past", 3, "m", "s", "passive") in conjugate("أصاب", "يصيب")["اصيب"]
    assert Verb("present", 3, "m", "p", "active") in conjugate("نفى", "ينفي")["ينفون"]
    assert "نفاوا" not in conjugate("نفى", "ينفي")


@pytest.mark.parametrize("parts", [("قال", "قول"), ("ق", "يق"), ("", "")])
def test_wrong_principal_parts_are_told(parts: tuple[str, str]) -> None:
    with pytest.raises(BadRule, match="principal parts"):
        conjugate(*parts)

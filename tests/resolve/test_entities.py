"""Who is who: spellings, short names, homonyms, and people's word above the machine's."""

from __future__ import annotations

import pytest

from musnad.resolve.entities import Local, cluster, decide, profiles
from musnad.resolve.spelling import align, name_words, skeleton


def person(id: str, name: str, report: str | None = None, **more: object) -> Local:
    known = {"name_en": "", "country": None, "known": None, **more}
    return Local(id=id, report=report or f"r{id}", type=str(known.pop("type", "PER")), name=name, **known)  # type: ignore[arg-type]


def groups(*people: Local, same: tuple[tuple[str, str], ...] = (), different: tuple[tuple[str, str], ...] = ()) -> set[frozenset[str]]:
    found = profiles(people)
    clusters = cluster(found, decide(found), same, different)
    return {frozenset(i for i, c in clusters.items() if c == k) for k in clusters.values()}


@pytest.mark.parametrize(
    "a, b",
    [
        ("جان إيف لودريان", "جان ايف لو دريان"),
        ("أنطونيو غوتيريش", "أنطونيو جوتيريش"),
        ("فرنسوا هولاند", "فرانسوا هولاند"),
        ("بنيامين نتنياهو", "بنيامين نتانياهو"),
        ("عبدالفتاح السيسي", "عبد الفتاح السيسي"),
        ("فلاديمير بوتين", "فلاديمير بوتن"),
        ("مايك بومبيو", "مايك بومبيوو"),
    ],
)
def test_spellings_of_one_name_meet(a: str, b: str) -> None:
    assert groups(person("1", a), person("2", b)) == {frozenset("12")}


@pytest.mark.parametrize(
    "a, b",
    [
        ("محمد بن سلمان", "محمد بن نايف"),
        ("جورج بوش", "جورج صبرا"),
        ("علي خامنئي", "علي السيستاني"),
        ("إبراهيم الجعفري", "محمد الجعفري"),
        ("مسعود بارزاني", "نيجيرفان بارزاني"),
        ("محمود عباس", "محمد عباس"),
        ("فرانسوا هولاند", "توم هولاند"),
        ("محمد محمود", "محمد بن راشد آل مكتوم"),
        ("عبد الله", "عبدالله"),
    ],
)
def test_kin_and_namesakes_stay_apart(a: str, b: str) -> None:
    assert groups(person("1", a), person("2", b)) == {frozenset("1"), frozenset("2")}


def test_a_last_name_joins_its_only_bearer_with_the_same_country_and_office() -> None:
    office = (("وزير الدفاع", "FRA"),)
    full = person("1", "جان إيف لودريان", country="FRA", offices=office, day="2016-01-20")
    short = person("2", "لودريان", country="FRA", offices=office, day="2016-01-22")
    assert groups(full, short) == {frozenset("12")}
    assert groups(full, person("3", "لودريان", country="BEL")) == {frozenset("1"), frozenset("3")}


def test_a_last_name_that_fits_two_joins_neither() -> None:
    parts = groups(
        person("1", "مسعود بارزاني", country="IRQ", day="2017-01-01", offices=(("رئيس الإقليم", "IRQ"),)),
        person("2", "نيجيرفان بارزاني", country="IRQ", day="2017-01-01", offices=(("رئيس الإقليم", "IRQ"),)),
        person("3", "بارزاني", country="IRQ", day="2017-01-01", offices=(("رئيس الإقليم", "IRQ"),)),
    )
    assert parts == {frozenset("1"), frozenset("2"), frozenset("3")}


def test_the_dictionary_joins_nicknames_and_keeps_two_entries_apart() -> None:
    assert groups(person("1", "أبو بكر البغدادي", known="k1"), person("2", "إبراهيم عواد البدري", known="k1")) == {frozenset("12")}
    assert groups(person("1", "جورج بوش", known="k1"), person("2", "جورج بوش", known="k2")) == {frozenset("1"), frozenset("2")}


def test_people_judge_above_the_machine() -> None:
    a, b, c = person("1", "فلاديمير بوتين"), person("2", "فلاديمير بوتن"), person("3", "الرئيس القوي")
    assert groups(a, b, different=(("1", "2"),)) == {frozenset("1"), frozenset("2")}
    assert groups(a, c, same=(("1", "3"),)) == {frozenset("13")}
    twice = person("4", "فلاديمير بوتين")
    assert groups(a, twice, different=(("1", "4"),)) == {frozenset("1"), frozenset("4")}


def test_words_and_bones() -> None:
    assert name_words("عبد الله بن زايد") == ("عبدله", "بن", "زايد")
    assert skeleton("لودريان") == skeleton("لودريون") != skeleton("ماكرون")
    mean, least, ends = align(("بوتين",), ("فلاديمير", "بوتن"))
    assert mean == least > 0.89 and not ends
    assert align(("محمد", "عباس"), ("محمود", "عباس"))[1] == 0.5

"""What the gazetteer answers, and how a user's lists lie on top."""

import time
from pathlib import Path

import pytest

from musnad.gazetteer import Gazetteer, KnownHit
from musnad.gazetteer.index import COMPILED
from musnad.grammar.folding import Folded, fold
from musnad.grammar.tokens import tokenize
from musnad.record.errors import BadRule


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.read()


def scan(gazetteer: Gazetteer, text: str) -> list[KnownHit]:
    folded = Folded(text)
    return gazetteer.scan(folded, tokenize(folded))


@pytest.mark.parametrize(
    ("text", "name", "id", "sure"),
    [
        ("وصل الوفد إلى الموصل صباحا", "الموصل", "geo:99072", True),
        ("نفى ناطق باسم البنتاغون الخبر", "البنتاغون", "USA/defence-ministry", True),
        ("أعلنت وزارة الدفاع الأمريكية", "وزارة الدفاع الأمريكية", "USA/defence-ministry", True),
        ("انسحب للجيش العراقي لواء", "لجيش العراقي", "IRQ/army", True),
        ("قصفه الجيش الكوري الجنوبي", "الجيش الكوري الجنوبي", "KOR/army", True),
        ("وبرلمان تونس", "برلمان تونس", "TUN/parliament", True),
        ("ردت وزارة خارجية فرنسا", "وزارة خارجية فرنسا", "FRA/foreign-ministry", True),
        ("تبنى تنظيم «الدولة الإسلامية» الهجوم", "تنظيم «الدولة الإسلامية»", "islamic-state", True),
        ("قاتلت مليشيات #الحوثي هناك", "مليشيات #الحوثي", "ansar-allah", True),
        ("قال الحوثي أمس", "الحوثي", "ansar-allah", False),
        ("صرح جان إيف لو دريان", "جان إيف لو دريان", "jean-yves-le-drian", True),
        ("التقى نتانياهو", "نتانياهو", "benjamin-netanyahu", True),
        ("حضر سعيد الجلسة", "سعيد", "kais-saied", False),
        ("إلى كوريا الشمالية", "كوريا الشمالية", "PRK", True),
        ("وللعراق حدود طويلة", "لعراق", "IRQ", True),
        ("اللاجئين السوريين", "السوريين", "nat:SYR", True),
        ("رجلان سوريان", "سوريان", "nat:SYR", True),
        ("يدعم سوريا", "سوريا", "SYR", True),
    ],
)
def test_scan(gazetteer: Gazetteer, text: str, name: str, id: str, sure: bool) -> None:
    hits = {text[h.start : h.end]: h for h in scan(gazetteer, text)}
    assert name in hits, list(hits)
    assert id in [k.id for k in hits[name].known]
    assert hits[name].sure is sure


@pytest.mark.parametrize("text", ["قالت وكالة الخبر", "زار كبيرا منهم", "في الحكومة", "القطاع المالية", "سكان البلد"])
def test_no_sure_name_in_common_words(gazetteer: Gazetteer, text: str) -> None:
    assert [h.form for h in scan(gazetteer, text) if h.sure] == []


def test_hits_come_in_text_order_and_lie_on_their_words(gazetteer: Gazetteer) -> None:
    text = "قال وزير الدفاعِ الفرنسيّ جان إيف لودريان في بغداد، ووزارة الدفاع العراقية"
    hits = scan(gazetteer, text)
    assert [h.first for h in hits] == sorted(h.first for h in hits)
    assert all(fold(text[h.start : h.end]).endswith(h.form.split(" ")[-1]) for h in hits)


@pytest.mark.parametrize(
    ("words", "of", "day", "holder"),
    [
        ("وزير الدفاع", "FRA", "2016-01-20", "Jean-Yves Le Drian"),
        ("وزير الخارجية", "FRA", "2018-05-01", "Jean-Yves Le Drian"),
        ("وزيرة الجيوش", "FRA", "2019-02-01", "Florence Parly"),
        ("رئيس الوزراء", "IRQ", "2014-09-22", "Haider al-Abadi"),
        ("رئيس الوزراء", "IRQ", "2014-08-01", "Nouri al-Maliki"),
        ("الرئيس", "USA", "2017-01-21", "Donald Trump"),
        ("الأمين العام", "united-nations", "2015-06-01", "Ban Ki-moon"),
        ("رئيس أركان الجيش", "IRQ", "2014-09-01", "Babaker Zebari"),
        ("المستشارة", "DEU", "2015-09-05", "Angela Merkel"),
        ("زعيم", "islamic-state", "2015-01-01", "Abu Bakr al-Baghdadi"),
        ("مبعوث الأمم المتحدة", "SYR", "2016-03-01", "Staffan de Mistura"),
    ],
)
def test_holder(gazetteer: Gazetteer, words: str, of: str, day: str, holder: str) -> None:
    known = gazetteer.holder(words, of, day)
    assert known is not None and known.name_en == holder


def test_no_holder_where_none_is_known(gazetteer: Gazetteer) -> None:
    assert gazetteer.holder("وزير الدفاع", "FRA", "1950-01-01") is None
    assert gazetteer.holder("وزير السعادة", "FRA", "2016-01-01") is None


def test_sectors_are_those_of_the_day(gazetteer: Gazetteer) -> None:
    known = gazetteer.by_id("jean-yves-le-drian")
    assert known is not None
    assert gazetteer.sectors(known, "2016-01-20") == ("GOV", "MIL")
    assert gazetteer.sectors(known, "2019-01-20") == ("GOV",)


@pytest.mark.parametrize(
    ("form", "country"),
    [
        ("الفرنسيه", "FRA"),
        ("اميركيون", "USA"),
        ("سودانيتين", "SDN"),
        ("الاتراك", "TUR"),
        ("الروس", "RUS"),
        ("الماليه", None),
        ("سوريا", None),
        ("بيت", None),
    ],
)
def test_nationality(gazetteer: Gazetteer, form: str, country: str | None) -> None:
    assert gazetteer.nationality(form) == country


def test_an_institution_known_by_its_pattern_has_names_in_both_languages(gazetteer: Gazetteer) -> None:
    army = gazetteer.by_id("ZAF/armed-forces")
    assert army is not None and army.name == "القوات المسلحة الجنوب أفريقية" and army.name_en == "South African Armed Forces"
    assert army.sectors == ("MIL",) and army.country == "ZAF"


def test_the_larger_place_comes_first(gazetteer: Gazetteer) -> None:
    assert [k.country for k in gazetteer.lookup("طرابلس")][:2] == ["LBY", "LBN"]


def test_reading_takes_less_than_a_quarter_second(gazetteer: Gazetteer) -> None:
    start = time.process_time()
    Gazetteer.read()
    assert time.process_time() - start < 0.25
    assert COMPILED.exists()


def write(folder: Path, name: str, *rows: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_a_users_lists_win(tmp_path: Path) -> None:
    write(
        tmp_path, "actors/ours.tsv", "forms\tname_en\ttype\tkind\tcountry\tsectors\toffices", "رائد الزبرجدي\tRaed Zabarjadi\tPER\tperson\tIRQ\tGOV\tdefence:IRQ:2040-01-01:"
    )  # fmt: skip
    write(tmp_path, "places/ours.tsv", "forms\tname_en\tkind\tcountry\tlat\tlon", "الموصل\tMosul of Ours\tcity\tLBY\t25.1\t20.3")
    write(tmp_path, "actors/drops.tsv", "forms\tdrop", "البنتاغون\tyes")
    gazetteer = Gazetteer.read([tmp_path])
    assert [k.name_en for k in gazetteer.lookup("الموصل")] == ["Mosul of Ours"]
    assert gazetteer.lookup("البنتاغون") == ()
    known = gazetteer.holder("وزير الدفاع", "IRQ", "2041-01-01")
    assert known is not None and known.name_en == "Raed Zabarjadi"
    assert [h.known[0].name_en for h in scan(gazetteer, "وقال رائد الزبرجدي") if h.sure] == ["Raed Zabarjadi"]
    assert Gazetteer.read().lookup("البنتاغون")


@pytest.mark.parametrize(
    "row",
    [
        "شيء\tThing\tXXX\tkind\t",
        "شيء\tThing\tPER\tperson\tdefence:IRQ:2040:2030",
        "شيء\tThing\tPER\tperson\tno-such-office:IRQ:2040:",
        "شيء\tThing\tPER\tperson\tdefence",
    ],
)
def test_a_malformed_row_is_named_with_file_and_line(tmp_path: Path, row: str) -> None:
    write(tmp_path, "actors/ours.tsv", "forms\tname_en\ttype\tkind\toffices", row)
    with pytest.raises(BadRule, match=r"ours\.tsv:2"):
        Gazetteer.read([tmp_path])

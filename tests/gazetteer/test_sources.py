"""The lists behind the index: codes, days, ids, and that the committed index is the one they compile to."""

import re
from collections import Counter
from functools import cache

from musnad.gazetteer import Gazetteer, Known
from musnad.gazetteer.build import SOURCES, build, encode
from musnad.gazetteer.index import COMPILED
from musnad.grammar.folding import fold
from musnad.grammar.lexicon import read_tsv

SECTORS = set("COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC IGO NGO IMG MNC".split())
NO_STATES_TODAY = {"SUN", "YUG", "CSK"}


@cache
def everything() -> tuple[Known, ...]:
    return tuple(Gazetteer.read().all())


def countries() -> set[str]:
    return {e.get("country") for e in read_tsv(SOURCES / "actors" / "countries.tsv")}


def test_the_committed_index_is_what_the_lists_compile_to() -> None:
    assert COMPILED.read_bytes() == encode(build([SOURCES])), "run python -m musnad.gazetteer and commit the index"


def test_the_index_is_small() -> None:
    assert COMPILED.stat().st_size < 6_000_000


def test_enough_is_known() -> None:
    kinds = Counter(k.type for k in everything())
    assert kinds["PER"] >= 2_000 and kinds["ORG"] >= 1_200 and kinds["LOC"] >= 15_000 and kinds["NORP"] >= 350
    assert sum(bool(k.offices) for k in everything()) >= 1_500


def test_countries_are_three_capitals_of_the_list() -> None:
    known = countries()
    assert all(re.fullmatch("[A-Z]{3}", c) for c in known)
    strange = {k.country for k in everything() if k.country and not k.id.startswith("geo:")} - known - NO_STATES_TODAY
    assert strange <= {"ATA"}


def test_sectors_are_codes_of_plover() -> None:
    assert {s for k in everything() for s in k.sectors} <= SECTORS


def test_every_office_is_of_someone_known_and_its_days_are_in_order() -> None:
    gazetteer = Gazetteer.read()
    for known in everything():
        for office in known.offices:
            assert gazetteer.by_id(office.of) is not None, (known.id, office.of)
            assert not office.to or office.from_[: len(office.to)] <= office.to[: len(office.from_)] or not office.from_, (known.id, office)


def test_ids_are_unique_and_the_english_name_is_latin() -> None:
    ids = Counter(k.id for k in everything())
    assert [i for i, n in ids.items() if n > 1] == []
    assert [k.id for k in everything() if re.search("[\u0600-\u06ff]", k.name_en) or not k.name_en] == []


def test_coordinates_are_on_earth() -> None:
    for known in everything():
        if known.type == "LOC":
            assert known.lat is not None and known.lon is not None and abs(known.lat) <= 90 and abs(known.lon) <= 180, known.id


def test_two_persons_share_a_sure_form_only_by_full_name() -> None:
    gazetteer = Gazetteer.read()
    for path in (SOURCES / "actors").glob("persons_*.tsv"):
        for entry in read_tsv(path):
            for form in entry.forms:
                persons = [k for k in gazetteer.lookup(form) if k.type == "PER"]
                assert len(persons) < 2 or gazetteer.is_doubtful(form) or " " in form, (path.name, form)


def test_every_row_of_an_actor_says_where_it_comes_from() -> None:
    for path in (SOURCES / "actors").glob("persons_*.tsv"):
        assert all(e.get("source") for e in read_tsv(path)), path.name


def test_given_names_have_a_gender_and_no_form_twice() -> None:
    entries = read_tsv(SOURCES / "words" / "given_names.tsv")
    assert all(set(e.get("gender").split("|")) <= {"m", "f"} for e in entries)
    arabic = sum("ar" in e.get("origin").split("|") for e in entries)
    assert arabic >= 1_500 and len(entries) - arabic >= 800
    assert [f for f, n in Counter(fold(e.row["forms"].split("|")[0]) for e in entries).items() if n > 1] == []

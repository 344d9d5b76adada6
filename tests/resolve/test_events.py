"""Happenings from tellings."""

from __future__ import annotations

from typing import Any

from musnad.resolve.events import Telling, merge


def telling(id: str, type: str = "CONSULT", **more: Any) -> Telling:
    known: dict[str, Any] = {
        "mode": None,
        "start": None,
        "end": None,
        "published": "2014-09-22",
        "status": "happened",
        "place": None,
        **more,
    }
    known["actors"], known["recipients"] = frozenset(known.get("actors", ())), frozenset(known.get("recipients", ()))
    return Telling(id=id, report=str(known.pop("report", f"r{id}")), type=type, **known)


def groups(*tellings: Telling, **judged: Any) -> set[frozenset[str]]:
    merged, _ = merge(list(tellings), **judged)
    return {frozenset(t for t, c in merged.items() if c == k) for k in merged.values()}


TALKS = {"actors": ("chief", "delegation"), "place": "baghdad"}


def test_a_meeting_told_by_two_outlets_is_one_happening() -> None:
    a = telling("1", start="2014-09-22", end="2014-09-22", **TALKS)
    b = telling("2", actors=("chief",), place="baghdad", published="2014-09-23", trigger="اجتماع")
    assert groups(a, b) == {frozenset("12")}


def test_other_days_other_people_other_types_stay_apart() -> None:
    a = telling("1", start="2014-09-22", end="2014-09-22", **TALKS)
    assert len(groups(a, telling("2", start="2014-10-22", end="2014-10-22", **TALKS))) == 2
    assert len(groups(a, telling("3", actors=("minister", "envoy"), place="baghdad", start="2014-09-22", end="2014-09-22"))) == 2
    assert len(groups(a, telling("4", "ASSAULT", start="2014-09-22", end="2014-09-22", **TALKS))) == 2


def test_a_loosely_dated_telling_chains_nothing() -> None:
    first = telling("1", start="2014-09-20", end="2014-09-20", **TALKS)
    last = telling("2", start="2014-09-24", end="2014-09-24", **TALKS)
    loose = telling("3", published="2014-09-22", **TALKS)
    found = groups(first, last, loose)
    assert frozenset("123") not in found and frozenset("12") not in found


def test_people_judge_above_the_machine() -> None:
    a, b = telling("1", **TALKS), telling("2", **TALKS)
    assert groups(a, b) == {frozenset("12")}
    assert groups(a, b, different=[("1", "2")]) == {frozenset("1"), frozenset("2")}
    far = telling("3", start="2016-01-01", end="2016-01-01", actors=("x",))
    assert groups(a, far, same=[("1", "3")]) == {frozenset("13")}

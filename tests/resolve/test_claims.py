"""Figures side by side."""

from __future__ import annotations

from typing import Any

from musnad.resolve.claims import Claim, ledger


def claim(id: str, unit: str, low: float, **more: Any) -> Claim:
    known = {
        "report": f"r{id}",
        "family": f"r{id}",
        "published": "2021-12-04",
        "high": low,
        "bound": "exact",
        "source": None,
        "happening": "v1",
        **more,
    }
    return Claim(id=id, unit=unit, low=low, text=f"{low:g}", **known)


def test_contradicting_figures_of_one_attack_are_lined_up() -> None:
    (line,) = ledger([claim("1", "person killed", 13), claim("2", "person killed", 10), claim("3", "person killed", 9, happening="v2")])
    assert (line.low, line.high, line.contested, line.independent) == (10, 13, True, 2)


def test_bounds_that_leave_room_are_no_contradiction_and_copies_count_once() -> None:
    (line,) = ledger(
        [
            claim("1", "soldier", 2500, family="f"),
            claim("2", "soldier", 2000, bound="more_than", family="f"),
            claim("3", "soldier", 2400, bound="about"),
        ]
    )
    assert (line.contested, line.independent) == (False, 2)


def test_parts_and_totals() -> None:
    total = claim("1", "person killed or injured", 18, report="r")
    parts = [claim("2", "person killed", 13, report="r"), claim("3", "person injured", 5, report="r")]
    assert "adds up" in ledger([total, *parts])[0].notes[0]
    assert "doesn't add up" in ledger([total, parts[0], claim("4", "person injured", 9, report="r")])[0].notes[0]


def test_figures_without_a_happening_meet_by_what_they_are_about() -> None:
    about = frozenset(("usa", "iraq"))
    lines = ledger([claim("1", "soldier", 2500, happening=None, about=about), claim("2", "soldier", 5000, happening=None, about=about)])
    assert [(x.low, x.high) for x in lines] == [(2500, 5000)]
    assert ledger([claim("1", "soldier", 1, happening=None), claim("2", "soldier", 1, happening=None)]) == []

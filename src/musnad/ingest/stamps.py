"""Stamps: the days that a page prints at its head or foot, in all the styles of news sites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from musnad.grammar.rules import Rule
from musnad.tools import Tools

_SHORTEST_YEAR = 2
_WORD = re.compile(r"[^\W\d_]+")


class Stamp(NamedTuple):
    """A day at `a`..`b` of a line's folded form, as an ISO string. `other` is the day when day and month are read the other way round, where that is one;
    `hijri` is True for a day that was given in the Hijri calendar, which may be a day off."""

    a: int
    b: int
    day: str
    other: str | None
    hijri: bool = False


def find_stamps(form: str, rules: Sequence[Rule], tools: Tools) -> list[Stamp]:
    """The days in a line, left to right, the surest rule first where two overlap; Hijri days are turned into Gregorian ones."""
    out: list[Stamp] = []
    for rule in rules:
        for m in rule.regex.finditer(form):
            if any(m.start() < s.b and s.a < m.end() for s in out):
                continue
            stamp = _stamp(m, tools)
            if stamp:
                out.append(_by_weekday(stamp, form, tools) if stamp.other else stamp)
    return sorted(out)


def _by_weekday(stamp: Stamp, form: str, tools: Tools) -> Stamp:
    """The stamp with day and month the way that agrees with the weekday before it."""
    word = next(iter(reversed(_WORD.findall(form[: stamp.a]))), "")
    entry = tools.lexicon.entry("weekdays", word) or tools.lexicon.entry("weekdays", "ال" + word)
    if (
        entry
        and stamp.other
        and date.fromisoformat(stamp.day).isoweekday() != int(entry.get("iso", "0")) == date.fromisoformat(stamp.other).isoweekday()
    ):
        return stamp._replace(day=stamp.other, other=stamp.day)
    return stamp


def _stamp(m: re.Match[str], tools: Tools) -> Stamp | None:
    groups = {k.rstrip("23"): v for k, v in m.groupdict().items() if v}
    day, year = int(groups["d"]), int(groups["y"])
    if len(groups["y"]) == _SHORTEST_YEAR:
        year += 2000
    if "m" in groups:
        month, calendar = month_of(groups["m"], tools)
        return _made(m, year, month, day, calendar)
    number = int(groups["n"])
    calendar = "hijri" if 1300 < year < 1600 else "gregorian"
    first = _made(m, year, number, day, calendar)
    if m.start("y") < m.start("d"):
        return first
    other = _made(m, year, day, number, calendar)
    if first is None:
        return other
    return first._replace(other=other.day if other and other.day != first.day else None)


def month_of(name: str, tools: Tools) -> tuple[int, str]:
    """The number and calendar of a month's folded name; 0 where no list has it."""
    name = " ".join(name.split())
    for words in ("months", "boilerplate_months"):
        entry = tools.lexicon.entry(words, name)
        if entry:
            return int(entry.get("number", "0")), entry.get("calendar", "gregorian")
    return 0, "gregorian"


def _made(m: re.Match[str], year: int, month: int, day: int, calendar: str) -> Stamp | None:
    try:
        if calendar == "hijri":
            from hijridate import Hijri

            made = Hijri(year, month, day).to_gregorian()
            return Stamp(m.start(), m.end(), date(made.year, made.month, made.day).isoformat(), None, True)
        return Stamp(m.start(), m.end(), date(year, month, day).isoformat(), None)
    except (ValueError, OverflowError):
        return None

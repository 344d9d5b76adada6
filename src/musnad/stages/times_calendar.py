"""Calendar arithmetic on whole days: months, weeks, seasons, quarters, parts of a period, Hijri days. Nothing here reads text."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from hijridate import Gregorian, Hijri

from musnad.record.kinds import Grain

FIRST_YEAR, LAST_YEAR = 1000, 2300


class Days(NamedTuple):
    """The days first..last, both inside, and what kind of period they are."""

    first: date
    last: date
    grain: Grain = "day"

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


def one(day: date) -> Days:
    return Days(day, day, "day")


def a_day(year: int, month: int, day: int) -> Days | None:
    """That day, or None where the calendar has none."""
    try:
        return one(date(year, month, day))
    except ValueError:
        return None


def a_month(year: int, month: int) -> Days:
    """The month; months below 1 or above 12 run into the years beside."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def a_year(year: int) -> Days:
    return Days(date(year, 1, 1), date(year, 12, 31), "year")


def a_fiscal_year(year: int) -> Days:
    """The financial year that begins in July of that year, as in Egypt and the Sudan, whose press uses the term most."""
    return Days(date(year, 7, 1), date(year + 1, 6, 30), "period")


def a_week(day: date) -> Days:
    """The week, Sunday to Saturday, that holds the day."""
    sunday = shifted(day, -((day.weekday() + 1) % 7), "day")
    return Days(sunday, shifted(sunday, 6, "day"), "week")


def a_season(year: int, first: int, last: int) -> Days:
    """Months first..last of a year; winter runs into the next year."""
    return Days(a_month(year, first).first, a_month(year + (last < first), last).last, "season")


def a_part(year: int, number: int, of: int) -> Days:
    """The quarter (of 4), half (of 2) or third (of 3) of a year, numbered from 1."""
    months = 12 // of
    return Days(a_month(year, (number - 1) * months + 1).first, a_month(year, number * months).last, "period")


def decade(begin: int) -> Days:
    return Days(date(begin, 1, 1), date(begin + 9, 12, 31), "period")


def century(number: int) -> Days:
    """The n-th century, counted as the press does: the twentieth is 1900 to 1999."""
    return Days(date((number - 1) * 100, 1, 1), date(number * 100 - 1, 12, 31), "period")


def shifted(day: date, n: int, unit: str) -> date:
    """The day n units away; a month's last days are clipped to the shorter month. Raises OverflowError or ValueError beyond the calendar."""
    if unit in ("day", "week"):
        return day + timedelta(days=n * (7 if unit == "week" else 1))
    months = n * {"month": 1, "year": 12, "decade": 120, "century": 1200}[unit]
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def unit_around(day: date, unit: str, n: int = 0) -> Days:
    """The week, month, year … that lies n after the one that holds the day."""
    if unit == "day":
        return one(shifted(day, n, "day"))
    if unit == "week":
        return a_week(shifted(day, n, "week"))
    if unit == "month":
        return a_month(day.year, day.month + n)
    if unit == "year":
        return a_year(day.year + n)
    if unit == "decade":
        return decade(day.year // 10 * 10 + 10 * n)
    return century(day.year // 100 + 1 + n)


def part_of(days: Days, part: str) -> Days:
    """The first, middle or last third, the start or the end (one day) of a period. Months: days 1-10, 11-20, 21-end; years by four months."""
    first, last = days.first, days.last
    if part == "start":
        return one(first)
    if part == "end":
        return one(last)
    k = ("first", "middle", "last").index(part)
    if days.grain == "month":
        cuts = [first, first + timedelta(days=10), first + timedelta(days=20), last + timedelta(days=1)]
    elif first.day == 1 and (months := (last.year - first.year) * 12 + last.month - first.month + 1) % 3 == 0:
        cuts = [a_month(first.year, first.month + i * months // 3).first for i in range(4)]
    elif first.month == first.day == 1 and last.month == 12 and last.day == 31:
        years = last.year - first.year + 1
        cuts = [date(first.year + round(years * i / 3), 1, 1) for i in range(4)]
    else:
        n = (last - first).days + 1
        cuts = [first + timedelta(days=round(n * i / 3)) for i in range(4)]
    return Days(cuts[k], cuts[k + 1] - timedelta(days=1), "day" if cuts[k + 1] - cuts[k] == timedelta(days=1) else "period")


def hijri(year: int, month: int, day: int | None = None) -> Days | None:
    """A Hijri day or month by the Umm al-Qura calendar (years 1343 to 1500), else None."""
    try:
        first = Hijri(year, month, day or 1)
        start = date(*first.to_gregorian().datetuple())
        return one(start) if day else Days(start, start + timedelta(days=first.month_length() - 1), "month")
    except (ValueError, OverflowError):
        return None


def hijri_year_of(day: date) -> int | None:
    try:
        return int(Gregorian.fromdate(day).to_hijri().year)
    except (ValueError, OverflowError):
        return None

"""What a rule's match reads as: days and a reason; and how a day or month without its year finds one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from musnad.grammar.rules import Match
from musnad.record.kinds import Grain
from musnad.stages import times_calendar as cal
from musnad.stages.times_calendar import Days
from musnad.stages.times_context import Context
from musnad.stages.times_words import shift_of, year_of


@dataclass(frozen=True)
class Reading:
    """The days of an expression, its grain where there are none, and the reason; `stated`: the year stands in the text."""

    days: Days | None
    why: str
    grain: Grain = "day"
    stated: bool = False


Resolver = Callable[[Match, Context], Reading | None]


def unknown(grain: Grain) -> Reading:
    return Reading(None, "the publication day isn't known", grain)


def near_year(ctx: Context, m: Match, first: Callable[[int], Days | None], whole_month: bool = False) -> Reading | None:
    """A day or month without a year: the last one up to publication or the next one after it, by the verb; the nearer one where no verb tells."""
    today = ctx.published
    if today is None:
        played = ctx.period_in_play("year")
        days = first(played.year) if played else None
        return Reading(days, "in the year in play") if days else unknown("month" if whole_month else "day")
    options = [d for y in range(today.year - 5, today.year + 5) if (d := first(y))]
    past = [d for d in options if d.first <= today]
    future = [d for d in options if d.last >= today]
    if not past or not future:
        return None
    last, coming = past[-1], future[0]
    if last == coming:
        return Reading(last, "the one of publication")
    before = m.regex.string[max(0, m.regex.start() - 12) : m.regex.start()]
    looks = "past" if "منذ" in before else ctx.direction(m.start, m.end)
    ago, ahead = (today - last.last).days, (coming.first - today).days
    if looks == "future" and ahead < 320:
        return Reading(coming, "the next one, by its verb")
    if looks == "past" and ("منذ" in before or ahead > 45 or ago < 300):
        return Reading(last, "the latest one, by its verb")
    if looks is None and ahead > 60:
        return Reading(last, "the latest one before publication")
    return Reading(coming, "the nearest one") if ahead < ago else Reading(last, "the nearest one")


def _year_after(m: Match, ctx: Context) -> int | None:
    """The year stated with the month that follows after "to" or "and": "from January to March 2017"."""
    words = m.regex.string[m.regex.end() : m.regex.end() + 48].split()
    if len(words) < 2:
        return None
    if words[0] in ("الي", "حتي", "وحتي", "-", "و"):
        words = words[1:]
    elif words[0].startswith("و"):
        words[0] = words[0][1:]
    else:
        return None
    words = [w for w in words if w not in ("شهر", "من")]
    for n in (2, 1):
        name = " ".join(words[:n]).split("/")[0]
        if ctx.lexicon.entry("months", name) is not None and len(words) > n:
            year = words[n].strip("،,.)")
            return int(year) if len(year) == 4 and year.isdigit() else None
    return None


def dated(m: Match, ctx: Context, make: Callable[[int], Days | None], month: int, whole_month: bool = False) -> Reading | None:
    """The day or month that `make` gives for a year, with the year taken from the match's tail."""
    year, why = year_of(m, ctx)
    if year is not None:
        days = make(year)
        return Reading(days, why, stated=True) if days else None
    if why:
        return unknown("month" if whole_month else "day")
    adj = shift_of(m.form("adj"), ctx)
    later = _year_after(m, ctx) if adj is None else None
    if later is not None and (days := make(later)) is not None:
        return Reading(days, "of the year that the next one states", stated=True)
    if adj is None:
        return near_year(ctx, m, make, whole_month)
    if adj in ("same", "next", "before"):
        played = ctx.period_in_play("year")
        days = make(played.year) if played else None
        return Reading(days, "of the year in play") if days else unknown("month" if whole_month else "day")
    today = ctx.published
    if today is None:
        return unknown("month" if whole_month else "day")
    options = [d for y in range(today.year - 5, today.year + 5) if (d := make(y))]
    if adj == "0":
        days = make(today.year)
        return Reading(days, "of this year") if days else None
    if adj == "-1":
        past = [d for d in options if (d.last if whole_month else d.first) < today]
        return Reading(past[-1], "the last one before publication") if past else None
    future = [d for d in options if d.first > today]
    return Reading(future[0], "the next one after publication") if future else None


def month_near(m: Match, ctx: Context, adj: str) -> tuple[int, int] | None:
    """Year and month of "this month", "the month past"; None where publication isn't known."""
    shift = shift_of(m.form(adj), ctx)
    if shift in ("same", "next", "before"):
        base, n = ctx.period_in_play("month"), {"same": 0, "next": 1, "before": -1}[shift]
    else:
        base, n = ctx.published, int(shift or 0)
    if base is None:
        return None
    first = cal.a_month(base.year, base.month + n).first
    return first.year, first.month

"""How the rules of counted time become days: so long ago, in so long, the last so many, the first months of a year."""

from __future__ import annotations

from datetime import date, timedelta

from musnad.grammar.rules import Match
from musnad.stages import times_calendar as cal
from musnad.stages.times_calendar import Days
from musnad.stages.times_context import Context
from musnad.stages.times_reading import Reading, Resolver, dated, month_near, unknown
from musnad.stages.times_words import count, month_of, shift_of, year_of

_PLURALS = {"ايام": "day", "يومين": "day", "اسابيع": "week", "اسبوعين": "week", "اشهر": "month", "شهور": "month", "شهرين": "month"} | {
    "سنوات": "year", "اعوام": "year", "سنتين": "year", "عامين": "year", "عقود": "decade", "عقدين": "decade", "قرنين": "century",
}  # fmt: skip


def first_months(m: Match, ctx: Context) -> Reading | None:
    unit = _PLURALS[m.form("unit") or m.form("unit2")]
    n = count(m.form("n") or m.form("n2"), ctx) or (2 if m.form("unit").endswith("ين") else 0)
    year, why = year_of(m, ctx)
    if not n or (year is None and not why):
        return None
    if year is None:
        return unknown("period")
    whole = cal.a_year(year)
    late = m.form("which").startswith("الاخير") or m.form("which2") == "اخر"
    if late:
        return Reading(Days(cal.shifted(whole.last + timedelta(days=1), -n, unit), whole.last, "period"), why)
    return Reading(Days(whole.first, cal.shifted(whole.first, n, unit) - timedelta(days=1), "period"), why)


def nth_week(m: Match, ctx: Context) -> Reading | None:
    last = m.form("n") == "الاخير"
    n = 0 if last else count(m.form("n"), ctx)
    if not last and not 1 <= n <= 53:
        return None

    def make(period: Days) -> Days:
        if last:
            return cal.a_week(period.last)
        return cal.a_week(period.first + timedelta(weeks=n - 1))

    if m.form("year"):
        return Reading(make(cal.a_year(int(m.form("year")))), "the year is stated", stated=True)
    if m.form("month"):
        months = month_of(m.form("month"), ctx)
        return dated(m, ctx, lambda y: make(cal.a_month(y, months[0])), months[0], True) if months else None
    ym = month_near(m, ctx, "madj")
    return Reading(make(cal.a_month(*ym)), "of the month named from publication") if ym else unknown("week")


def last_n(m: Match, ctx: Context) -> Reading | None:
    groups = m.regex.groupdict()
    form = groups.get("unit") or groups.get("unit2") or groups.get("unit3") or ""
    entry = ctx.lexicon.entry("time_units", form)
    if entry is None:
        return None
    number = groups.get("n") or groups.get("n2") or ""
    n = count(number, ctx) if number else {"1": 0, "2": 2}.get(entry.row["count"], 0)
    shift = shift_of(groups["adj"], ctx) if groups.get("adj") else "-1"
    if not 1 <= n <= 400 or shift not in ("-1", "1"):
        return None
    today = ctx.published
    if today is None:
        return unknown("period")
    unit = entry.row["unit"]
    if shift == "1":
        return Reading(Days(today + timedelta(days=unit == "day"), cal.shifted(today, n, unit), "period"), "so long from publication on")
    return Reading(Days(cal.shifted(today, -n, unit), today - timedelta(days=unit == "day"), "period"), "so long up to publication")


def _length(m: Match, ctx: Context) -> tuple[int, str] | None:
    """How many of which unit; None where the words give no number."""
    entry = ctx.lexicon.entry("time_units", m.form("unit"))
    if entry is None:
        return None
    form, number = m.form("n"), entry.row["count"]
    if form:
        n = count(form, ctx)
        if number == "2" or (number == "1" and 1 < n < 11 and not form.isdigit()):
            return None
    else:
        n = int(number) if number in "12" else 0
    return (n, entry.row["unit"]) if 0 < n <= 500 else None


def _moved(day: date, sign: int, length: tuple[int, str], m: Match, ctx: Context) -> date | None:
    """The day moved by a length and by what "and" adds to it; None where the addition gives no number."""
    day = cal.shifted(day, sign * length[0], length[1])
    entry = ctx.lexicon.entry("time_units", m.form("unit2")) if m.form("unit2") else None
    if entry is None:
        return day
    more = count(m.form("n2"), ctx) if m.form("n2") else {"1": 1, "2": 2}.get(entry.row["count"], 0)
    return cal.shifted(day, sign * more, entry.row["unit"]) if 0 < more <= 500 else None


def _after_word(m: Match) -> str:
    words = m.regex.string[m.regex.end() : m.regex.end() + 24].split()
    if words[:1] in (["فقط"], ["تقريبا"], ["كامله"], ["كاملين"], ["متتاليه"]) and words[1:2] in (["من"], ["علي"]):
        words = words[1:]
    return (words or [""])[0]


def ago(m: Match, ctx: Context) -> Reading | None:
    length = _length(m, ctx)
    after = _after_word(m)
    if (
        length is None
        or (after[:4].isdigit() and length == (1, "year"))
        or (after in ("من", "علي") and not m.regex.group().endswith("الان"))
    ):
        return None
    n, unit = length
    if m.form("dir") == "منذ" and unit == "day" and n == 1 and not m.form("n"):
        return None
    if m.form("dir") == "قبل" and length == (1, "day") and not m.form("n") and after in ("واحد", "امس"):
        return None
    if ctx.published is None:
        return unknown("day")
    day = _moved(ctx.published, -1, length, m, ctx)
    if day is None:
        return None
    if m.form("half") and unit in ("year", "month"):
        day = cal.shifted(day, -6, "month") if unit == "year" else day - timedelta(days=15)
    return Reading(cal.one(day), "so long before publication")


_FULL = frozenset("عصيب عصيبه عصيبين حافل حافله طويل طويله شاق شاقه صعب صعبه دام داميه مليء مليئه متواصل متواصله متواصلين متتاليه".split())
"""Adjectives that make a length of time what filled it: "after a hard week" names no day."""


_EACH = frozenset("يوم يوما عام عاما سنه شهر شهرا اسبوع اسبوعا ليله ساعه".split())
"""Units that "after" repeats: "day after day"."""


def later(m: Match, ctx: Context) -> Reading | None:
    length = _length(m, ctx)
    after = _after_word(m)
    if length is None or (after[:4].isdigit() and length == (1, "year")) or after in _FULL:
        return None
    if (m.regex.string[max(0, m.regex.start() - 12) : m.regex.start()].split() or [""])[-1] in _EACH:
        return None
    if after in ("من", "علي", "عن") and not m.form("now"):
        day = ctx.day_in_play(m.start, near=3) if length[1] == "day" else None
        return Reading(cal.one(day), "the day in play, told by its distance from another event") if day else None
    looks = ctx.direction(m.start, m.end)
    if looks == "past" and not m.form("now"):
        base = ctx.day_in_play(m.start, near=1)
        if base is None or (ctx.published and base >= ctx.published):
            return None
        return Reading(cal.one(cal.shifted(base, *length)), "so long after the day in play")
    if looks is None and not m.form("now") and length[0] > 1 and length[1] in ("year", "decade", "century"):
        return None
    if ctx.published is None:
        return unknown("day")
    moved = _moved(ctx.published, 1, length, m, ctx)
    return Reading(cal.one(moved), "so long after publication") if moved else None


def beside(m: Match, ctx: Context) -> Reading | None:
    length = _length(m, ctx)
    base = ctx.day_in_play(m.start)
    if length is None or base is None:
        return None
    n = length[0] if m.form("dir").startswith("بعد") else -length[0]
    return Reading(cal.one(cal.shifted(base, n, length[1])), "so long beside the day in play")


def within(m: Match, ctx: Context) -> Reading | None:
    length, after = _length(m, ctx), _after_word(m)
    if (
        length is None
        or ctx.direction(m.start, m.end, conditional="past") == "past"
        or ctx.lexicon.entry("months", after) is not None
        or after.startswith("واحد")
        or after in ("من", "فقط")
        or after[:4].isdigit()
    ):
        return None
    if ctx.direction(m.start, m.end) is None and not m.regex.group().endswith("الان") and length[1] in ("year", "decade", "century"):
        return None
    if ctx.published is None:
        return unknown("period")
    return Reading(Days(ctx.published, cal.shifted(ctx.published, *length), "period"), "from publication on")


LENGTHS: dict[str, Resolver] = {f.__name__: f for f in (first_months, nth_week, last_n, ago, later, beside, within)}
"""Resolvers of counted time by name."""

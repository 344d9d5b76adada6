"""How each rule's groups become days: one small function a shape, named in `rules/times.yaml` under `resolve`.

Each takes the match and the context and gives a `Reading`, or None where the match is no time after all. A reading whose days are
None is a time that can't be resolved because the publication day isn't known.
"""

from __future__ import annotations

from datetime import date, timedelta

from musnad.grammar.rules import Match
from musnad.record.kinds import Grain
from musnad.stages import times_calendar as cal
from musnad.stages.times_calendar import Days
from musnad.stages.times_context import Context
from musnad.stages.times_reading import Reading, Resolver, dated, month_near, near_year, unknown
from musnad.stages.times_words import count, month_of, shift_of


def day_of_month(m: Match, ctx: Context) -> Reading | None:
    month, day = month_of(m.form("month"), ctx), count(m.form("day"), ctx)
    if month is None or not 1 <= day <= 31:
        return None
    return dated(m, ctx, lambda y: cal.a_day(y, month[0], day), month[0])


def day_of_this_month(m: Match, ctx: Context) -> Reading | None:
    day = count(m.form("day"), ctx)
    if not 1 <= day <= 31:
        return None
    ym = month_near(m, ctx, "adj")
    if ym is None:
        return unknown("day")
    days = cal.a_day(*ym, day)
    return Reading(days, "in the month named from publication") if days else None


def days_of_month(m: Match, ctx: Context) -> Reading | None:
    first, last = count(m.form("day"), ctx), count(m.form("day2"), ctx)
    if not 1 <= first < last <= 31:
        return None

    def make(ym: tuple[int, int]) -> Days | None:
        a, b = cal.a_day(*ym, first), cal.a_day(*ym, last)
        return Days(a.first, b.last, "period") if a and b else None

    if m.form("month"):
        month = month_of(m.form("month"), ctx)
        return dated(m, ctx, lambda y: make((y, month[0])), month[0]) if month else None
    ym = month_near(m, ctx, "madj")
    if ym is None:
        return unknown("period")
    days = make(ym)
    return Reading(days, "in the month named from publication") if days else None


def day_to_day(m: Match, ctx: Context) -> Reading | None:
    one, two = month_of(m.form("month"), ctx), month_of(m.form("month2"), ctx)
    first, last = count(m.form("day"), ctx), count(m.form("day2"), ctx)
    if one is None or two is None or not (1 <= first <= 31 and 1 <= last <= 31):
        return None
    year1 = int(m.form("year1")) if m.form("year1") else None

    def make(y: int) -> Days | None:
        b = cal.a_day(y, two[0], last)
        a = cal.a_day(year1 or (y - 1 if one[0] > two[0] else y), one[0], first)
        return Days(a.first, b.first, "period") if a and b and a.first <= b.first else None

    return dated(m, ctx, make, two[0])


def numeric(m: Match, ctx: Context) -> Reading | None:
    a, b, c = m.form("n1"), int(m.form("n2")), m.form("n3")
    era = m.form("era")
    if len(a) > 2:
        year, month, day, note = int(a), b, int(c) if len(c) <= 2 else 0, "year first"
        if len(a) != 4 or not day:
            return None
    else:
        if len(c) == 3 or (m.form("sep") == "." and len(c) != 4):
            return None
        year = int(c) if len(c) == 4 else (2000 if int(c) < 50 else 1900) + int(c)
        day, month, note = int(a), b, "day before month"
        if month > 12 >= day:
            day, month, note = month, day, "month before day, since the other order is no date"
        elif day <= 12 and day != month:
            note = "day before month; the other order is possible"
    if "ه" in era or 1300 <= year < 1500:
        days = cal.hijri(year, month, day)
        return Reading(days, f"{note}, Hijri", stated=True) if days else None
    if not 1800 <= year <= 2200:
        return None
    days = cal.a_day(year, month, day)
    return Reading(days, note, stated=True) if days else None


def _hijri_date(m: Match, ctx: Context) -> Reading | None:
    entry = ctx.lexicon.entry("months", " ".join(m.form("month").split()))
    if entry is None:
        return None
    month = int(entry.row["number"])
    day = count(m.form("day"), ctx) if m.form("day") else None
    if day is not None and not 1 <= day <= 30:
        return None
    if not (
        day
        or m.form("year")
        or m.form("shahr")
        or (m.form("third") and month == 9)
        or (m.form("adj") and month == 9)
        or (month == 9 and m.form("this"))
    ):
        return None
    if m.form("year"):
        days = cal.hijri(int(m.form("year")), month, day)
        return Reading(days, "Hijri, by the Umm al-Qura calendar", stated=True) if days else None
    today = ctx.published
    grain: Grain = "day" if day else "month"
    if today is None:
        return unknown(grain)
    now = cal.hijri_year_of(today)
    if now is None:
        return None
    options = [d for y in range(now - 2, now + 3) if (d := cal.hijri(y, month, day))]
    shift = shift_of(m.form("adj"), ctx)
    looks = {"-1": "past", "1": "future"}.get(shift or "") or ctx.direction(m.start, m.end)
    held = [d for d in options if today in d]
    whole = [h for y in range(now - 1, now + 2) if (h := cal.hijri(y, month)) and today in h]
    if whole and day and shift not in ("-1", "1"):
        return Reading(next(d for d in options if d.first in whole[0]), "Hijri, of the month of publication")
    if held and shift not in ("-1", "1"):
        return Reading(held[0], "Hijri, the one of publication")
    if looks == "future":
        coming = [d for d in options if d.first > today]
        return Reading(coming[0], "Hijri, the next one") if coming else None
    past = [d for d in options if d.last < today]
    if shift is None and looks is None:
        nearest = min(options, key=lambda d: abs((d.first - today).days))
        return Reading(nearest, "Hijri, the nearest one")
    return Reading(past[-1], "Hijri, the latest one") if past else None


def _after(m: Match) -> str:
    """The folded text right after the match, up to the next word's end."""
    return m.regex.string[m.regex.end() : m.regex.end() + 20]


def day_and_month(m: Match, ctx: Context) -> Reading | None:
    a, b = int(m.form("n1")), int(m.form("n2"))
    head = m.regex.string[max(0, m.regex.start() - 12) : m.regex.start()].split()
    told = bool(m.form("lead")) or (head and head[-1].lstrip("و") in ("في", "يوم", "بتاريخ", "حتي", "منذ", "من", "الي"))
    if not (told or m.form("n2").startswith("0") or (max(a, b) > 12 and min(a, b) <= 12 and not _after(m).split()[:1])):
        return None
    day, month, note = (b, a, "month before day, since the other order is no date") if b > 12 >= a else (a, b, "day before month")
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    reading = near_year(ctx, m, lambda y: cal.a_day(y, month, day))
    return reading and Reading(reading.days, f"{note}; {reading.why}", reading.grain)


def month_and_year(m: Match, ctx: Context) -> Reading | None:
    month, year = int(m.form("n1")), int(m.form("year"))
    if not (1 <= month <= 12 and 1900 <= year <= 2100):
        return None
    return Reading(cal.a_month(year, month), "month before year", "month", True)


def weekday_and_day(m: Match, ctx: Context) -> Reading | None:
    """The day of that number, of the month of publication or beside it, that is that weekday."""
    iso, day = _weekday(m.form("weekday"), ctx), count(m.form("day"), ctx)
    after = (_after(m).split() or [""])[0]
    if iso is None or not 1 <= day <= 31 or ctx.lexicon.entry("units", after) is not None:
        return None
    if ctx.published is None:
        return unknown("day")
    months = [cal.a_month(ctx.published.year, ctx.published.month + n).first for n in (0, -1, 1)]
    days = [d for f in months if (d := cal.a_day(f.year, f.month, day)) and d.first.isoweekday() == iso]
    return Reading(days[0], "the weekday agrees with the day of the month") if days else None


def ordinal_day(m: Match, ctx: Context) -> Reading | None:
    day = count(m.form("day") or m.form("day2"), ctx)
    head = m.regex.string[max(0, m.regex.start() - 12) : m.regex.start()]
    word = (head.split() or [""])[-1]
    if m.form("same") or m.form("same2"):
        base = ctx.period_in_play("month")
    elif 21 <= day <= 31 and (word.lstrip("و") in ("في", "الي", "حتي", "منذ") or word == "ل" or head.endswith("ل")):
        if _after(m)[:1] not in ("", ".", "،", "\n", "؟", "!", '"', ")"):
            return None
        base = ctx.published
    else:
        return None
    if base is None:
        return None
    days = cal.a_day(base.year, base.month, day)
    return Reading(days, "of the month in play" if m.form("same") else "of the month of publication") if days else None


def hijri_date(m: Match, ctx: Context) -> Reading | None:
    """A Hijri day, month or part of a month."""
    reading = _hijri_date(m, ctx)
    part = ctx.value("time_thirds", m.form("third"), "part") if m.form("third") else None
    if reading is None or reading.days is None or part is None:
        return reading
    return Reading(cal.part_of(reading.days, part), reading.why, stated=reading.stated)


def _weekday(form: str, ctx: Context) -> int | None:
    iso = ctx.value("weekdays", form, "iso") or ctx.value("time_weekday_names", form, "iso")
    return int(iso) if iso else None


def weekday_near(today: date, iso: int, looks: str | None, strict: bool = False) -> date:
    """The weekday on or before a day (`looks` future: on or after it); `strict`: never the day itself."""
    back = (today.isoweekday() - iso) % 7
    if looks == "future":
        ahead = (-back) % 7
        return today + timedelta(days=7 if strict and not ahead else ahead)
    return today - timedelta(days=7 if strict and not back else back)


def weekday(m: Match, ctx: Context) -> Reading | None:
    iso = _weekday(m.form("weekday"), ctx)
    if iso is None:
        return None
    today = ctx.published
    shift = shift_of(m.form("adj"), ctx)
    if m.form("rel"):
        n = ctx.value("time_days", m.form("rel"), "shift")
        if today is None or n is None:
            return unknown("day")
        day = today + timedelta(days=int(n))
        if day.isoweekday() == iso:
            return Reading(cal.one(day), "named from publication, and the weekday agrees")
        side = "future" if int(n) > 0 else "past"
        return Reading(cal.one(weekday_near(today, iso, side)), "the weekday; the word before it disagrees with publication")
    if shift in ("same", "next", "before"):
        base = ctx.day_in_play(m.start) or today
        if base is None:
            return unknown("day")
        side = {"same": "past", "next": "future", "before": "past"}[shift]
        return Reading(cal.one(weekday_near(base, iso, side, shift != "same")), "beside the day in play")
    if today is None:
        return unknown("day")
    if shift == "-1":
        return Reading(cal.one(weekday_near(today, iso, "past", True)), "the last such day before publication")
    if shift == "1":
        return Reading(cal.one(weekday_near(today, iso, "future", True)), "the next such day after publication")
    looks = None if shift == "0" else ctx.direction(m.start, m.end)
    day = weekday_near(today, iso, looks)
    return Reading(cal.one(day), "the next such day, by its verb" if looks == "future" else "the latest such day up to publication")


def weekdays(m: Match, ctx: Context) -> Reading | None:
    text = m.regex.group("day2")
    form = m.regex.string[m.regex.start() : m.regex.start("day2")]
    firsts = [w for w in form.replace("/", " ").replace("-", " ").split() if _weekday(w.strip("،,"), ctx)]
    one, two = _weekday(firsts[0].strip("،,"), ctx) if firsts else None, _weekday(text, ctx)
    today = ctx.published
    if one is None or two is None or one == two or (two - one) % 7 > 5:
        return None
    if not form[form.rfind(firsts[0]) + len(firsts[0]) :].strip() and not form.startswith(("ليل", "يوم", "منتصف")):
        return None
    if today is None:
        return unknown("period")
    shift = shift_of(m.form("adj"), ctx)
    looks = {"-1": "past", "1": "future"}.get(shift or "") or ctx.direction(m.start, m.end)
    span = (two - one) % 7
    running = (today.isoweekday() - one) % 7 <= span and shift is None
    if looks == "future" and not running:
        first = weekday_near(today, one, "future")
        return Reading(Days(first, first + timedelta(days=span), "period"), "the next such days, by their verb")
    last = weekday_near(today, two, "future" if running and looks == "future" else "past")
    return Reading(Days(last - timedelta(days=span), last, "period"), "the latest such days up to publication")


def weekday_of_week(m: Match, ctx: Context) -> Reading | None:
    words = [iso for w in m.regex.group().split() if (iso := _weekday(w.strip("،,"), ctx))]
    if not words or not (m.form("adj") or m.form("dem")):
        return None
    if ctx.published is None:
        return unknown("day")
    shift = shift_of(m.form("adj"), ctx) or "0"
    n = int(shift) if shift in ("-1", "0", "1") else {"next": 1, "before": -1}.get(shift, 0)
    sunday = cal.a_week(cal.shifted(ctx.published, n, "week")).first
    return Reading(cal.one(sunday + timedelta(days=words[0] % 7)), "in the week named from publication")


def nth_weekday(m: Match, ctx: Context) -> Reading | None:
    iso = _weekday(m.form("weekday"), ctx)
    nth = {"اول": 0, "ثاني": 1, "ثالث": 2, "رابع": 3, "خامس": 4, "اخر": -1, "اخير": -1}.get(m.form("nth").removeprefix("ال"))
    if iso is None or nth is None:
        return None

    def make(month: Days) -> Days | None:
        days = [d for i in range((month.last - month.first).days + 1) if (d := month.first + timedelta(days=i)).isoweekday() == iso]
        return cal.one(days[nth]) if nth < len(days) else None

    if m.form("month"):
        month = month_of(m.form("month"), ctx)
        return dated(m, ctx, lambda y: make(cal.a_month(y, month[0])), month[0]) if month else None
    ym = month_near(m, ctx, "madj")
    if ym is None:
        return unknown("day")
    found = make(cal.a_month(*ym))
    return Reading(found, "in the month named from publication") if found else None


def day_word(m: Match, ctx: Context) -> Reading | None:
    n = ctx.value("time_days", m.form("rel"), "shift")
    if n is None:
        return None
    if m.form("rel") == "غد" and m.regex.group() == "غد":
        return None
    if ctx.published is None:
        return unknown("day")
    day = ctx.published + timedelta(days=int(n))
    return Reading(
        cal.one(day),
        {"0": "the day of publication", "-1": "the day before publication", "1": "the day after publication"}.get(
            n, "counted from publication"
        ),
    )


def day_beside(m: Match, ctx: Context) -> Reading | None:
    base = ctx.day_in_play(m.start)
    n = 0
    if not m.form("dem"):
        shift = shift_of(m.form("adj"), ctx)
        n = {"same": 0, "next": 1, "before": -1, "-1": -1}.get(shift or "", 0)
        if base is None and n:
            if ctx.published is None or ctx.direction(m.start, m.end) == "past":
                return unknown("day")
            base = ctx.published
    if base is None:
        return None
    return Reading(cal.one(base + timedelta(days=n)), "beside the day in play")


def part_of_day(m: Match, ctx: Context) -> Reading | None:
    adverb = m.form("adverb")
    around = m.regex.string[max(0, m.regex.start() - 8) : m.regex.end() + 8]
    if adverb in ("ليلا", "نهارا") and "ليلا" in around and "نهارا" in around:
        return None
    near = 1 if adverb.startswith(("هذا", "ذلك", "تلك")) else None
    day = ctx.day_in_play(m.start, near)
    if day is None and adverb.startswith("هذا"):
        day = ctx.published
    return Reading(cal.one(day), "a time of the day in play") if day else None


TABLE: dict[str, Resolver] = {
    f.__name__: f
    for f in (
        day_of_month, day_of_this_month, days_of_month, day_to_day, numeric, hijri_date, weekday, weekdays, weekday_of_week,
        nth_weekday, day_word, day_and_month, month_and_year, weekday_and_day, ordinal_day, day_beside, part_of_day,
    )
}  # fmt: skip


"""Resolvers of days by name; those of periods are in `times_periods.py`."""

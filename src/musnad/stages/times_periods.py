"""How the rules of periods become days: months, years, seasons, decades and parts of them."""

from __future__ import annotations

from datetime import date, timedelta

from musnad.grammar.rules import Match
from musnad.stages import times_calendar as cal
from musnad.stages.times_calendar import Days
from musnad.stages.times_context import Context
from musnad.stages.times_reading import Reading, Resolver, dated, month_near, unknown
from musnad.stages.times_words import count, month_of, shift_of, sure_month, year_of, year_word

_SINCE = ("منذ", "مذ")


_UNITS = {"عام": "year", "سنه": "year", "شهر": "month", "اسبوع": "week", "عقد": "decade", "قرن": "century"}


def _third(m: Match, ctx: Context, days: Days) -> Days:
    """The third of a period that the match names, or the period; after "since" a first third is its first day."""
    form = m.form("third")
    part = ctx.value("time_thirds", form, "part") if form else None
    if part is None:
        return days
    if part == "first" and m.regex.string[: m.regex.start()].rstrip().rsplit(None, 1)[-1:] in [[w] for w in _SINCE]:
        part = "start"
    return cal.part_of(days, part)


def _with_third(reading: Reading | None, m: Match, ctx: Context) -> Reading | None:
    if reading is None or reading.days is None or not m.form("third"):
        return reading
    return Reading(_third(m, ctx, reading.days), reading.why, reading.grain, reading.stated)


def a_month(m: Match, ctx: Context) -> Reading | None:
    months = month_of(m.form("month"), ctx)
    if months is None or (_before(m).isdigit() and int(_before(m)[:4]) <= 31):
        return None
    first, last = months
    if not (sure_month(m.form("month"), ctx) or m.regex.group() != m.form("month") or _before(m) in _PREPOSITIONS):
        return None

    def make(y: int) -> Days:
        a, b = cal.a_month(y, first), cal.a_month(y + (last < first), last)
        return a if first == last else Days(a.first, b.last, "period")

    return _with_third(dated(m, ctx, make, first, True), m, ctx)


_PREPOSITIONS = frozenset(
    ("شهري", "في", "منذ", "حتي", "بحلول", "خلال", "من", "الي", "لشهر", "شهر", "منتصف", "قبل", "بعد", "مطلع", "نهايه", "وفي")
)


def _before(m: Match) -> str:
    """The folded word right before the match, without brackets."""
    head = m.regex.string[max(0, m.regex.start() - 24) : m.regex.start()]
    words = head.replace('"', " ").replace("(", " ").split()
    return words[-1] if words and (head[-1:].isspace() or head[-1:] in '("') else head[-1:]


def a_year(m: Match, ctx: Context) -> Reading | None:
    year, why = year_of(m, ctx)
    if year is None:
        return None
    bare = not m.form("year") and not m.form("third") and not m.form("season")
    if bare and not _bare_year(m, ctx):
        return None
    if m.form("era"):
        opening, closing = cal.hijri(year, 1), cal.hijri(year, 12)
        return Reading(Days(opening.first, closing.last, "year"), "a Hijri year", "year", True) if opening and closing else None
    if m.form("season"):
        entry = ctx.lexicon.entry("time_seasons", m.form("season"))
        assert entry is not None
        days = cal.a_season(year, int(entry.row["first"]), int(entry.row["last"]))
    else:
        days = cal.a_year(year)
    return Reading(_third(m, ctx, days), why, "year", True)


_OPENING = frozenset("في وفي منذ ومنذ حتي وحتي بحلول خلال مطلع قبل بعد اواخر اوائل اعوام سنوات الاعوام السنوات ب".split())


def _bare_year(m: Match, ctx: Context) -> bool:
    """True where four digits without "year" are one: after a preposition or a noun that years name, in brackets, and nothing counted after."""
    year = int(m.form("year2"))
    if not 1800 <= year <= 2100:
        return False
    text, end = m.regex.string, m.regex.end()
    head = text[max(0, m.regex.start() - 60) : m.regex.start()]
    if head.endswith("(") and text[end : end + 1] == ")":
        return 1900 <= year <= 2060
    if head.endswith(tuple("#$€£-+/.,:")) or text.startswith(("%", "-", "/", ":"), end):
        return False
    after = text[end : end + 30].split()
    counted = bool(after) and text[end : end + 1] in " \t" and ctx.lexicon.entry("units", after[0]) is not None
    if counted and (year % 100 == 0 or after[0].endswith("ا")):
        return False
    words = head.replace('"', " ").split()
    if not words:
        return False
    last = words[-1]
    if (last == "و" and len(words) > 1) or (head[-1:] == "و"):
        return any(p.days.grain == "year" and m.start - p.start <= 12 for p in ctx.plays[-2:])
    if last not in _OPENING and counted:
        return False
    if last in _OPENING:
        return 1900 <= year <= 2060
    if head.endswith(" ل") or last in ("من", "الي"):
        return 1950 <= year <= 2040 and not (after and text[end : end + 1] in " \t" and after[0].endswith("ا"))
    return 1900 <= year <= 2060 and any(_names_years(w, ctx) for w in words[-4:])


def _names_years(word: str, ctx: Context) -> bool:
    """True for a noun that years are told by, also behind one-letter clitics and the article."""
    entry = ctx.lexicon.entry
    forms = {
        f
        for w in (word, word[1:] if word[:1] in "وفبلك" else word)
        for f in (w, w.removeprefix("ال"), w.removeprefix("لا"), w.removeprefix("ل"))
    }
    return any(entry("time_year_nouns", form) is not None for form in forms)


def years(m: Match, ctx: Context) -> Reading | None:
    first, last = year_word(m.form("year"), ctx), year_word(m.form("y2"), ctx)
    if first is None or last is None or not 1700 <= first < last <= 2100:
        return None
    text = m.regex.string
    if text[m.regex.end() : m.regex.end() + 1] in "%" and m.regex.end() < len(text):
        return None
    after = text[m.regex.end() : m.regex.end() + 30].split()
    if after and ctx.lexicon.entry("units", after[0]) is not None:
        return None
    if m.regex.group()[:1].isdigit() and "و" in m.regex.group() and _before(m) not in ("بين", "العامين", "عامي", "في"):
        return None
    if m.form("fiscal") and last == first + 1:
        return Reading(cal.a_fiscal_year(first), "a fiscal year from July to June", "period", True)
    return Reading(Days(date(first, 1, 1), date(last, 12, 31), "period"), "both years are stated", "period", True)


_NTH = frozenset(("الاول", "الاولي", "الثاني", "الثانيه", "الثالث", "الثالثه", "الرابع", "الرابعه"))


def a_unit(m: Match, ctx: Context) -> Reading | None:
    unit = _UNITS[m.form("unit")]
    adj, dem, third = m.form("adj"), m.form("dem"), m.form("third")
    if not (adj or dem or third):
        return None
    if third and unit in ("decade", "century") and not adj:
        return None
    if not adj and not dem and third in ("وسط", "اخر"):
        return None
    if not adj and not dem and (_after(m) or [""])[0].strip("،,.") in _NTH:
        return None  # the start of the third month of a strike
    if adj.startswith("الاخير") and _after(m)[:1] in (["من"], ["في"]):
        return None  # the last week of a festival
    shift = shift_of(adj, ctx) or ("same" if dem in ("ذلك", "تلك", "نفس", "ذات") else "0")
    if m.form("year"):
        year = int(m.form("year"))
        if unit == "year":
            return Reading(_third(m, ctx, cal.a_year(year)), "the year is stated", stated=True)
        base = (ctx.period_in_play("month") if shift == "same" else None) or ctx.published
        if unit != "month" or shift not in ("same", "0") or base is None:
            return None
        return Reading(_third(m, ctx, cal.a_month(year, base.month)), "the month in play, of the year stated", stated=True)
    grain = "period" if m.form("fiscal") or unit in ("decade", "century") else unit
    if shift in ("same", "next", "before"):
        base, n = ctx.period_in_play(unit) or ctx.published, {"same": 0, "next": 1, "before": -1}[shift]
        why = "beside the one in play"
        if base is None:
            return unknown(grain)  # type: ignore[arg-type]
    else:
        base, n = ctx.published, int(shift)
        why = {-1: "the one before that of publication", 0: "the one of publication", 1: "the one after that of publication"}[n]
        if base is None:
            return unknown(grain)  # type: ignore[arg-type]
    if m.form("this"):
        named, why = year_of(m, ctx)
        if unit != "month" or named is None:
            return None
        return Reading(_third(m, ctx, cal.a_month(named, base.month + n)), why)
    days = cal.a_fiscal_year(base.year + n - (base.month < 7)) if m.form("fiscal") else cal.unit_around(base, unit, n)
    return Reading(_third(m, ctx, days), why)


def _after(m: Match) -> list[str]:
    """The folded words right after the match."""
    return m.regex.string[m.regex.end() : m.regex.end() + 24].split()


def two_units(m: Match, ctx: Context) -> Reading | None:
    """Two neighbouring periods, each named by its adjective."""
    one, two = _int(shift_of(m.form("adj"), ctx)), _int(shift_of(m.form("adj2"), ctx))
    if abs(one - two) != 1:
        return None
    if ctx.published is None:
        return unknown("period")
    unit = {"ع": "year", "س": "year", "ش": "month", "ا": "week"}[m.form("unit")[0]]
    first, last = (cal.unit_around(ctx.published, unit, n) for n in sorted((one, two)))
    return Reading(Days(first.first, last.last, "period"), "both are named from publication")


def after_next(m: Match, ctx: Context) -> Reading | None:
    shift = shift_of(m.regex.group().split()[-1], ctx)
    if shift not in ("-1", "1", "next"):
        return None
    if ctx.published is None:
        return unknown("period")
    n = -2 if m.form("side") == "قبل" else 2
    return Reading(cal.unit_around(ctx.published, _UNITS[m.form("unit")], n), "two away from that of publication")


def weekend(m: Match, ctx: Context) -> Reading | None:
    if ctx.published is None:
        return unknown("day")
    if not m.form("adj") and (_after(m) or [""])[0].strip("،,.") in _NTH:
        return None  # the first weekend of a film
    shift = shift_of(m.form("adj"), ctx) or "0"
    week = cal.a_week(cal.shifted(ctx.published, int(shift) if shift in ("-1", "1") else 0, "week"))
    if shift == "0" and not m.form("adj") and week.last > ctx.published and ctx.direction(m.start, m.end) == "past":
        week = cal.a_week(cal.shifted(ctx.published, -1, "week"))
    if m.regex.group().startswith("عطل"):
        return Reading(Days(week.last - timedelta(days=1), week.last, "period"), "Friday and Saturday of the week")
    return Reading(cal.one(week.last), "the last day of the week, Saturday")


def rest_of(m: Match, ctx: Context) -> Reading | None:
    if ctx.published is None:
        return unknown("period")
    return Reading(
        Days(ctx.published, cal.unit_around(ctx.published, _UNITS[m.form("unit")]).last, "period"), "from publication to its end"
    )


def a_season(m: Match, ctx: Context) -> Reading | None:
    entry = ctx.lexicon.entry("time_seasons", m.form("season"))
    definite = m.form("season").startswith("ال")
    adj, yadj, dem, third = m.form("adj"), m.form("yadj"), m.form("dem"), m.form("third")
    whole = m.regex.group()
    if entry is None or not (adj or yadj or dem or whole.endswith("هذا العام") or (third and definite)):
        return None
    today = ctx.published
    if today is None:
        return unknown("season")
    first, last = int(entry.row["first"]), int(entry.row["last"])
    shift = shift_of(adj, ctx)
    if shift_of(yadj, ctx) in ("same", "next", "before"):
        return None
    if yadj or whole.endswith("العام"):
        return Reading(
            _third(m, ctx, cal.a_season(today.year + _int(shift_of(yadj, ctx)), first, last)), "of the year named from publication"
        )
    options = [cal.a_season(y, first, last) for y in range(today.year - 2, today.year + 3)]
    if shift == "-1":
        days = [d for d in options if d.last < today][-1]
    elif shift == "1":
        days = next(d for d in options if d.first > today)
    else:
        held = [d for d in options if today in d]
        days = held[0] if held else min(options, key=lambda d: abs((d.first - today).days))
    return Reading(_third(m, ctx, days), "the season nearest to publication on the side named")


def _int(shift: str | None) -> int:
    return int(shift) if shift in ("-1", "0", "1") else 0


def part_of_year(m: Match, ctx: Context) -> Reading | None:
    of = {"ربع": 4, "ثلاثي": 4, "نصف": 2, "سداسي": 2, "ثلث": 3}[m.form("of")]
    word = m.form("n")
    today = ctx.published
    year, why = year_of(m, ctx)
    if m.form("of") in ("ثلاثي", "سداسي") and year is None and not why:
        return None  # a meeting of three
    if m.form("month") or m.form("munit"):
        return _half_month(m, ctx, of, word)
    beside = shift_of(word, ctx)
    if beside in ("next", "before"):
        played = next((p.days.first for p in reversed(ctx.plays) if p.days.grain == "period" and p.days.first.day == 1), None)
        today = played or today
    if word in ("المقابل", "المماثل") or beside in ("same",):
        parts = [p for p in reversed(ctx.plays) if p.days.grain == "period" and p.days.first.day == 1]
        last = next((p for p in parts if year is not None and p.days.first.year == year + 1), parts[0] if parts else None)
        if last is None:
            return None
        if year is None:
            year = last.days.first.year - (0 if beside else 1)
        number = (last.days.first.month - 1) // (12 // of) + 1
        return Reading(cal.a_part(year, number, of), "the same part of the year named")
    if beside is not None and word != "الاخير":
        if today is None:
            return unknown("period")
        index = today.year * of + (today.month - 1) // (12 // of) + {"before": -1, "next": 1}.get(beside, _int(beside))
        return Reading(cal.a_part(index // of, index % of + 1, of), "the part of the year named from publication")
    number = of if word == "الاخير" else count(word, ctx)
    if not 1 <= number <= of:
        return None
    if m.form("this") and "مالي" in m.form("this"):
        if m.form("fy"):
            began = int(m.form("fy"))
        elif today is not None:
            began = today.year - (today.month < 7) + _int(shift_of(m.form("yadj"), ctx))
        else:
            return unknown("period")
        months = 12 // of
        start = cal.a_month(began, 7 + (number - 1) * months)
        return Reading(
            Days(start.first, cal.a_month(start.first.year, start.first.month + months - 1).last, "period"), "of the fiscal year"
        )
    if year is None:
        if why or (today is None and not ctx.plays):
            return unknown("period")
        if of != 4 or _played(m, ctx):
            return None
        base = today or ctx.plays[-1].days.first
        year = base.year - (
            today is not None and cal.a_part(base.year, number, of).first > base and ctx.direction(m.start, m.end) == "past"
        )
        why = "of the year of publication"
    return Reading(_third(m, ctx, cal.a_part(year, number, of)), why, stated=bool(m.form("year")))


_GAME = frozenset(("مباراه", "المباراه", "نقطه", "نقاط", "رميات", "رميه", "الشوط", "السله", "ثلاثيه"))


def _played(m: Match, ctx: Context) -> bool:
    """True in a sentence about a match, whose quarters are minutes."""
    sentence = ctx.text.sentence_at(m.start)
    return sentence is not None and not _GAME.isdisjoint(ctx.text.fold_of(sentence.start, sentence.end).split())


def _half_month(m: Match, ctx: Context, of: int, word: str) -> Reading | None:
    number = of if word == "الاخير" else count(word, ctx)
    if of == 4 or not 1 <= number <= of:
        return None

    def make(month: Days) -> Days:
        if of == 3:
            return cal.part_of(month, ("first", "middle", "last")[number - 1])
        middle = month.first + timedelta(days=14)
        return Days(month.first, middle, "period") if number == 1 else Days(middle + timedelta(days=1), month.last, "period")

    if m.form("month"):
        months = month_of(m.form("month"), ctx)
        return dated(m, ctx, lambda y: make(cal.a_month(y, months[0])), months[0], True) if months else None
    ym = month_near(m, ctx, "madj")
    return Reading(make(cal.a_month(*ym)), "of the month named from publication") if ym else unknown("period")


def a_decade(m: Match, ctx: Context) -> Reading | None:
    begin = ctx.value("time_decades", m.form("decade"), "begin")
    told = (
        m.form("decade").startswith("ال")
        or m.form("adj")
        or m.form("n")
        or _before(m).lstrip("و") in ("في", "منذ", "خلال", "اواخر", "اوائل")
    )
    if begin is None or not told:
        return None
    if re_age(m):
        return None
    start = 1900
    if m.form("n"):
        number = 20 if m.form("n") == "العشرين" else count(m.form("n"), ctx)
        start = (number - 1) * 100
    elif m.form("adj"):
        if ctx.published is None:
            return unknown("period")
        start = ctx.published.year // 100 * 100 + 100 * _int(shift_of(m.form("adj"), ctx))
    elif int(begin) == 20:
        start = 1900
    if not 0 <= start <= 2100:
        return None
    return Reading(_third(m, ctx, cal.decade(start + int(begin))), "a decade of its century", stated=True)


def re_age(m: Match) -> bool:
    """True where the tens are somebody's age: "in his thirties"."""
    after = m.regex.string[m.regex.end() : m.regex.end() + 16].split()
    return any(w.strip("،,.)") in ("عمره", "عمرها", "العمر", "عمرهم", "عمرهما") for w in after[:2])


def a_century(m: Match, ctx: Context) -> Reading | None:
    number = 20 if m.form("n") == "العشرين" else count(m.form("n"), ctx)
    return Reading(_third(m, ctx, cal.century(number)), "a century", stated=True) if 11 <= number <= 22 else None


PERIODS: dict[str, Resolver] = {
    f.__name__: f
    for f in (
        a_month, a_year, years, a_unit, two_units, after_next, weekend, rest_of, a_season, part_of_year, a_decade, a_century,
    )
}  # fmt: skip

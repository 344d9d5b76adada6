"""Small readings of words inside an expression of time: counts, months, years, the adjectives that place a period."""

from __future__ import annotations

from musnad.grammar.folding import Folded
from musnad.grammar.lexicon import Lexicon
from musnad.grammar.numbers import NumberReader
from musnad.grammar.rules import Match
from musnad.grammar.tokens import tokenize
from musnad.stages.times_context import Context


def count(form: str, ctx: Context) -> int:
    """The number of digits, an ordinal or number words; 0 where it is none."""
    form = " ".join(form.split())
    if form.isdigit():
        return int(form) if len(form) <= 4 else 0
    ordinal = ctx.lexicon.entry("time_ordinals", form)
    if ordinal is not None:
        return int(ordinal.row["number"])
    if form in ("بضعه", "بضع"):
        return 3
    return _words(form, ctx)


def _words(form: str, ctx: Context) -> int:
    folded = Folded(form)
    tokens = tokenize(folded)
    lexicon: Lexicon = ctx.lexicon
    hits = [h for h in lexicon.scan(folded, tokens) if h.entry.list == "numbers"]
    number = NumberReader(tokens, hits, folded.text).read(0)
    if number is None or number.last != len(tokens):
        return 0
    return int(number.low) if number.low == number.high and number.low == int(number.low) and number.low < 10_000 else 0


def month_of(form: str, ctx: Context) -> tuple[int, int] | None:
    """First and last month of a month's name, single or dual: both names may be one month's, or two neighbouring months."""
    found: list[int] = []
    rest = form
    for mark in "/\\|()-":
        rest = rest.replace(mark, " ")
    words = rest.split()
    i = 0
    while i < len(words):
        for n in (2, 1):
            entry = ctx.lexicon.entry("months", " ".join(words[i : i + n]))
            if entry is not None and i + n <= len(words):
                found.append(int(entry.row["number"]))
                i += n
                break
        else:
            return None
    if not found or len(found) > 2:
        return None
    return (found[0], found[-1])


def sure_month(form: str, ctx: Context) -> bool:
    """False where the name alone mostly means something else ("practised", "father")."""
    entry = ctx.lexicon.entry("months", " ".join(form.split()))
    return entry is None or entry.get("sure") != "no"


def shift_of(form: str, ctx: Context) -> str | None:
    """-1, 0, 1, same, next or before for an adjective that places a period; None for none."""
    entry = ctx.lexicon.entry("time_adjectives", " ".join(form.split())) if form else None
    return entry.get("shift") if entry else None


def year_word(form: str, ctx: Context) -> int | None:
    """The year of four digits or of number words, else None."""
    if not form:
        return None
    year = count(form, ctx)
    return year if (1000 if form.isdigit() else 1300) <= year <= 2300 else None


def year_of(m: Match, ctx: Context) -> tuple[int | None, str]:
    """The year that an expression's tail gives, and why. (None, reason) where it gives one that can't be resolved, (None, "") where it gives none."""
    groups = m.regex.groupdict()
    stated = year_word(groups.get("year") or groups.get("year2") or "", ctx)
    if stated is not None:
        return stated, "the year is stated"
    this = groups.get("this")
    if not this:
        return None, ""
    shift = shift_of(groups.get("yadj") or "", ctx)
    if shift in ("same", "next", "before"):
        played = ctx.period_in_play("year")
        return (played.year + {"same": 0, "next": 1, "before": -1}[shift], "of the year in play") if played else (None, "no year in play")
    if ctx.published is None:
        return None, "the publication day isn't known"
    return ctx.published.year + int(shift or 0), "of the year named from publication"

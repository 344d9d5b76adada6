"""Numbers written as two: ranges ("between 10 and 15"), fractions ("3/4", "one of every five"), powers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from musnad.grammar.numbers import Number
from musnad.grammar.tokens import Token


def join_fractions(tokens: Sequence[Token], numbers: Sequence[Number]) -> list[Number]:
    """The numbers with what is written of two made one: "3/4", "2 1/4", "one over three", "one of every five", powers and powers of ten.

    For texts where numbers stand by themselves; in running news "13 of 20" is two quantities, so the figures stage doesn't use it.
    """
    out: list[Number] = []
    for number in numbers:
        joined = _joined(tokens, out[-1], number) if out else None
        if joined is not None:
            out[-1] = joined
        else:
            out.append(number)
    for k in range(len(out) - 1, 0, -1):
        whole, part = sorted((out[k - 1], out[k]), key=lambda n: -abs(n.low))
        beside = out[k - 1].last == out[k].first and tokens[out[k].first].a == tokens[out[k].first - 1].b + 1
        if (
            beside
            and part.written == "fraction"
            and part.last - part.first == 3
            and whole.written == "digits"
            and whole.low == int(whole.low)
        ):
            value = whole.low + part.low
            out[k - 1 : k + 1] = [out[k - 1]._replace(last=out[k].last, end=out[k].end, low=value, high=value, written="fraction")]
    return out


def _joined(tokens: Sequence[Token], one: Number, two: Number) -> Number | None:
    """The number that two make with the words or marks between them; None where they make none."""
    if one.low != one.high or two.low != two.high or two.clitics:
        return None
    marks = tokens[one.last : two.first]
    between = "".join(t.form for t in marks)
    touching = all(tokens[k].b == tokens[k + 1].a for k in range(one.last - 1, two.first))
    value: float | None = None
    if between in ("/", "علي", "من", "منكل", "اجزاءمن") and two.low:
        if between == "/" and not (touching and _slashed(tokens, one, two)):
            return None
        value = one.low / two.low
    elif touching and between.strip("-") in ("^", "e", "e+") and len(marks) <= 4:
        value = _power(one.low, two.low, between)
    return None if value is None else one._replace(last=two.last, end=two.end, low=value, high=value, written="fraction", scale=1)


def _slashed(tokens: Sequence[Token], one: Number, two: Number) -> bool:
    """True for two numbers of at most two digits with nothing else slashed or hyphenated to them: no date, no telephone number."""
    around = [tokens[k].form for k in (one.first - 1, two.last) if 0 <= k < len(tokens)]
    small = abs(one.low) < 100 and 0 < two.low < 100 and one.low == int(one.low) and two.low == int(two.low)
    return small and one.written == two.written == "digits" and "/" not in around and "-" not in around[1:]


def _power(base: float, exponent: float, between: str) -> float | None:
    """base^exponent or base e exponent; a single sign on the exponent counts, a doubled one cancels itself."""
    if "^" not in between:
        exponent = -exponent if "-" in between else exponent
        return base * 10.0**exponent if abs(exponent) <= 300 else None
    inner = between.split("^")[1]
    exponent = -exponent if inner == "-" else exponent
    try:
        return math.copysign(abs(base) ** exponent, base)
    except (OverflowError, ZeroDivisionError):
        return None


_TO = frozenset(("الي", "حتي", "او", "-"))


_CHANGES = (
    "رفع",
    "ارتف",
    "خفض",
    "انخف",
    "زاد",
    "زيا",
    "تراج",
    "هبط",
    "صعد",
    "قفز",
    "نقل",
    "تقلص",
    "وصل",
    "هبو",
    "تضاع",
    "زيد",
    "تحول",
    "نما",
)


"""Beginnings of words for change: "rose from 30 to 40" names two values, no range."""


def join_ranges(tokens: Sequence[Token], numbers: Sequence[Number]) -> list[Number]:
    """The numbers with ranges made one: "between 10 and 15", "10-15", "from 3 to 5", "three or four"."""
    out: list[Number] = []
    at: Mapping[int, Number] = {n.first: n for n in numbers}
    done = 0
    for number in numbers:
        if number.first < done:
            continue
        ranged = _range(tokens, number, at)
        out.append(ranged or number)
        done = out[-1].last
    return out


def _changes(tokens: Sequence[Token], i: int) -> bool:
    return any(c in t.form for t in tokens[max(0, i - 8) : i] if t.kind == "word" for c in _CHANGES)


def _range(tokens: Sequence[Token], low: Number, at: Mapping[int, Number]) -> Number | None:
    before = tokens[low.first - 1].form if low.first else ""
    before = before[1:] if before in ("وبين", "ومن", "وما") else before
    i = low.last
    if low.low == 0 and low.high == 0 and i < len(tokens) and tokens[i].form == "-":
        return None
    if low.written == "vague" or i >= len(tokens):
        return None
    between = tokens[i].form
    percent = between in ("%",) and i + 1 < len(tokens)
    if percent:
        i += 1
        between = tokens[i].form
    if between in _TO:
        high = at.get(i + 1)
        if percent and before != "بين" and between != "-":
            return None
        shared = high is not None and high.low > low.low > 0 and low.scale == 1 and not low.clitics
        if between in ("الي", "حتي") and ((before not in ("من", "بين", "مابين") and not shared) or _changes(tokens, low.first)):
            return None
    elif before in ("بين", "مابين") and between == "و":
        high = at.get(i + 1)
    elif before in ("بين", "مابين"):
        high = at.get(i)
        if high is not None and high.clitics != "و":
            return None
    else:
        return None
    if high is None or high.written == "vague":
        return None
    start, value = low.start, low.low
    if high.scale > 1 and low.scale == 1 and low.low < 1000:
        value *= high.scale
    if value >= high.high or (between == "-" and tokens[i].a != tokens[i - 1].b and before not in ("من", "بين")):
        return None
    first = low.first - 1 if before in ("بين", "مابين") else low.first
    if first < low.first:
        start = tokens[first].end - len(before)
    return Number(first, high.last, start, high.end, value, high.high, high.written, low.clitics, False, True, high.scale)

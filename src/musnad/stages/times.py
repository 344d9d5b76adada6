"""Stage: times. Every expression that names a calendar time, resolved to the days it covers.

Rules are tried only where a word of their `starts` lists stands, the longest match wins, and each match is resolved in the order of
the text, since a later expression may hang on the day an earlier one put in play.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from musnad.document import Document
from musnad.grammar.rules import Match, Rule, as_match
from musnad.record.kinds import Time
from musnad.stages.times_context import Context, Play
from musnad.stages.times_lengths import LENGTHS
from musnad.stages.times_periods import PERIODS
from musnad.stages.times_reading import Reading
from musnad.stages.times_resolve import TABLE
from musnad.tools import Tools

_RESOLVERS = TABLE | PERIODS | LENGTHS
_LONGEST = 160
"""Characters of the shadow that an expression may run over."""


def find(doc: Document, tools: Tools) -> Iterator[Time]:
    """The times of one report, in the order of the text."""
    rules = tools.rules.get("times")
    if rules is None:
        return
    context = Context(doc, tools.lexicon, date.fromisoformat(doc.published) if doc.published else None)
    by_start = _by_start(tools)
    times: list[Time] = []
    done = 0
    for start, names in _starts(doc, by_start):
        if start < done:
            continue
        found = _best(doc, context, start, _rules_of(tools, names))
        if found is None:
            continue
        match, reading = found
        done = match.end
        if reading.days is not None:
            context.plays.append(Play(match.start, reading.days, reading.stated))
        times.append(_time(doc, match, reading))
    yield from _joined(doc, times)


def _time(doc: Document, match: Match, reading: Reading) -> Time:
    days = reading.days
    return Time(
        id=doc.id("times", match.start, match.end),
        start=match.start,
        end=match.end,
        text=doc.source[match.start : match.end],
        from_=days.first.isoformat() if days else None,
        to=days.last.isoformat() if days else None,
        grain=days.grain if days else reading.grain,
        found_by=match.rule.id,
        confidence=match.rule.confidence,
        why=f"{match.rule.why}: {reading.why}" if match.rule.why else reading.why,
    )


def _joined(doc: Document, times: list[Time]) -> Iterator[Time]:
    """The times, with two days "from … to …", "between … and …" made one period; months and years so told stay two times."""
    held: Time | None = None
    for time in times:
        whole = _period(doc, held, time) if held is not None else None
        if held is not None and whole is None:
            yield held
        held = whole or time
    if held is not None:
        yield held


def _period(doc: Document, one: Time, two: Time) -> Time | None:
    if one.from_ is None or two.to is None or one.from_ > two.to or one.grain != "day" or two.grain != "day" or two.start - one.end > 10:
        return None
    between = doc.text.fold_of(one.end, two.start).split()
    before = doc.text.fold_of(max(0, one.start - 12), one.start).replace('"', " ").split()[-1:]
    opened = bool(before) and before[0].lstrip("و") in ("من", "بين", "مابين")
    to = between in (["الي"], ["حتي"], ["وحتي"], ["-"]) or (between in (["و"], ["وبين"]) and before[0].endswith("بين") if before else False)
    if not to or not (opened or between == ["-"]):
        return None
    return Time(
        id=doc.id("times", one.start, two.end),
        start=one.start,
        end=two.end,
        text=doc.source[one.start : two.end],
        from_=one.from_,
        to=two.to,
        grain="period",
        found_by=f"{one.found_by} {two.found_by}",
        confidence=min(one.confidence, two.confidence),
        why=f"from {one.why}; to {two.why}",
    )


@lru_cache(maxsize=16)
def _by_start(tools: Tools) -> dict[str, list[Rule]]:
    """The rules by the word lists that their expressions begin with."""
    out: dict[str, list[Rule]] = {}
    for rule in tools.rules["times"].rules:
        for name in rule.get("starts", ()):
            out.setdefault(name, []).append(rule)
    return out


@lru_cache(maxsize=512)
def _rules_of(tools: Tools, names: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules tried where words of these lists stand, in the order of the file."""
    wanted = {id(r) for n in names for r in _by_start(tools)[n]}
    return tuple(r for r in tools.rules["times"].rules if id(r) in wanted)


def _starts(doc: Document, by_start: dict[str, list[Rule]]) -> list[tuple[int, tuple[str, ...]]]:
    """Source offsets at which an expression may begin, with the lists whose word stands there, in order."""
    at: dict[int, list[str]] = {}
    hits = doc.text.hits_of
    for name in by_start:
        for hit in hits.get(name, ()):
            names = at.setdefault(hit.start, [])
            if name not in names:
                names.append(name)
    if "digits" in by_start:
        for token in doc.text.tokens:
            if token.kind == "number":
                at.setdefault(token.start, []).append("digits")
    return sorted((start, tuple(names)) for start, names in at.items())


def _best(doc: Document, context: Context, start: int, rules: tuple[Rule, ...]) -> tuple[Match, Reading] | None:
    """The longest match at an offset that resolves, the earlier rule on a tie."""
    folded = doc.text.folded
    a = folded.shadow_at(start)
    line_end = folded.text.find("\n", a, a + _LONGEST)
    b = line_end if line_end >= 0 else a + _LONGEST
    found = []
    for rule in rules:
        if (m := rule.regex.match(folded.text, a, b)) is not None and m.end() > a:
            found.append((m.end(), rule, m))
    found.sort(key=lambda f: -f[0])
    for _, rule, m in found:
        match = as_match(rule, folded, m)
        if _refused(match, context):
            continue
        try:
            reading = _RESOLVERS[rule["resolve"]](match, context)
        except (OverflowError, ValueError):
            continue
        if reading is not None:
            return match, reading
    return None


def _refused(match: Match, context: Context) -> bool:
    """True where the words around show that no time is meant: the Friday prayer, National Day, a newspaper's name."""
    text, a, b = match.regex.string, match.regex.start(), match.regex.end()
    before = text[max(0, a - 40) : a].split()
    after = text[b : b + 24].split()
    words = match.regex.group().split()
    refuses = {match.rule["resolve"], words[0], words[-1], "digits" if words[0][0].isdigit() else ""}
    if match.rule["resolve"] in ("day_of_month", "a_month") and not match.form("year"):
        refuses.add("yearless")  # the coalition of 14 March, the attacks of 11 September
    around = [("time_not_after", w) for w in before[-1:]] + [("time_not_before", w) for w in after[:1]]
    if words == ["اليوم"]:
        around += [("time_not_after", w) for w in before[-2:-1]]  # the channel "Russia Today"
    for name, word in around:
        bare = word.strip('،,.:؛"()«»')
        for form in (bare, bare.lstrip("وبلف")) if name == "time_not_after" else (bare,):
            entry = context.lexicon.entry(name, form)
            if entry is not None and refuses.intersection(entry.get("word").split()):
                return True
    return words == ["اليوم"] and bool(before) and before[-1].startswith('"') and bool(after) and text[b : b + 1] == '"'

"""Stage: figures. Quantities with what they count: bound word, number and counted noun, their values and what the counted suffered.

Numbers come from `grammar/numbers.py`, duals from a word list; what stands around them decides whether they are quantities at all,
what is counted, and how far the phrase goes.
"""

from __future__ import annotations

from collections.abc import Iterator

from musnad.document import Document
from musnad.grammar.numbers import Number, NumberReader
from musnad.grammar.numbers_joined import join_ranges
from musnad.record.kinds import Bound, Figure
from musnad.stages.figures_count import Counted, counted_noun, dual_at, harm_of, like_year
from musnad.stages.figures_scene import Scene
from musnad.tools import Tools


def find(doc: Document, tools: Tools) -> Iterator[Figure]:
    """The figures of one report, in the order of the text."""
    scene = Scene(doc, tools)
    numbers = join_ranges(scene.tokens, NumberReader(scene.tokens, doc.text.hits_of["numbers"], doc.text.folded.text).all())
    found: list[tuple[int, Figure]] = []
    taken: set[int] = set()
    for number in numbers:
        if scene.in_time(number.start, number.end):
            continue
        figure = _figure(scene, number, found[-1][1] if found else None)
        if figure is not None and not taken & set(range(figure[1], figure[2])):
            found.append((figure[1], figure[0]))
            taken.update(range(figure[1], figure[2]))
    for hit in (*doc.text.hits_of["figure_duals"], *scene.definite_duals()):
        if hit.first in taken or scene.in_time(hit.start, hit.end):
            continue
        dual = dual_at(scene, hit)
        if dual is None:
            continue
        unit, kind, last = dual
        taken.update(range(hit.first, last))
        end = scene.tokens[last - 1].end
        found.append((hit.first, scene.record(hit.start, end, 2, 2, "exact", unit, kind, None, "figures.dual", 0.85)))
    for hit in doc.text.hits_of["figure_shares"]:
        share = float(hit.entry.row["percent"])
        end = scene.share_end(hit)
        found.append((hit.first, scene.record(hit.start, end, share, share, "exact", "percent", "percent", None, "figures.share", 0.7)))
    for _, figure_ in sorted(found, key=lambda f: f[1].start):
        yield figure_


def _figure(scene: Scene, number: Number, before: Figure | None) -> tuple[Figure, int, int] | None:
    """The figure that a number makes, with its first and last token; None where the number is a name, an ordinal, a score or bare."""
    tokens = scene.tokens
    if number.written == "vague" and number.last < len(tokens) and tokens[number.last].form == "بي":
        return None  # the FBI, spelled out
    if scene.is_name(number) or (number.low == number.high == 2 and number.written == "words" and scene.dual_before(number.first)):
        return None
    bound, first, start = _bound_before(scene, number)
    rule = f"figures.{number.written}"
    low, high = number.low, number.high
    percent_end = scene.percent_end(number.last)
    if (
        percent_end is None
        and number.first
        and tokens[number.first - 1].form == "%"
        and tokens[number.first - 1].b == tokens[number.first].a
    ):
        percent_end, first = number.last, min(first, number.first - 1)
        start = tokens[first].start
    if percent_end is None and scene.shares_percent(number):
        percent_end = number.last
    if percent_end is None and number.written != "fraction" and (opened := scene.percent_opened(number)) is not None:
        percent_end, first = number.last, min(first, opened)
        start = min(start, tokens[opened].start)
    if percent_end is not None:
        last, bound = _bound_after(scene, percent_end, bound)
        record = scene.record(start, tokens[last - 1].end, low, high, bound, "percent", "percent", None, "figures.percent", 0.95)
        return record, first, last
    if number.written == "fraction":
        return _fraction(scene, number, bound, first, start)
    money = scene.currency_sign(number)
    if money is not None:
        code, a, b = money
        first = min(first, a)
        last, bound = _bound_after(scene, b, bound)
        start = min(start, tokens[a].start)
        return scene.record(start, tokens[last - 1].end, low, high, bound, code, "money", None, "figures.money", 0.95), first, last
    counted = counted_noun(scene, number)
    if counted is None and (first == number.first or number.ranged) and not _bare(scene, number, before):
        return None
    alone = number.written == "words" and low == high <= 2 and (counted is None or counted.unit is None)
    if alone and (high < 2 or scene.harm_before(number.first, 1) is None):
        return None
    if number.ranged and counted is None and bound == "exact" and number.written == "digits":
        return None
    if counted is None:
        counted = Counted(None, "count", False, number.first, number.last, None)
    low, high = scene.as_thousands(number, counted.kind)
    first, last = min(first, counted.first), max(number.last, counted.last)
    if counted.first < number.first:
        start = min(start, counted.noun[0] if counted.noun else tokens[counted.first].start)
    if counted.first < number.first and bound == "exact":
        bound, first, start = _bound_at(scene, counted.first, first, start)
    last, bound = _bound_after(scene, last, bound)
    if number.written == "vague" and bound == "exact":
        bound = "about"
    elif number.written == "vague" and bound in ("more_than", "at_least"):
        high = low
    unit = harm_of(scene, counted, first, last) or counted.unit
    if unit is None and counted.noun is None and counted.kind == "count" and before is not None and _same_row(scene, before, first):
        unit = before.unit
        if before.kind == "money":
            counted = Counted(unit, "money", False, counted.first, counted.last, None)
    of = scene.cut(counted.noun) if counted.noun else None
    sure = 0.9 if counted.unit else 0.7
    return scene.record(start, tokens[last - 1].end, low, high, bound, unit, counted.kind, of, rule, sure), first, last


def _fraction(scene: Scene, number: Number, bound: Bound, first: int, start: int) -> tuple[Figure, int, int] | None:
    """Half an hour is a measure; half of the people, or "to half", a percentage."""
    tokens, last = scene.tokens, number.last
    unit = scene.unit_at(last)
    if unit is not None and unit.entry.get("kind") == "measure" and not unit.form.startswith("ال"):
        record = scene.record(
            start, unit.end, number.low, number.high, bound, unit.entry.get("gloss"), "measure", None, "figures.fraction", 0.85
        )
        return record, first, unit.last
    owner = unit.last if unit is not None else last + 1
    if not number.definite and owner < len(tokens) and tokens[owner].kind == "word" and scene.article(owner) and scene.of_whole(last):
        share = round(number.low * 100, 2)
        record = scene.record(start, tokens[owner - 1].end, share, share, bound, "percent", "percent", None, "figures.fraction", 0.7)
        return record, first, owner
    after = tokens[last].form if last < len(tokens) else ""
    if scene.lexicon.entry("figure_not_fraction", after) is not None or (number.definite and after.startswith("ال")):
        return None
    share = round(number.low * 100, 2)
    if number.definite:
        if first and tokens[first - 1].form not in ("الي", "ب", "من", "عن", "بنسبه") and not number.clitics:
            return None
        end = last
    elif after.startswith("ال") and tokens[last].kind == "word":
        end = last + 1
    else:
        return None
    return scene.record(start, tokens[end - 1].end, share, share, bound, "percent", "percent", None, "figures.fraction", 0.7), first, end


def _bound_before(scene: Scene, number: Number) -> tuple[Bound, int, int]:
    """The bound whose words end where the number begins, and where they begin."""
    return _bound_at(scene, number.first, number.first, number.start)


def _bound_at(scene: Scene, at: int, first: int, start: int) -> tuple[Bound, int, int]:
    hit = scene.bounds_ending.get(at)
    if hit is None:
        return "exact", first, start
    bound: Bound = hit.entry.row["bound"]  # type: ignore[assignment]
    if bound == "at_most" and "ل" in hit.clitics:
        return "exact", first, start  # "to reach 64 dollars" tells what it came to
    return bound, hit.first, hit.start


def _bound_after(scene: Scene, last: int, bound: Bound) -> tuple[int, Bound]:
    """The end of the figure and its bound where "at least", "or more" follow it, perhaps after a comma."""
    for at in (last, last + 1):
        if at > last and (last >= len(scene.tokens) or scene.tokens[last].form not in ("،", ",")):
            break
        hit = scene.bounds_starting.get(at)
        if hit is not None:
            after: Bound = hit.entry.row["bound"]  # type: ignore[assignment]
            return hit.last, after if bound in ("exact", "about") else bound
    return last, bound


def _bare(scene: Scene, number: Number, before: Figure | None) -> bool:
    """True where a number without a noun is a quantity: vague plurals, after a word of killing or counting, or in one row with a figure."""
    if number.written == "vague":
        return True
    if scene.harm_before(number.first, 2) is not None:
        return True
    if scene.bare_cue(number.first) and not (number.written == "digits" and like_year(number)):
        return True
    if number.written == "mixed" or number.scale > 1:
        return True
    return (
        before is not None
        and before.kind != "measure"
        and _same_row(scene, before, number.first)
        and scene.tokens[number.first].form != "و"
    )


def _same_row(scene: Scene, before: Figure, first: int) -> bool:
    """True where a figure ends shortly before a token of the same sentence, with "and" or "to" between."""
    if first == 0:
        return False
    token = scene.tokens[first]
    if token.start < before.end or token.start - before.end > 40 or not scene.same_sentence(before.start, token.start):
        return False
    head = scene.tokens[first - 1].form
    number_form = token.form
    return number_form.startswith("و") or head in ("و", "الي", "مقابل", "اصل")

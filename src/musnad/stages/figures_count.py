"""What a number counts: the noun after it, the definite noun before it, the noun inside a dual; and what befell the people counted."""

from __future__ import annotations

import re
from typing import NamedTuple

from musnad.grammar.lexicon import Hit
from musnad.grammar.numbers import Number
from musnad.record.kinds import FigureKind
from musnad.stages.figures_scene import Scene

_BACK = 4
"""Tokens that a noun may stand before a definite number that follows its whole phrase ("the members of the council the fifteen")."""


class Counted(NamedTuple):
    """Unit and kind of what is counted, whether they are people, the tokens first..last of the figure's phrase, and the noun's source range."""

    unit: str | None
    kind: FigureKind
    human: bool
    first: int
    last: int
    noun: tuple[int, int] | None


def _of_hit(hit: Hit, first: int, last: int) -> Counted:
    kind: FigureKind = hit.entry.row["kind"]  # type: ignore[assignment]
    return Counted(hit.entry.row["gloss"], kind, hit.entry.get("human") == "yes", first, last, (hit.start, hit.end))


def counted_noun(scene: Scene, number: Number) -> Counted | None:
    """The counted noun of a number, or None."""
    tokens, i = scene.tokens, number.last
    if number.low == number.high == 1 and number.written == "words":
        nouns = [h for h in (scene.unit_at(number.first - 1), *scene.units_with_clitics(number.first - 1)) if h is not None]
        if number.definite or not nouns or nouns[0].last != number.first or is_definite(nouns[0]):
            return None
        return _of_hit(nouns[0], number.first - 1, number.last)
    length = scene.unit_at(i)
    if length is not None and length.entry.get("kind") == "measure" and not is_definite(length):
        return _of_hit(length, number.first, length.last)
    dual = scene.dual_from(i) if number.low == number.high == 2 else None
    if dual is not None:
        return _of_hit(dual, number.first, dual.last)
    behind = _definite_before(scene, number)
    if behind is not None:
        return behind
    if i + 1 < len(tokens) and (tokens[i].form == "#" or (tokens[i].form == ")" and number.first and tokens[number.first - 1].form == "(")):
        i += 1
    if i >= len(tokens):
        return None
    unit = scene.unit_at(i)
    if unit is not None and not (is_definite(unit) and number.written != "vague" and number.scale == 1 and not number.definite):
        return _of_hit(unit, number.first, _with_others(scene, _with_pair(scene, unit.last)))
    form = tokens[i].form
    if scene.lexicon.entry("figure_others", form) is not None and tokens[i].kind == "word":
        return Counted(None, "count", True, number.first, i + 1, None)
    if form in ("من", "منهم", "منهن", "منها"):
        ordinal = number.definite and number.written == "words" and number.scale == 1
        return None if ordinal else _of_them(scene, number, i)
    if tokens[i].kind != "word" or not _may_be_noun(scene, number, i):
        return None
    if number.written == "words" and number.scale == 1 and (number.definite or number.clitics.strip("وب")):
        return None
    last = _with_others(scene, i + 1)
    return Counted(None, "count", False, number.first, last, (tokens[i].start, tokens[i].end))


def _with_others(scene: Scene, last: int) -> int:
    if last < len(scene.tokens) and scene.lexicon.entry("figure_others", scene.tokens[last].form) is not None:
        return last + 1
    return last


def _with_pair(scene: Scene, last: int) -> int:
    """Take in a second noun joined by و that is counted with the first ("13 soldiers and civilians")."""
    tokens = scene.tokens
    if last < len(tokens) and tokens[last].form.startswith("و") and len(tokens[last].form) > 3:
        entry = scene.lexicon.entry("units", tokens[last].form[1:])
        first = scene.lexicon.entry("units", tokens[last - 1].form)
        if entry is not None and first is not None and entry.get("kind") == "count" and entry.get("human") == first.get("human"):
            after = tokens[last + 1].form if last + 1 < len(tokens) else ""
            return last + 1 if after != "واحدا" and after != "واحده" else last
    return last


_BEST = frozenset(("#", "كبار", "ابرز", "اهم", "اكبر", "افضل", "صغار", "خيره"))
"""Words between "of" and the noun: three of the leading commanders."""


def _of_them(scene: Scene, number: Number, i: int) -> Counted | None:
    """ "four of the camps", "dozens of them"."""
    tokens = scene.tokens
    if i + 1 < len(tokens) and tokens[i + 1].form in ("العمر", "عمره", "عمرها"):
        return None  # "25 of age"
    if tokens[i].form != "من":
        if number.written != "vague":
            return Counted(None, "count", True, number.first, i, None) if number.low > 2 else None
        return Counted(None, "count", True, number.first, i + 1, None)
    k = i + 1
    if k < len(tokens) and tokens[k].form in _BEST:
        k += 1
    unit = scene.unit_at(k) if k < len(tokens) else None
    if unit is not None:
        return _of_hit(unit, number.first, unit.last)
    if k < len(tokens) and tokens[k].form.startswith("ال") and tokens[k].form.endswith(("تين", "تان")):
        return None
    struck = (
        k < len(tokens)
        and scene.harm_before(number.first, 2) is not None
        and scene.lexicon.entry("figure_not_noun", tokens[k].form) is None
    )
    if (
        k < len(tokens)
        and tokens[k].kind == "word"
        and (struck or number.scale > 1 or number.written == "vague" or tokens[k].form.startswith("ال"))
    ):
        return Counted(None, "count", False, number.first, k + 1, (tokens[k].start, tokens[k].end))
    return None


def _definite_before(scene: Scene, number: Number) -> Counted | None:
    """ "the three measures": the definite number follows its definite noun, perhaps after the noun's own complement."""
    tokens, i = scene.tokens, number.first
    glued = i > 0 and number.written == "digits" and tokens[i - 1].form in ("ال", "لل")
    if not ((number.definite and number.written == "words") or glued) or number.low < 3:
        return None
    k = i - 1 - glued
    if k >= 0 and scene.article(k) and tokens[k].form.endswith("ات") and scene.unit_at(k) is None:
        return Counted(None, "count", False, k, number.last, (tokens[k].start, tokens[k].end))
    for back in range(k, max(-1, k - _BACK), -1):
        if tokens[back].kind != "word":
            return None
        hits = [h for h in (scene.unit_at(back),) if h is not None] or scene.units_with_clitics(back)
        if hits and is_definite(hits[0]) and not _plural(hits[0]):
            return None
        if hits and (is_definite(hits[0]) or back < k) and _plural(hits[0]):
            named = tokens[back - 1].form.removeprefix("ل").removeprefix("ال") if back else ""
            return None if named in ("مجموعه", "قمه") else _of_hit(hits[0], back, number.last)
    if not glued and k >= 0 and tokens[k].kind == "word" and scene.article(k) and len(tokens[k].form) > 4:
        return Counted(None, "count", False, k, number.last, (tokens[k].start, tokens[k].end))
    return None


def is_definite(hit: Hit) -> bool:
    """True where the form has the article, not only letters that look like it ("ألماني")."""
    return hit.form.startswith("ال") and hit.form.removeprefix("ال") in hit.entry.forms


def _plural(hit: Hit) -> bool:
    """True where the form isn't the entry's first one, its singular."""
    return (hit.form.removeprefix("ال") if is_definite(hit) else hit.form) != hit.entry.forms[0]


def _may_be_noun(scene: Scene, number: Number, i: int) -> bool:
    """True where the word after a number can be its noun by the grammar of numbers: indefinite, accusative singular after 11 to 99."""
    form = scene.tokens[i].form
    lexicon = scene.lexicon
    if len(form) < 3 or lexicon.entry("figure_not_noun", form) is not None or lexicon.entry("time_past", form) is not None:
        return False
    if lexicon.entry("figure_not_noun", form[1:]) is not None and form[0] in "وفبلك":
        return False
    if lexicon.entry("months", form) is not None:
        return False
    if scene.article(i):
        return number.written == "vague" or number.scale > 1
    if 11 <= number.low % 100 <= 99 and number.low < 1000 and number.low == int(number.low):
        return form.endswith(("ا", "ه", "ي")) and not form.endswith("وا") and form[0] not in "وف"
    return (
        form[0] not in "وفي"
        and not form.startswith(("بال", "لل", "لي", "لت"))
        and not (form[0] == "ل" and form.endswith(("ه", "ها", "هم")) and len(form) > 4)
        and not form.endswith("وا")
        and not (number.written == "digits" and like_year(number))
    )


def like_year(number: Number) -> bool:
    """True for four digits that are more often a year of our time than a count."""
    return number.low == number.high and 1900 <= number.low <= 2040 and number.low % 100 != 0 and number.last == number.first + 1


_AND_WOUNDED = re.compile(r"و(جريحا?|جرحي|مصاب(ا|ين|ون)?)")
"""The second noun of "18 killed and wounded", whose number counts both."""


def harm_of(scene: Scene, counted: Counted, first: int, last: int) -> str | None:
    """The casualty unit of people counted, by the words before and after; None where nothing befell them or they are no people."""
    if counted.kind != "count" or (counted.unit is not None and not counted.human):
        return None
    if counted.unit is not None and counted.unit.startswith("person "):
        if counted.unit == "person killed" and _AND_WOUNDED.fullmatch(scene.tokens[last - 1].form):
            return "person killed or injured"
        if counted.unit != "person":
            return counted.unit
    return scene.harm_before(first, 3) or scene.harm_after(last, 4)


_PLACES = frozenset(("city", "town", "village", "region", "district", "governorate", "state", "province", "island", "country", "street"))
"""Duals of places before their names ("the cities of A and B") only introduce the names."""


def _agrees(hit: Hit, form: str) -> bool:
    """True for an indefinite adjective in the dual, of the same case."""
    ending = "ان" if hit.form.endswith("ان") else "ين"
    return len(form) > 4 and form.endswith(ending) and form[0] not in "يتوفبلك" and not form.startswith("ال")


def dual_at(scene: Scene, hit: Hit) -> tuple[str, FigureKind, int] | None:
    """Unit, kind and last token of a dual that counts; None where it points back, names a direction or may be a plural."""
    tokens = scene.tokens
    if scene.lexicon.entry("figure_not_dual", hit.form) is not None:
        return None
    after = tokens[hit.last] if hit.last < len(tokens) else None
    kind: FigureKind = hit.entry.row["kind"]  # type: ignore[assignment]
    unit = hit.entry.row["gloss"]
    shape = hit.entry.row["shape"]
    last = hit.last
    if after is not None and after.form in ("اثنين", "اثنان", "اثنتين", "اثنتان"):
        last += 1
    harm = scene.harm_before(hit.first, 2)
    if shape == "sound" and last == hit.last:
        return None
    if last == hit.last and shape == "full" and after is not None and after.kind == "word" and _agrees(hit, after.form):
        last += 1
    if shape == "construct":
        if after is None or after.kind != "word" or after.form.startswith("لل") or unit in _PLACES:
            return None
        if scene.lexicon.entry("figure_not_noun", after.form) is not None:
            return None
        if hit.form.endswith("ا") and not after.form.startswith("ال"):
            return None
        if scene.unit_at(hit.last) is not None or not after.form.startswith("ال"):
            last = hit.last + 1
    human = (entry := scene.lexicon.entry("units", _singular(hit.form))) is not None and entry.get("human") == "yes"
    if kind == "count" and human:
        unit = harm or scene.harm_after(last, 3) or unit
    return unit, kind, last


def _singular(form: str) -> str:
    for ending in ("تان", "تين"):
        if form.endswith(ending):
            return form[: -len(ending)] + "ه"
    return form[:-2] if form.endswith(("ان", "ين")) else form[:-1]

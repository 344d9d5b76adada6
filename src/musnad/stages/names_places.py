"""Places by their kind words: administrative words stay outside of the name ("مدينة الموصل"), physical ones are part of it ("جبال حمرين")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from musnad.stages.names_words import Candidate, Words, likelihood

_PARTICIPLE = re.compile("م..?و.ه|.ا.[يئ]ه|م.{3,4}ه")
"""Shapes of feminine adjectives: "أرض محروقة"، "أحياء راقية"."""
_RANGES = frozenset("جبال جزر مرتفعات تلال سهول هضاب شبه".split())
"""Plurals that make a name with what follows."""
_TAIL = frozenset(
    "الدولي الدوليه الجوي الجويه النفطي النفطيه الكبير الكبري الكبير البحري البحريه التاريخي الشمالي الجنوبي الشرقي الغربي الشماليه الجنوبيه الشرقيه الغربيه المركزي المركزيه".split()
)


def places(words: Words) -> Iterator[Candidate]:
    """Names after a kind word, and the further names of a list that such a word opens."""
    for hit in words.doc.text.hits_of["place_nouns"]:
        if hit.form.startswith("ال"):
            continue
        if hit.entry.get("kind") == "physical":
            if hit.form.endswith("ا") or (hit.entry.get("number") != "s" and hit.form not in _RANGES):
                continue
            found = _physical(words, hit.first, hit.last, hit.clitics)
            if found is not None:
                yield found
        else:
            yield from _listed(words, hit.last, hit.entry.get("number") != "s")


def _physical(words: Words, first: int, last: int, clitics: str) -> Candidate | None:
    i = last
    if words.form(i) == "#":
        i += 1
    while i in words.heads and i < last + 3:
        i = words.heads[i][0]
    inner = words.name_at(i)
    if inner is not None and inner.type in ("LOC", "PER", "ORG"):
        i, p = inner.last, 0.9
    elif words.kind(i) == "word" and not words.is_common(i) and words.form(i)[0] not in "وب" and i not in words.adjectives:
        i, p = i + 1, 0.75
        if words.kind(i) == "word" and not words.is_common(i) and likelihood(words.form(i)) > 0.3:
            i += 1
    elif words.form(i).startswith("ال") and len(words.form(i)) > 4 and i not in words.stops and i not in words.adjectives:
        i, p = i + 1, 0.55 if likelihood(words.form(i)) > 0.06 else 0.3
    else:
        return None
    while words.form(i) in _TAIL:
        i += 1
    skip = next((s.skip for s in words.readings(first) if s.clitics == clitics), 0)
    return words.candidate(first, i, skip, "LOC", "names.physical", p)


def _listed(words: Words, i: int, several: bool) -> Iterator[Candidate]:
    """The unknown names after an administrative word; after a plural or dual also those that و and commas join."""
    p = 0.8
    for _ in range(8):
        if words.form(i) in ('"', "#", "("):
            i += 1
        skip = 0
        known = words.name_at(i, None)
        if known is not None:
            i = known.last
        else:
            if words.kind(i) != "word":
                return
            form = words.form(i)
            if p < 0.8 and form.startswith("و"):
                skip = 1
            stem = form[skip:]
            if (
                len(stem) < 3
                or i in words.stops
                or i in words.kinds
                or i in words.adjectives
                or not _unknown(stem)
                or _PARTICIPLE.fullmatch(stem)
            ):
                return
            j = i + 1
            while (
                words.kind(j) == "word"
                and words.name_at(j, None) is None
                and j - i < 2
                and _unknown(words.form(j))
                and words.form(j)[0] not in "وبلف"
                and not words.is_common(j)
                and j not in words.adjectives
            ):
                j += 1
            yield words.candidate(i, j, skip, "LOC", "names.after-kind", p)
            i = j
        if not several:
            return
        p = 0.7
        if words.form(i) == "،":
            i += 1
        elif not words.form(i).startswith("و"):
            return


def _unknown(stem: str) -> bool:
    """True for words that no corpus knows as common."""
    return likelihood(stem) > 0.15 and not stem.startswith(("لل", "بال")) and len(stem) > 2

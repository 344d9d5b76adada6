"""The nouns of party phrases: what the word lists say of a token, its clitics and its possessive pronoun seen through."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from musnad.document import Document
from musnad.grammar.tokens import splits, without_pronoun
from musnad.tools import Tools

LISTS = ("office_nouns", "ranks", "nominals", "titles", "institution_nouns", "group_nouns")
"""Where the heads are, the list that tells most first."""


class Noun(NamedTuple):
    """A head noun at tokens `first`..`last` (exclusive): `lists` that have it, grammar, and whether a pronoun hangs on it ("مقاتليها")."""

    first: int
    last: int
    start: int
    clitics: str
    form: str
    lists: frozenset[str]
    gender: str
    number: Literal["s", "d", "p"]
    definite: bool
    owned: bool
    sectors: tuple[str, ...]


def find_nouns(doc: Document, tools: Tools) -> dict[int, list[Noun]]:
    """The head nouns by token, the reading with the fewest clitics first."""
    text = doc.text
    by_reading: dict[tuple[int, str], dict[str, tuple[int, str, str, str, str]]] = {}
    for name in LISTS:
        for hit in text.hits_of[name]:
            if name == "ranks" and hit.form.endswith("ا"):
                continue
            token = text.tokens[hit.first]
            if hit.last == hit.first + 1 and doc.source[token.end - 1] == "ه" and _owned(tools, token.form) is not None:
                continue  # «والده» is his father, not «والدة»
            row = hit.entry.row
            key = (hit.first, hit.clitics)
            readings = by_reading.setdefault(key, {})
            old = readings.get(name)
            if old is None or hit.last > old[0]:
                readings[name] = (hit.last, hit.form, row.get("gender", ""), row.get("number", "s"), row.get("sector", ""))
    out: dict[int, list[Noun]] = {}
    for (first, clitics), readings in by_reading.items():
        last = max(r[0] for r in readings.values())
        kept = {n: r for n, r in readings.items() if r[0] == last}
        best = next(kept[n] for n in LISTS if n in kept)
        sectors = tuple(dict.fromkeys(r[4] for r in kept.values() if r[4] and r[4] != "GRP"))
        token = text.tokens[first]
        lists = frozenset(kept) | ({"groups"} if any(r[4] == "GRP" for r in kept.values()) else frozenset())
        skip = _skip(token.form, clitics)
        start = text.folded.span(token.a + skip, token.b)[0] if skip else token.start
        noun = Noun(first, last, start, clitics, best[1], lists, best[2], _number(best[3]), best[1].startswith("ال"), False, sectors)
        out.setdefault(first, []).append(noun)
    for i, token in enumerate(text.tokens):
        if i not in out and len(token.form) > 4 and token.kind == "word" and doc.source[token.end - 1] != "ة":
            owned = _owned(tools, token.form)
            if owned is not None:
                skip, clitics, base, lists, gender, number, sectors = owned
                start = text.folded.span(token.a + skip, token.b)[0] if skip else token.start
                out[i] = [Noun(i, i + 1, start, clitics, base, lists, gender, _number(number), True, True, sectors)]
    for nouns in out.values():
        nouns.sort(key=lambda n: (len(n.clitics), -n.last))
    return out


def _skip(form: str, clitics: str) -> int:
    return next((s.skip for s in splits(form) if s.clitics == clitics), len(clitics))


def _number(value: str) -> Literal["s", "d", "p"]:
    return "p" if value == "p" else "d" if value == "d" else "s"


@lru_cache(maxsize=100_000)
def _owned(tools: Tools, form: str) -> tuple[int, str, str, frozenset[str], str, str, tuple[str, ...]] | None:
    """A head noun with a possessive pronoun, "مقاتليها"، "زوجته"، "نظيره": clitic characters, clitics, the noun, its lists, gender, number, sectors."""
    entry_of = tools.lexicon.entry
    for skip, clitics, stem in splits(form):
        if stem.startswith("ال"):
            continue
        for base, pronoun in without_pronoun(stem):
            if pronoun in ("ك", "ني", "ي") or len(base) < 3 or (pronoun == "ه" and base.endswith("ي")):
                continue
            base = f"{base[:-1]}ء" if base.endswith(("ائ", "اؤ")) else base
            lists = [n for n in ("office_nouns", "nominals", "institution_nouns", "group_nouns") if entry_of(n, base)]
            entry = entry_of(lists[0], base) if lists else None
            if entry is None:
                continue
            sector = entry.get("sector")
            kinds = frozenset(lists) | ({"groups"} if sector == "GRP" else frozenset())
            return (
                skip,
                clitics,
                base,
                kinds,
                entry.get("gender"),
                entry.get("number", "s"),
                (sector,) if sector and sector != "GRP" else (),
            )
    return None

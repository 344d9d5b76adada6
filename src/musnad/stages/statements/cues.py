"""Cues: the verbs, participles and nouns that say that somebody said something, looked up by form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from musnad.grammar.folding import fold
from musnad.grammar.lexicon import Lexicon
from musnad.grammar.tokens import splits, without_pronoun
from musnad.grammar.verbs import conjugate
from musnad.tools import Tools

PREPOSITIONS = ("الي", "علي", "من", "عن", "في", "حول", "بشان")
"""Prepositions that stand alone; ب and ل are written with their noun."""


class Reading(NamedTuple):
    """What a form may be: `kind` past, present, participle, masdar or noun; gender m, f or empty; number s, d or p. `takes` as in reporting.tsv, folded."""

    lemma: str
    kind: str
    gender: str
    number: str
    act: str
    takes: Mapping[str, str]
    negated: str = ""


class Form(NamedTuple):
    """A reading of a token: `skip` shadow characters of clitics come first; `pronoun` is the object or owner written with it."""

    skip: int
    clitics: str
    pronoun: str
    reading: Reading


class Cues:
    """All readings by folded stem; `of` gives those of a token's form."""

    def __init__(self, lexicon: Lexicon) -> None:
        table: dict[str, list[Reading]] = {}

        def put(form: str, reading: Reading) -> None:
            rows = table.setdefault(form, [])
            if reading not in rows:
                rows.append(reading)

        for entry in lexicon.lists.get("reporting", ()):
            if entry.get("drop") == "yes":
                continue
            barred = frozenset(fold(f) for f in entry.get("without").split("|"))
            act, takes, past = entry.get("act"), _takes(entry.get("takes")), entry.forms[0]
            for form, verbs in conjugate(entry.get("forms").split("|")[0], entry.get("present")).items():
                for v in verbs:
                    if form not in barred and v.person == 3 and v.tense in ("past", "present") and v.voice == "active":
                        if v.number == "d" and v.tense == "past" and not form.startswith(("ا", "قالا")):
                            continue
                        put(form, Reading(past, v.tense, v.gender, v.number, act, takes, entry.get("negated")))
                        if v.tense == "past" and v.number == "p" and form.endswith("وا"):
                            put(form[:-1], Reading(past, v.tense, v.gender, v.number, act, takes, entry.get("negated")))
            if participle := fold(entry.get("participle")):
                for form, gender, number in _participles(participle):
                    if form not in barred:
                        put(form, Reading(past, "participle", gender, number, act, takes))
            if masdar := fold(entry.get("masdar")):
                for form in (masdar, "ال" + masdar):
                    put(form, Reading(past, "masdar", "", "", act, takes))
        for entry in lexicon.lists.get("reporting_nouns", ()):
            if entry.get("drop") != "yes":
                for form in entry.forms:
                    for f in (form, "ال" + form, form + "ا"):
                        put(f, Reading(entry.forms[0], "noun", "", "", entry.get("act"), _takes(entry.get("takes"))))
        self._table = table
        self._known: dict[str, tuple[Form, ...]] = {}

    def of(self, form: str) -> tuple[Form, ...]:
        """The readings of a folded token: whole before clitics, without a pronoun before with one."""
        found = self._known.get(form)
        if found is None:
            if len(self._known) > 50_000:
                self._known.clear()
            found = self._known[form] = tuple(self._read(form))
        return found

    def _read(self, form: str) -> list[Form]:
        out = []
        for skip, clitics, stem in splits(form):
            for reading in self._table.get(stem, ()):
                if _may_carry(reading, clitics):
                    out.append(Form(skip, clitics, "", reading))
            if len(stem) < 4 or stem in self._table:
                continue
            for base, pronoun in without_pronoun(stem):
                if pronoun in ("ي", "ني", "ك", "كم", "كن", "نا"):
                    continue
                for variant in {base, base[:-1] + "ي" if base.endswith("ا") else base, base + "ا" if base.endswith("و") else base}:
                    for reading in self._table.get(variant, ()):
                        if reading.kind != "participle" and not stem.startswith("ال") and _may_carry(reading, clitics):
                            out.append(Form(skip, clitics, pronoun, reading))
        return out


@lru_cache(maxsize=4)
def cues_of(tools: Tools) -> Cues:
    """The cues of the tools' word lists, made once."""
    return Cues(tools.lexicon)


def _takes(text: str) -> Mapping[str, str]:
    return {fold(name): act for name, _, act in (t.partition("=") for t in text.split())}


def _participles(stem: str) -> list[tuple[str, str, str]]:
    """The accusative forms of a participle, in which it hangs on a verb before it: مشيرا، مشيرة، مشيرين، مشيرتين، مشيرات."""
    weak = stem[:-1] if stem.endswith("ي") else stem
    return [(stem + "ا", "m", "s"), (stem + "ه", "f", "s"), (weak + "ين", "m", "p"), (stem + "تين", "f", "d"), (stem + "ات", "f", "p")]


def _may_carry(reading: Reading, clitics: str) -> bool:
    """True where these clitics can stand before such a form: verbs carry و and ف, the present also س and ل; participles و; nouns anything but س."""
    if not clitics:
        return True
    if reading.kind == "past":
        return clitics in ("و", "ف")
    if reading.kind == "present":
        return clitics in ("و", "ف", "س", "وس", "فس", "ل")
    if reading.kind == "participle":
        return clitics in ("و", "ف")
    return "س" not in clitics

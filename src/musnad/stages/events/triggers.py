"""Trigger candidates: every word or phrase of a report that may name an event, from the lists event_*.tsv.

A row's verb is conjugated and its verbal nouns inflected once a process; a text is then read by dictionary look-up, a token at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from musnad.grammar.folding import fold
from musnad.grammar.lexicon import Entry
from musnad.grammar.text import Text
from musnad.grammar.tokens import Token, splits, without_pronoun
from musnad.grammar.verbs import Verb, conjugate
from musnad.tools import Tools

REACH = 10
"""How many tokens after a verb the word that completes it may stand."""


class Lexeme(NamedTuple):
    """A row: `codes` are (type, mode), commonest first; `frame` says where the recipient stands; `sure` h|m|l; `completed` the words that must follow."""

    id: str
    codes: tuple[tuple[str, str | None], ...]
    frame: frozenset[str]
    sure: str
    completed: frozenset[str]


class Reading(NamedTuple):
    """A lexeme in one of its forms: `kind` is noun, plural, verb, active or passive (participles); `words` the phrase's further words."""

    lexeme: Lexeme
    kind: str
    verb: Verb | None
    words: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """Tokens `first`..`last` (exclusive), `start`..`end` in the source without clitics; `pronoun` is the suffix; `definite` True with the article."""

    first: int
    last: int
    start: int
    end: int
    clitics: str
    definite: bool
    pronoun: str
    readings: tuple[Reading, ...]

    @property
    def kind(self) -> str:
        return self.readings[0].kind

    @property
    def lexeme(self) -> Lexeme:
        return self.readings[0].lexeme


class Light(NamedTuple):
    """A verb that stands before an event's noun: `subject` says what its subject is to the event."""

    id: str
    subject: str
    verb: Verb


class Index(NamedTuple):
    """The look-up tables: readings by folded form, light verbs by form, classes of context words by form."""

    readings: dict[str, list[Reading]]
    light: dict[str, Light]
    classes: dict[str, tuple[str, ...]]
    modes: dict[str, tuple[str, ...]]
    topics: dict[str, tuple[str, ...]]
    stops: frozenset[str]


@lru_cache(maxsize=4)
def index(tools: Tools) -> Index:
    """The tables of these tools. Raises BadRule where a row's verb can't be conjugated."""
    readings: dict[str, list[Reading]] = {}
    for name, entries in tools.lexicon.lists.items():
        if name.startswith("event_"):
            for entry in entries:
                if entry.get("drop") != "yes":
                    _add(readings, entry)
    light: dict[str, Light] = {}
    for entry in tools.lexicon.lists.get("light_verbs", []):
        for form, verbs in conjugate(entry.get("past"), entry.get("present")).items():
            light.setdefault(form, Light(entry.forms[0], entry.get("subject"), verbs[0]))
    stops = frozenset(f for e in tools.lexicon.lists.get("context_stops", []) for f in e.forms)
    return Index(
        readings,
        light,
        _classes(tools, "context_words", "class"),
        _classes(tools, "mode_words", "modes"),
        _classes(tools, "context_topics", "contexts"),
        stops,
    )


def _classes(tools: Tools, name: str, column: str) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for entry in tools.lexicon.lists.get(name, []):
        for form in entry.forms:
            out[form] = (*out.get(form, ()), *entry.get(column).split())
    return out


def classes_of(form: str, table: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The classes of a word, its conjunction and preposition seen through."""
    found = table.get(form)
    if found is not None:
        return found
    for split in splits(form)[1:]:
        found = table.get(split.stem)
        if found is not None:
            return found
    return ()


def _lexeme(entry: Entry) -> Lexeme:
    codes = tuple((t, m or None) for t, _, m in (c.partition("/") for c in entry.get("codes").split()))
    completed = frozenset(fold(w) for w in entry.get("with").split("|") if w)
    return Lexeme(
        f"{entry.list.removeprefix('event_')}.{entry.forms[0]}",
        codes,
        frozenset(entry.get("frame", "-").split()),
        entry.get("sure", "m"),
        completed,
    )


def _add(table: dict[str, list[Reading]], entry: Entry) -> None:
    lexeme = _lexeme(entry)
    seen: set[str] = set()

    def put(form: str, reading: Reading) -> None:
        if len(form) > 1 and form not in seen:
            seen.add(form)
            table.setdefault(form, []).append(reading)

    plurals = [fold(f) for f in entry.get("plural").split("|") if f]
    for kind, bases in (("noun", entry.forms), ("plural", plurals)):
        for base in bases:
            words = base.split()
            if len(words) == 1:
                for form in _inflected(words[0]):
                    put(form, Reading(lexeme, kind, None))
            else:
                for first, *rest in _phrases(words):
                    table.setdefault(first, []).append(Reading(lexeme, kind, None, tuple(rest)))
    past, present = entry.get("past"), entry.get("present")
    if past:
        for form, verbs in conjugate(past, present).items():
            told = {v.tense: v for v in reversed(verbs) if v.tense != "imperative" and v.person != 2}
            if form not in seen and told:
                table.setdefault(form, []).extend(Reading(lexeme, "verb", v) for v in reversed(told.values()))
        for kind, form in _participles(past, present):
            put(form, Reading(lexeme, kind, None))


def _inflected(noun: str) -> list[str]:
    """Accusative, dual and sound plural of a verbal noun, all without the article."""
    if noun.endswith("ه"):
        stem = noun[:-1]
        return [noun, stem + "ات", stem + "تان", stem + "تين", stem + "ت"]
    if noun.endswith("ات"):
        return [noun]
    if noun.endswith("اء"):
        return [noun, noun[:-1] + "ئ", noun[:-1] + "ؤ", noun + "ات", noun + "ين"]
    return [noun, noun + "ا", noun + "ين", noun + "ان", noun + "ات"]


def _phrases(words: Sequence[str]) -> set[tuple[str, ...]]:
    """A phrase as written, made definite, and in the accusative."""
    first, *rest = words
    out = {(first, *rest), (first, *rest[:-1], "ال" + rest[-1])}
    if len(rest) == 1 and not first.startswith("ال"):
        out.add(("ال" + first, "ال" + rest[0]))
        if not first.endswith(("ه", "ات")):
            out.add((first + "ا", rest[0] + "ا"))
    return out


def _participles(past: str, present: str) -> Iterator[tuple[str, str]]:
    """Participles in the forms that newspapers use: of the first form فاعل and مفعول, of the others م with the present's stem."""
    plain, stem = fold(past), fold(present)[1:]
    simple = (
        len(plain) == 3
        and plain == past.replace("أ", "ا").replace("ى", "ي")
        and "ّ" not in past
        and not past.startswith("أ")
        and plain[1] not in "اي"
    )
    if simple and plain[2] in "اي":
        yield from (("active", plain[0] + "ا" + plain[1] + end) for end in ("يا", "يه", "ين", "ون"))
    elif simple:
        for end in ("", "ا", "ه", "ين", "ون", "ات"):
            yield "active", plain[0] + "ا" + plain[1:] + end
            yield "passive", "م" + plain[:2] + "و" + plain[2] + end
    elif len(plain) == 2:
        yield from (("active", plain[0] + "ا" + plain[1] + end) for end in ("ا", "ه", "ين", "ون"))
    elif len(plain) == 3 and plain[1] == "ا" and "ّ" not in past:
        yield from (("active", plain[0] + "ائ" + plain[2] + end) for end in ("ا", "ه", "ين", "ون"))
    elif len(plain) > 2 and len(stem) > 2:
        base = "م" + (stem[:-1] if stem[-1] in "يا" else stem)
        weak = stem[-1] in "يا"
        for end in ("ي", "يا", "يه", "ين", "ون") if weak else ("", "ا", "ه", "ين", "ون", "ات"):
            yield "active", base + end


@lru_cache(maxsize=60_000)
def _look_up(tools: Tools, form: str) -> tuple[tuple[int, str, bool, str, tuple[Reading, ...]], ...]:
    """The readings of one word: (shadow characters of clitics, clitics, definite, pronoun, readings), the plainest first; at most the plainest kind of cut."""
    found = index(tools)
    table, out = found.readings, []
    for pronouns in (False, True):
        for skip, clitics, stem in splits(form):
            stopped = stem in found.stops
            for definite in (False, True):
                if definite and not (stem.startswith("ال") and len(stem) > 4):
                    continue
                bare = stem[2:] if definite else stem
                for base, pronoun in without_pronoun(bare) if pronouns and not definite else ((bare, ""),):
                    readings = tuple(r for r in table.get(base, ()) if (r.words or not stopped) and _fits(r, clitics, definite, pronoun))
                    if readings:
                        out.append((skip, clitics, definite, pronoun, readings))
                        if any(not r.words and not r.lexeme.completed for r in readings):
                            return tuple(out)
    return tuple(out)


def _fits(reading: Reading, clitics: str, definite: bool, pronoun: str) -> bool:
    if reading.kind == "verb":
        verb = reading.verb
        if definite or any(c in "بك" for c in clitics) or (verb is not None and verb.tense == "past" and any(c in "سل" for c in clitics)):
            return False
        return not (verb is not None and "س" in clitics and verb.tense not in ("present",))
    return "س" not in clitics


def candidates(text: Text, spans: Iterable[tuple[int, int]], tools: Tools) -> list[Candidate]:
    """The candidates of a text; `spans` gives first and last token (exclusive) of each sentence, in order."""
    out: list[Candidate] = []
    tokens = text.tokens
    for first, last in spans:
        taken = first
        for i in range(first, last):
            if tokens[i].kind == "word" and i >= taken:
                found = _at(text, i, last, tools)
                if found is not None:
                    out.append(found)
                    taken = found.last if found.last - found.first > 1 and found.kind != "verb" else i + 1
    ruled = list(_ruled(text, tools))
    if ruled:
        out = sorted([*ruled, *(c for c in out if not any(c.first < r.last and r.first < c.last for r in ruled))], key=lambda c: c.first)
    return _merged(out, tokens)


def _ruled(text: Text, tools: Tools) -> Iterator[Candidate]:
    """Candidates of rules/events.yaml: triggers that are more than a word."""
    rules = tools.rules.get("events")
    taken = -1
    found = (
        [(m.groups["trigger"], m.rule) for s in text.segments for m in rules.find(text.folded, s.start, s.end)] if rules is not None else []
    )
    for (start, end), rule in sorted(found, key=lambda x: x[0]):
        if start < taken:
            continue
        taken = end
        first, last = text.token_index(start), text.token_index(end - 1) + 1
        codes = tuple((t, m or None) for t, _, m in (c.partition("/") for c in str(rule["codes"]).split()))
        lexeme = Lexeme(
            rule.id.removeprefix("events."), codes, frozenset(str(rule.get("frame", "-")).split()), str(rule.get("sure", "m")), frozenset()
        )
        yield Candidate(first, last, start, end, "", False, "", (Reading(lexeme, "rule", None),))


def _at(text: Text, i: int, last: int, tools: Tools) -> Candidate | None:
    tokens = text.tokens
    for skip, clitics, definite, pronoun, readings in _look_up(tools, tokens[i].form):
        long = [
            r for r in readings if r.words and i + len(r.words) < last and all(tokens[i + 1 + k].form == w for k, w in enumerate(r.words))
        ]
        end, best = i + 1, tuple(r for r in readings if not r.words and not r.lexeme.completed)
        if long:
            size = max(len(r.words) for r in long)
            end, best, pronoun = i + 1 + size, tuple(r for r in long if len(r.words) == size), ""
        else:
            completed = [
                (j, r) for r in readings if not r.words and r.lexeme.completed and (j := _completion(tokens, i, last, r.lexeme.completed))
            ]
            if completed:
                near = min(j for j, _ in completed)
                end, best = near + 1 if near - i <= 3 else i + 1, tuple(r for j, r in completed if j == near)
        if best:
            start = text.folded.span(tokens[i].a + skip, tokens[i].b)[0] if skip else tokens[i].start
            return Candidate(i, end, start, tokens[end - 1].end, clitics, definite, pronoun, best)
    return None


def _completion(tokens: Sequence[Token], i: int, last: int, words: frozenset[str]) -> int | None:
    for j in range(i + 1, min(last, i + REACH + 1)):
        form = tokens[j].form
        if form in words or any(s.stem in words for s in splits(form)[1:]):
            return j
        if tokens[j].kind == "line":
            return None
    return None


def _merged(found: list[Candidate], tokens: Sequence[Token]) -> list[Candidate]:
    """A verb whose completing word is itself a candidate of its type gives way to it: عقدت ⟦اجتماعا⟧; else the nouns inside a longer trigger do."""
    out: list[Candidate] = []
    for i, c in enumerate(found):
        if c.kind == "verb" and c.lexeme.completed:
            end = c.last if c.last - c.first > 1 else (_completion(tokens, c.first, len(tokens), c.lexeme.completed) or c.first) + 1
            inner = [d for d in found[i + 1 : i + 8] if d.first < end <= d.last or d.first < c.last]
            if any(d.lexeme.codes[0][0] == c.lexeme.codes[0][0] for d in inner):
                continue
        out.append(c)
    kept: list[Candidate] = []
    for c in out:
        if kept and c.first < kept[-1].last and kept[-1].last - kept[-1].first > 1:
            continue
        kept.append(c)
    return kept

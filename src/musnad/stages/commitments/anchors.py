"""Where a commitment may be told, and every stretch of the sentence that may be what is promised."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from musnad.document import Document
from musnad.grammar.folding import fold
from musnad.grammar.tokens import Token, splits, without_pronoun
from musnad.grammar.verbs import Verb, conjugate
from musnad.phrases import Phrase, phrases
from musnad.record.kinds import Event, Statement, Time
from musnad.tools import Tools

LONGEST = 240
"""Tokens of the longest sentence that is taken as one."""
LOOK = 14
"""How many tokens after a binding word the thing promised may begin."""
_DUE = frozenset(("AGREE", "CONCEDE", "THREATEN", "REJECT", "SANCTION"))
_PREPOSITIONS = frozenset(("علي", "الي", "عن", "في"))
_QUOTES = frozenset("\"'«»“”()")
_SHALL = re.compile(r"[وف]?س([ينتا])\w{2,}")
_THAT = frozenset(("وان", "وانه", "وانها", "وانهم", "وبان"))
_PERSON = {"ا": 1, "ن": 1, "ي": 3, "ت": 3}


class Anchor(NamedTuple):
    """A token that may tell a commitment: `kind` is future, negative, due (an event) or the binding word's kind; `event` the event told there, if any."""

    token: int
    kind: str
    lemma: str
    verb: Verb | None
    takes: frozenset[str]
    event: Event | None


class Stretch(NamedTuple):
    """Tokens `first`..`last` (exclusive) from `start` on, as what the anchor may promise; `from_` and `to` say how the edges were found."""

    anchor: Anchor
    first: int
    last: int
    start: int
    from_: str
    to: str


class Words(NamedTuple):
    """Look-up tables by folded form."""

    binding: dict[str, tuple[str, str, frozenset[str], Verb | None]]
    verbs: dict[str, Verb]
    edges: dict[str, str]
    never: frozenset[str]


@lru_cache(maxsize=4)
def words(tools: Tools) -> Words:
    """The tables of these tools. Raises BadRule where a row's verb can't be conjugated."""
    binding: dict[str, tuple[str, str, frozenset[str], Verb | None]] = {}
    for entry in tools.lexicon.lists.get("commitment_words", []):
        row = (entry.forms[0], entry.get("kind"), frozenset(fold(w) for w in entry.get("takes").split()))
        for form in entry.forms:
            binding.setdefault(form, (*row, None))
            if not form.endswith("ه"):
                binding.setdefault(form + "ا", (*row, None))
        if entry.get("past"):
            for form, verbs in conjugate(entry.get("past"), entry.get("present")).items():
                told = next((v for v in verbs if v.tense != "imperative" and v.person != 2), None)
                if told is not None and len(form) > 2:
                    binding.setdefault(form, (*row, told))
    verbs_: dict[str, Verb] = {}
    for name, entries in tools.lexicon.lists.items():
        if name.startswith("event_") or name in ("commitment_verbs", "light_verbs"):
            for entry in entries:
                if entry.get("past") and entry.get("present"):
                    for form, verbs in conjugate(entry.get("past"), entry.get("present")).items():
                        present = next((v for v in verbs if v.tense in ("present", "jussive") and v.person != 2), None)
                        if present is not None:
                            verbs_.setdefault(form, present)
    edges = {f: e.get("class") for e in tools.lexicon.lists.get("commitment_edges", []) for f in e.forms}
    never = frozenset(f for e in tools.lexicon.lists.get("commitment_not_future", []) for f in e.forms)
    return Words(binding, verbs_, edges, never)


class Page(NamedTuple):
    """A report as this stage sees it: tokens, sentence spans in tokens, party phrases and events by sentence."""

    doc: Document
    tokens: list[Token]
    spans: list[tuple[int, int]]
    phrases: dict[int, list[tuple[int, int, Phrase]]]
    events: dict[int, list[tuple[int, Event]]]
    contents: list[tuple[int, int, Statement]]
    times: dict[int, list[Time]]


def page_of(doc: Document, tools: Tools) -> Page:
    """The document with its phrases and events laid out by sentence."""
    text = doc.text
    spans = [(text.token_index(s.start), min(text.token_index(s.end - 1) + 1, len(text.tokens))) for s in text.sentences]
    spans = [(k, min(b, k + LONGEST)) for a, b in spans for k in range(a, b, LONGEST)]
    number = {}
    for n, (a, b) in enumerate(spans):
        number.update(dict.fromkeys(range(a, b), n))
    by_phrase: defaultdict[int, list[tuple[int, int, Phrase]]] = defaultdict(list)
    for p in phrases(doc, tools):
        first = text.token_index(p.start)
        if first in number:
            by_phrase[number[first]].append((first, text.token_index(p.end - 1) + 1, p))
    by_event: defaultdict[int, list[tuple[int, Event]]] = defaultdict(list)
    for e in doc.events:
        first = text.token_index(e.trigger.start)
        if first in number:
            by_event[number[first]].append((first, e))
    contents = sorted(((c.start, c.end, k, s) for k, s in enumerate(doc.statements) for c in s.content), key=lambda x: x[:3])
    by_time: defaultdict[int, list[Time]] = defaultdict(list)
    for t in doc.times:
        first = text.token_index(t.start)
        if first in number:
            by_time[number[first]].append(t)
    return Page(doc, text.tokens, spans, by_phrase, by_event, [(a, b, s) for a, b, _, s in contents], by_time)


def _future(token: Token, table: Words) -> Verb | None:
    """The verb of a token in the future with س, its object pronoun seen through."""
    for split in splits(token.form)[1:]:
        if split.clitics.endswith("س"):
            found = table.verbs.get(split.stem)
            if found is None:
                found = next((table.verbs[b] for b, _ in without_pronoun(split.stem) if b in table.verbs), None)
            if found is not None:
                return found
    # A verb that no list has is told by its shape; the weights know that it is a stranger.
    shape = _SHALL.fullmatch(token.form)
    if shape and token.form.lstrip("وف") not in table.never and token.form not in table.never:
        number = "p" if shape[1] == "ن" or token.form.endswith("ون") else "s"
        return Verb("strange", _PERSON[shape[1]], {"ي": "m", "ت": "f"}.get(shape[1], ""), number, "active")
    return None


def binding_of(form: str, table: Words) -> tuple[str, str, frozenset[str], Verb | None] | None:
    """The row of a folded word that binds (lemma, kind, what it takes, verb), seen through clitics, article and pronouns; None where it doesn't."""
    for split in splits(form):
        stem = split.stem.removeprefix("ال") if len(split.stem) > 4 else split.stem
        row = table.binding.get(split.stem) or table.binding.get(stem)
        if row is None:
            row = next((table.binding[b] for b, _ in without_pronoun(split.stem) if b in table.binding), None)
        if row is not None:
            return row
    return None


def anchors(page: Page, n: int, tools: Tools) -> Iterator[Anchor]:
    """The anchors of sentence number `n`, in text order."""
    table = words(tools)
    first, last = page.spans[n]
    events = dict(page.events.get(n, ()))
    for i in range(first, last):
        token = page.tokens[i]
        if token.kind != "word":
            continue
        event = events.get(i)
        form = token.form
        bare = form[1:] if form[:1] in "وف" and len(form) > 2 else form
        following = page.tokens[i + 1] if i + 1 < last else None
        if bare in ("لن", "سوف") and following is not None:
            verb = table.verbs.get(following.form) or next(
                (table.verbs[b] for b, _ in without_pronoun(following.form) if b in table.verbs), None
            )
            yield Anchor(i, "negative" if bare == "لن" else "future", following.form, verb, frozenset(), event or events.get(i + 1))
            continue
        verb = _future(token, table)
        if verb is not None:
            yield Anchor(i, "future", form, verb, frozenset(), event)
            continue
        row = binding_of(form, table)
        if row is not None:
            yield Anchor(i, row[1], row[0], row[3], row[2], event)
        elif event is not None and (event.status == "planned" or event.type in _DUE):
            yield Anchor(i, "due", event.type, None, frozenset(), event)


def stretches(page: Page, n: int, anchor: Anchor, tools: Tools) -> Iterator[Stretch]:
    """Every stretch that the anchor may promise, without repeats."""
    table = words(tools)
    _, last = page.spans[n]
    seen = set()
    for begin, start, from_ in _starts(page, n, anchor):
        for end, to in _ends(page, begin, last, table):
            # Somebody's name alone is nothing that can be promised.
            party = any(i <= begin and end <= j for i, j, _ in page.phrases.get(n, ()))
            if end > begin and (start, end) not in seen and not party:
                seen.add((start, end))
                yield Stretch(anchor, begin, end, start, from_, to)


def _after_clitics(page: Page, i: int, letters: str) -> int:
    """The source offset of token `i` without the leading conjunction or preposition, where it has one of these letters."""
    token = page.tokens[i]
    skip = 0
    form = token.form
    if form[:1] in "وف" and len(form) > 3 and "و" in letters:
        skip = 1
    if form[skip : skip + 1] in letters and form[skip : skip + 1] in "بل" and len(form) > skip + 2:
        skip += 1
    return page.doc.text.folded.span(token.a + skip, token.b)[0] if skip else token.start


def _starts(page: Page, n: int, anchor: Anchor) -> Iterator[tuple[int, int, str]]:
    i = anchor.token
    _, last = page.spans[n]
    tokens = page.tokens
    if anchor.kind in ("future", "negative", "due") or anchor.verb is None:
        # A verb keeps its س; a noun loses its preposition.
        yield i, _after_clitics(page, i, "و" if anchor.kind in ("future", "negative") else "وبل"), "here"
    if anchor.kind in ("future", "due"):
        near = next((p for p in page.phrases.get(n, ()) if p[1] == i), None)
        if near is not None:
            yield near[0], near[2].start, "subject"
        return
    if anchor.kind == "negative":
        return
    given = 0
    behind = _behind_subject(page, n, i)
    inside = {k for a, b, _ in page.phrases.get(n, ()) for k in range(a + 1, b)}
    for j in range(i + 1, min(last, i + LOOK)):
        token = tokens[j]
        if token.kind != "word":
            continue
        previous = tokens[j - 1].form
        k = j
        while k > 0 and tokens[k - 1].form in _QUOTES:
            previous = tokens[k - 2].form if k > 1 else ""
            k -= 1
        if previous in _PREPOSITIONS and previous in anchor.takes:
            yield j, token.start, "preposition"
            given += 1
        elif token.form[:1] in anchor.takes and len(token.form) > 3 and j not in inside:
            yield j, _after_clitics(page, j, "".join(sorted(anchor.takes & {"ب", "ل"}))), "clitic"
            given += 1
        elif token.form[:1] in ("ب", "و") and token.form[1:] in ("", "ان") and j + 1 < last:
            continue
        elif previous in ("ان", "بان", "لان", "وان"):
            yield j, token.start, "that"
            given += 1
        elif j in behind:
            yield j, token.start, "object"
            given += 1
        elif given == 0 and j == i + 1 and not token.form.startswith("ال"):
            yield j, token.start, "next"
        if given >= 3:
            return


def _behind_subject(page: Page, n: int, i: int) -> set[int]:
    """The tokens that follow the subject of the verb at token `i`: its phrase, or several joined by و."""
    out: set[int] = set()
    at = i + 1
    for a, b, p in page.phrases.get(n, ()):
        joined = not out and a <= i + 2 and not any(c in "بلك" for c in p.clitics)
        if joined or (out and a == at and "و" in p.clitics):
            at = b
            out.add(b)
    return out


def _ends(page: Page, begin: int, last: int, table: Words) -> Iterator[tuple[int, str]]:
    tokens = page.tokens
    stop = last
    while stop > begin and tokens[stop - 1].kind in ("mark", "line"):
        stop -= 1
    comma = edge = quote = full = None
    for j in range(begin + 1, stop):
        form = tokens[j].form
        if quote is None and tokens[j].kind == "mark" and form in '"':
            quote = j
        if comma is None and form in ("،", "؛", ","):
            comma = j
        if edge is None and j > begin + 1 and (table.edges.get(form) == "break" or form in _THAT):
            edge = j - 1 if tokens[j - 1].kind == "mark" else j
        if full is None and form in (".", "!", "؟", "..", "..."):
            full = j
    yield stop, "sentence"
    if edge is not None:
        yield edge, "edge"
    if full is not None:
        yield full, "full"
    if comma is not None:
        yield comma, "comma"
    if quote is not None and quote > begin + 1:
        yield quote, "quote"

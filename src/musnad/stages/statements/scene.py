"""A report as the statement stage walks it: tokens with the phrases, times, quotations and list words that begin at each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from musnad.document import Document
from musnad.grammar.lexicon import Entry, Hit
from musnad.grammar.quotes import Quote
from musnad.phrases import Phrase, phrases
from musnad.stages.statements.words import ALL_HEADS, bare_head
from musnad.tools import Tools


class Reach(NamedTuple):
    """A phrase over tokens first..last (exclusive)."""

    phrase: Phrase
    first: int
    last: int


class Scene:
    """Everything by token index; `sentences` are token ranges."""

    def __init__(self, doc: Document, tools: Tools) -> None:
        text = doc.text
        self.doc = doc
        self.source = doc.source
        self.tokens = text.tokens
        self.forms = [t.form for t in self.tokens]
        self._starts = [t.start for t in self.tokens]
        self.sentences = [(self._word(self.index(s.start)), self.index(s.end), s.segment) for s in text.sentences]
        self.phrases: dict[int, Reach] = {}
        self.phrase_ends: dict[int, Reach] = {}
        for p in phrases(doc, tools):
            if p.kind == "pronoun":
                continue
            for reach in self._reaches(p):
                old = self.phrases.get(reach.first)
                if old is None or old.last < reach.last:
                    self.phrases[reach.first] = reach
                old = self.phrase_ends.get(reach.last)
                if old is None or old.first > reach.first:
                    self.phrase_ends[reach.last] = reach
        self._media(text.hits_of["media"])
        self.times = {self.holding(t.start): self.index(t.end) for t in doc.times}
        self.time_ends = {b: a for a, b in self.times.items()}
        self.quotes: dict[int, Quote] = {}
        self._quote_spans: list[tuple[int, int]] = []
        for q in text.quotes:
            self.quotes.setdefault(self._word(self.index(q.outer_start)), q)
            if q.whole:
                self._quote_spans.append((q.outer_start, q.outer_end))
        self._quote_starts = [a for a, _ in self._quote_spans]
        self.quote_ends = {self.index(q.outer_end): q for q in text.quotes if q.whole}
        lists = text.lexicon.lists
        self.unprefixed = _forms(lists.get("reporting_unprefixed", ()))
        self.group_words = _forms(lists.get("speaker_groups", ()))
        self.adjectives = {h.first for h in text.hits_of["nominals_adjectives"]}
        self.institutions = {h.first for h in text.hits_of["institution_nouns"]}
        self.cuts: set[int] = set()
        self.carried: dict[int, list[tuple[str, int, int]]] = {}
        self.hits: dict[str, dict[int, Hit]] = {}
        for name in ("reporting_attributions", "documents", "speaker_groups", "speaker_closers", "media"):
            best: dict[int, Hit] = {}
            for hit in text.hits_of[name]:
                if hit.first not in best or best[hit.first].last < hit.last:
                    best[hit.first] = hit
            self.hits[name] = _outermost(best)
        self.acts = sorted(text.hits_of["speech_acts"], key=lambda hit: hit.first)
        self.act_starts = [hit.first for hit in self.acts]

    def _reaches(self, p: Phrase) -> list[Reach]:
        """The phrase by its tokens; «صحيفة كذا عن مسؤول» is two, the outlet and whom it cites."""
        first, last = self.holding(p.start), self.index(p.end)
        told = "MED" in p.sectors or bare_head(self.forms[first]) in ALL_HEADS
        k = next((k for k in range(first + 1, last - 1) if self.forms[k] == "عن"), None) if told else None
        if k is None:
            return [Reach(p, first, last)]
        cited = p._replace(
            start=self._starts[k + 1], head=k + 1, kind="nominal", type="PER", clitics="", sectors=(), entity=None, main=None
        )
        return [Reach(p._replace(end=self.tokens[k - 1].end), first, k), Reach(cited, k + 1, last)]

    def _media(self, hits: list[Hit]) -> None:
        """Agencies and outlets that the phrases leave out are parties too."""
        for hit in hits:
            if hit.entry.get("ambiguous") == "yes" or any(hit.first in range(r.first, r.last) for r in self._about(hit.first)):
                continue
            gender = "f" if hit.entry.get("kind") == "agency" else ""
            phrase = Phrase(hit.start, hit.end, hit.first, "name", "ORG", gender, "s", True, hit.clitics, (), None, ("MED",), None, None)
            reach = Reach(phrase, hit.first, hit.last)
            self.phrases[hit.first] = self.phrase_ends[hit.last] = reach

    def _about(self, i: int) -> list[Reach]:
        return [r for k in range(max(0, i - 12), i + 1) if (r := self.phrases.get(k)) is not None]

    def index(self, offset: int) -> int:
        """The index of the first token that starts at or after the source offset."""
        return bisect_left(self._starts, offset)

    def _word(self, i: int) -> int:
        """Token i, or the next one where i only parts two segments."""
        while i < len(self.tokens) and self.tokens[i].kind == "line":
            i += 1
        return i

    def holding(self, offset: int) -> int:
        """The index of the token that holds the source offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def quoted(self, i: int) -> bool:
        """True where token i stands inside a quotation."""
        start = self._starts[i]
        k = bisect_right(self._quote_starts, start) - 1
        return k >= 0 and self._quote_spans[k][0] < start < self._quote_spans[k][1]

    def quote_holding(self, i: int) -> tuple[int, int] | None:
        """The outer range of the quotation that token i stands inside, or None."""
        start = self._starts[i]
        k = bisect_right(self._quote_starts, start) - 1
        return self._quote_spans[k] if k >= 0 and self._quote_spans[k][0] < start < self._quote_spans[k][1] else None


_FORMS: dict[tuple[int, int], frozenset[str]] = {}


def _forms(entries: Sequence[Entry]) -> frozenset[str]:
    """All forms of a word list, gathered once."""
    key = (id(entries), len(entries))
    if key not in _FORMS:
        _FORMS[key] = frozenset(f for e in entries for f in e.forms)
    return _FORMS[key]


def _outermost(hits: dict[int, Hit]) -> dict[int, Hit]:
    """The hits that lie inside no longer one that begins before them."""
    out: dict[int, Hit] = {}
    end = 0
    for first in sorted(hits):
        if first >= end:
            out[first] = hits[first]
            end = hits[first].last
    return out


def after_dateline(scene: Scene, a: int, b: int) -> int:
    """The token after a dateline that opens a sentence: «القاهرة (رويترز) - »."""
    for k in range(a + 1, min(b - 1, a + 14)):
        if scene.forms[k] == "-" and scene.forms[k - 1] == ")" and scene.tokens[k + 1].kind != "mark":
            return k + 1
        if scene.forms[k] == "-" and scene.forms[k - 1] == "-" and scene.forms[k - 2] == ")":
            return k + 1
    return a

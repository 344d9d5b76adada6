"""What the events stage sees of a report at once: sentences with their candidates, party phrases, verbs, statements and times, by token."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from musnad.codes import code_of
from musnad.document import Document
from musnad.grammar.tokens import Token, splits
from musnad.phrases import Phrase, phrases
from musnad.record.kinds import Figure, Mention, Statement, Time
from musnad.stages.events.triggers import Candidate, Index, Light, candidates, classes_of, index
from musnad.tools import Tools

_REACHING = ("علي", "الي", "ضد")
"""Prepositions whose noun may belong to whom something is done."""


class Placed(NamedTuple):
    """A party phrase at tokens `first`..`last` (exclusive); `prep` is the preposition before it, clitic or word, empty where there is none."""

    phrase: Phrase
    first: int
    last: int
    prep: str
    joined: bool


class Sentence(NamedTuple):
    """Tokens `first`..`last` (exclusive) with what stands in them."""

    number: int
    first: int
    last: int
    start: int
    end: int
    title: bool
    candidates: list[Candidate]
    phrases: list[Placed]
    times: list[Time]


LONGEST = 240
"""Tokens of the longest sentence that is taken as one: what is longer is a list or noise, and comparing all with all in it would take for ever."""
PREPOSITIONS = frozenset(
    "في من الي علي عن مع بين ضد حول نحو لدي عند باتجاه تجاه قرب خلال بعد قبل منذ حتي ازاء بشان بحق لصالح برئاسه بقياده برعايه بدعم بمشاركه بحضور قبل يد جانب امام وسط داخل عبر باسم ب ل ك".split()
)


class Scene:
    """One report, indexed. Built in time linear in its tokens."""

    def __init__(self, doc: Document, tools: Tools) -> None:
        self.doc, self.tools = doc, tools
        self.index: Index = index(tools)
        text = doc.text
        self.tokens: list[Token] = text.tokens
        self.statements: tuple[Statement, ...] = doc.statements
        self.light: list[Light | None] = [_light(t, self.index) for t in self.tokens]
        self.classes: list[tuple[str, ...]] = [classes_of(t.form, self.index.classes) if t.kind == "word" else () for t in self.tokens]
        spans = [(text.token_index(s.start), min(text.token_index(s.end - 1) + 1, len(self.tokens))) for s in text.sentences]
        spans = [(k, min(b, k + LONGEST)) for a, b in spans for k in range(a, b, LONGEST)]
        self._firsts = [a for a, _ in spans]
        found = candidates(text, spans, tools)
        title = doc.report.title
        self.sentences: list[Sentence] = []
        for n, (a, b) in enumerate(spans):
            start, end = self.tokens[a].start, self.tokens[b - 1].end
            in_title = title is not None and title.start <= start < title.end
            self.sentences.append(Sentence(n, a, b, start, end, in_title, [], [], []))
        for c in found:
            self.sentence_of(c.first).candidates.append(c)
        for phrase in phrases(doc, tools):
            self._place(phrase)
        for time in doc.times:
            i = text.token_index(time.start)
            if self.sentences and i < len(self.tokens):
                self.sentence_of(i).times.append(time)
        self.mentions: dict[str, Mention] = {m.id: m for m in doc.mentions}
        self._names = [m for m in self.mentions.values() if m.form == "name"]
        self._name_starts = [m.start for m in self._names]
        self._verbs: list[int] | None = None
        self._said: defaultdict[str, set[str]] | None = None
        self._codes: dict[tuple[int, int], tuple[str | None, str | None]] = {}
        self._inside: dict[int, list[tuple[int, Placed]]] = {}
        self._figures = doc.figures
        self._figure_starts = [f.start for f in self._figures]
        self.trigger_at: dict[int, Candidate] = {c.first: c for c in found}
        self._cues = sorted((s.cue.start, s.cue.end, k) for k, s in enumerate(self.statements))
        self._content = sorted((c.start, c.end, k) for k, s in enumerate(self.statements) for c in s.content)
        self._content_starts = [c[0] for c in self._content]

    def sentence_of(self, token: int) -> Sentence:
        """The sentence that holds the token (the one before, for a token between sentences)."""
        return self.sentences[max(0, bisect_right(self._firsts, token) - 1)]

    def cue_at(self, start: int, end: int) -> Statement | None:
        """The statement whose cue shares text with the source range."""
        i = bisect_left(self._cues, (end,))
        return next((self.statements[k] for a, b, k in self._cues[max(0, i - 3) : i] if a < end and start < b), None)

    def statement_at(self, offset: int) -> Statement | None:
        """The innermost statement whose content holds the source offset."""
        # Contents nest a little, never deeply: the last few that begin before the offset are enough.
        i = bisect_right(self._content_starts, offset)
        for _, end, k in reversed(self._content[max(0, i - 6) : i]):
            if offset < end:
                return self.statements[k]
        return None

    def said_of(self, lexeme: str) -> list[str]:
        """How the report speaks of a lemma anywhere: future, ongoing, condition, denial near one of its forms; and whether it names it often."""
        if self._said is None:
            self._said = defaultdict(set)
            count: defaultdict[str, int] = defaultdict(int)
            for sentence in self.sentences:
                for c in sentence.candidates:
                    count[c.lexeme.id] += 1
                    for j in range(max(sentence.first, c.first - 4), min(sentence.last, c.last + 4)):
                        self._said[c.lexeme.id].update(x for x in self.classes[j] if x in ("future", "ongoing", "deny"))
                        if self.tokens[j].form.startswith(("سي", "ست")) and self.light[j] is not None:
                            self._said[c.lexeme.id].add("future")
                    if "س" in c.clitics:
                        self._said[c.lexeme.id].add("future")
            for name, n in count.items():
                if n > 2:
                    self._said[name].add("often")
        return sorted(self._said[lexeme])

    def code_of(self, phrase: Phrase) -> tuple[str | None, str | None]:
        """Country and sector of a party phrase."""
        key = (phrase.start, phrase.end)
        found = self._codes.get(key)
        if found is None:
            found = self._codes[key] = code_of(self.doc, phrase, self.tools)
        return found

    @cached_property
    def titled(self) -> frozenset[str]:
        """The entities that the title names."""
        return frozenset(p.phrase.entity for s in self.sentences if s.title for p in s.phrases if p.phrase.entity)

    def places_inside(self, sentence: Sentence) -> list[tuple[int, Placed]]:
        """The places named inside longer phrases of the sentence, each with the number of its phrase: "محكمة في ⟦بغداد⟧"."""
        found = self._inside.get(sentence.number)
        if found is None:
            found = self._inside[sentence.number] = [
                (k, self._inner(p.phrase, m))
                for k, p in enumerate(sentence.phrases)
                for n in p.phrase.names
                if (m := self.mentions.get(n)) is not None and m.type == "LOC" and (m.start, m.end) != (p.phrase.start, p.phrase.end)
            ]
        return found

    def _inner(self, phrase: Phrase, m: Mention) -> Placed:
        text = self.doc.text
        first, last = text.token_index(m.start), text.token_index(m.end - 1) + 1
        clitics = self.doc.source[self.tokens[first].start : m.start]
        before = self.tokens[first - 1].form if first else ""
        prep = next((c for c in clitics if c in "بلك"), "") or (before if before in PREPOSITIONS else "")
        inner = phrase._replace(
            start=m.start, end=m.end, head=first, kind="name", type="LOC", gender="", clitics=clitics, names=(m.id,), main=m.id,
            sectors=(), country=None, entity=m.entity,
        )  # fmt: skip
        return Placed(inner, first, max(last, first + 1), prep, False)

    def figures_in(self, sentence: Sentence) -> tuple[Figure, ...]:
        """The figures of the sentence, in text order."""
        return self._figures[bisect_left(self._figure_starts, sentence.start) : bisect_left(self._figure_starts, sentence.end)]

    def in_name(self, c: Candidate) -> bool:
        """True where the trigger is a word of a person's, an organisation's or a place's name: شكري، وزارة الدفاع."""
        i = bisect_right(self._name_starts, c.start) - 1
        return i >= 0 and c.end <= self._names[i].end and self._names[i].type != "NORP"

    def verbs_between(self, a: int, b: int) -> int:
        """How many known verbs stand at tokens a..b (exclusive)."""
        if self._verbs is None:
            self._verbs = [0, *accumulate(self.verb_at(j) for j in range(len(self.tokens)))]
        return self._verbs[b] - self._verbs[a] if b > a else 0

    def verb_at(self, token: int) -> bool:
        """True where the token is a verb that the lists know."""
        if self.light[token] is not None:
            return True
        c = self.trigger_at.get(token)
        return c is not None and c.kind == "verb"

    def _place(self, phrase: Phrase) -> None:
        text = self.doc.text
        first, last = text.token_index(phrase.start), text.token_index(phrase.end - 1) + 1
        if not self.sentences or first >= len(self.tokens):
            return
        letters = phrase.clitics
        joined = letters[:1] in ("و", "ف")
        prep = next((c for c in letters if c in "بلك"), "")
        before = first - 1
        while before >= 0 and self.tokens[before].form in ('"', "'", "(", "#"):
            before -= 1
        if not prep and before >= 0 and not joined:
            form = self.tokens[before].form
            if form in PREPOSITIONS:
                prep = form
            elif form[:1] in "وف" and form[1:] in PREPOSITIONS:
                prep, joined = form[1:], True
            elif form == "و":
                joined = True
        if prep == "ل" and before > 0 and self.tokens[before - 1].form in _REACHING and self.tokens[before].kind == "word":
            # على موقع للجيش: the place is the army's, and so is what befalls it.
            prep = self.tokens[before - 1].form
        self.sentence_of(first).phrases.append(Placed(phrase, first, max(last, first + 1), prep, joined))


def _light(token: Token, index: Index) -> Light | None:
    if token.kind != "word":
        return None
    found = index.light.get(token.form)
    if found is not None:
        return found
    for split in splits(token.form)[1:]:
        if all(c in "وفسل" for c in split.clitics):
            found = index.light.get(split.stem)
            if found is not None:
                return found
    return None


def governor(scene: Scene, sentence: Sentence, first: int, reach: int = 9) -> int | None:
    """The token of the nearest light verb before `first` in its clause, or None."""
    for j in range(first - 1, max(sentence.first - 1, first - reach - 1), -1):
        if scene.light[j] is not None:
            return j
        if scene.tokens[j].form in (":", "؛") or (j in scene.trigger_at and scene.trigger_at[j].kind == "verb"):
            return None
    return None


def between(tokens: Sequence[Token], a: int, b: int) -> str:
    """The heaviest mark between two token positions: none, comma, quote, stop."""
    worst = ""
    for j in range(a, b):
        if tokens[j].kind == "mark":
            form = tokens[j].form
            if form in ":؛.!?؟":
                return "stop"
            if form in '"()[]':
                worst = "quote"
            elif not worst:
                worst = "comma"
    return worst

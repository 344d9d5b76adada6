"""What an expression of time hangs on: the day of publication, the day in play, and whether its verb looks back or ahead."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from musnad.document import Document
from musnad.grammar.lexicon import Lexicon
from musnad.grammar.text import Text
from musnad.stages.times_calendar import Days

Direction = Literal["past", "future"]
_FAR = 45
"""Tokens that a governing verb may stand before an expression."""
_WAS = frozenset(("لم", "كان", "كانت", "كانوا", "ظل", "ظلت"))
_CLOSE = 8
"""Tokens that a noun of what happened may stand before an expression that it sets in the past."""
_PRONOUNS = ("هما", "ها", "هم", "هن", "نا", "ه")
_SOON = 12
"""Tokens after an expression at the head of its sentence in which its verb is looked for."""


@dataclass
class Play:
    """A time that was resolved before: where it stands and its days."""

    start: int
    days: Days
    stated_year: bool


@dataclass
class Context:
    """One report's setting; `plays` grows as expressions are resolved in the order of the text."""

    doc: Document
    lexicon: Lexicon
    published: date | None
    plays: list[Play] = field(default_factory=list)

    @property
    def text(self) -> Text:
        return self.doc.text

    @cached_property
    def _cues(self) -> tuple[list[int], list[str]]:
        """Token indexes of words that look back or ahead, in order, and which they do."""
        kinds: dict[int, str] = {}
        hits = self.text.hits_of
        for hit in hits.get("time_past", ()):
            kinds[hit.first] = "past"
        for hit in hits.get("time_future", ()):
            kinds[hit.first] = hit.entry.get("reach", "future")
        for hit in hits.get("time_happened", ()):
            kinds.setdefault(hit.first, "happened")
        nouns = {h.first for h in hits.get("time_not_future", ())}
        for i, token in enumerate(self.text.tokens):
            if token.kind != "word" or i in kinds:
                continue
            if i not in nouns and _is_future(token.form):
                kinds[i] = "future"
            elif self._past_with_pronoun(token.form):
                kinds[i] = "past"
        order = sorted(kinds)
        return order, [kinds[i] for i in order]

    @cached_property
    def _moved(self) -> list[int]:
        """Tokens of words that put something off, or draw it out, "to" a later time."""
        return [h.first for h in self.text.hits_of.get("time_moved", ())]

    def _past_with_pronoun(self, form: str) -> bool:
        """True for a verb of the past with an object pronoun ("عقدته"), where the list knows the verb."""
        if form[-1] not in "هامن":
            return False
        for ending in _PRONOUNS:
            if form.endswith(ending) and len(form) > len(ending) + 3:
                stem = form[: -len(ending)]
                if stem[-1] in "توا" and stem[0] in "وف" and self.lexicon.entry("time_past", stem[1:]) is not None:
                    return True
                return stem[-1] in "توا" and self.lexicon.entry("time_past", stem) is not None
        return False

    def direction(self, start: int, end: int, conditional: Direction = "future") -> Direction | None:
        """Where the verb nearest before an expression looks, in its sentence; where none stands before it, the first one after it.

        `conditional`: what a past verb after "if" is taken for.
        """
        tokens = self.text.tokens
        i, last = self.text.token_index(start), self.text.token_index(end)
        sentence = self.text.sentence_at(start)
        first = self.text.token_index(sentence.start) if sentence else 0
        if i and tokens[i - 1].form.lstrip("و") in ("الي", "حتي") and any(first <= n < i and i - n <= _CLOSE for n in self._moved):
            return "future"
        order, kinds = self._cues
        k = bisect_left(order, i) - 1
        while k >= 0 and order[k] >= max(first, i - _FAR):
            if kinds[k] == "happened":
                if i - order[k] <= _CLOSE:
                    return "past"
            elif kinds[k] == "past" and self._conditional(order[k]):
                return conditional
            elif kinds[k] == "near":
                if i - order[k] <= 3:
                    return "future"
            elif kinds[k] in ("present", "future") and self._was(order[k]):
                return "past"
            elif kinds[k] == "present":
                set_back = k > 0 and kinds[k - 1] == "future" and order[k] - order[k - 1] <= 3 and self._was(order[k - 1])
                return "past" if set_back else "future"
            else:
                return "past" if kinds[k] == "past" else "future"
            k -= 1
        k = bisect_left(order, last)
        if i > first and tokens[first].form.endswith("ت"):
            return None  # a verb of the past in the feminine opens the sentence
        if i - first > 3 or k >= len(order) or order[k] > last + _SOON or kinds[k] not in ("past", "future"):
            return None
        if sentence is None or tokens[order[k]].start < sentence.end:
            return "past" if kinds[k] == "past" else "future"
        return None

    def _conditional(self, i: int) -> bool:
        """True where "if" stands before a verb of the past, which then looks ahead ("if it won on Saturday")."""
        return any(t.form.lstrip("وف") in ("اذا", "حال", "حاله") for t in self.text.tokens[max(0, i - 3) : i])

    def _was(self, i: int) -> bool:
        """True where kana or lam stands before a word and sets it in the past ("was to arrive", "didn't arrive")."""
        return any(t.form.lstrip("وف") in _WAS for t in self.text.tokens[max(0, i - 2) : i])

    def day_in_play(self, start: int, near: int | None = None) -> date | None:
        """The latest day named before an offset (`near`: at most so many sentences before)."""
        floor = 0
        if near is not None:
            sentence = self.text.sentence_at(start)
            if sentence is None:
                return None
            i = bisect_left([s.start for s in self.text.sentences], sentence.start)
            floor = self.text.sentences[max(i - near, 0)].start
        for play in reversed(self.plays):
            if play.start < floor:
                return None
            if play.start < start and play.days.grain == "day":
                return play.days.first
        return None

    def period_in_play(self, unit: str) -> date | None:
        """A day inside the latest time named that is no longer than the unit."""
        for play in reversed(self.plays):
            if unit != "day" and (play.days.last - play.days.first).days <= {"week": 7, "month": 31}.get(unit, 366):
                return play.days.first
            if unit == "day" and play.days.grain == "day":
                return play.days.first
        return None

    def value(self, name: str, form: str, column: str) -> str | None:
        """The column of a list's entry for a form, also where a lam took the article's alef."""
        entry = self.lexicon.entry(name, " ".join(form.split()))
        if entry is None and form.startswith("ل"):
            entry = self.lexicon.entry(name, "ا" + form)
        return None if entry is None else entry.get(column)


def _is_future(form: str) -> bool:
    """True for a present verb behind the sin of the future, by shape; nouns that look so are a word list."""
    if form[0] in "وف" and len(form) > 5:
        form = form[1:]
    return len(form) >= 5 and form[0] == "س" and form[1] in "يتن"

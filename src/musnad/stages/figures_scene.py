"""What the figures stage looks up around a number: tokens, bounds, units, times to stay out of, signs that it is a name."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from musnad.document import Document
from musnad.grammar.lexicon import Hit
from musnad.grammar.numbers import Number
from musnad.record.kinds import Bound, Figure, FigureKind
from musnad.record.span import Span
from musnad.tools import Tools

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₪": "ILS", "₽": "RUB"}


class Scene:
    """One report while its figures are read."""

    def __init__(self, doc: Document, tools: Tools) -> None:
        self.doc = doc
        self.lexicon = tools.lexicon
        self.tokens = doc.text.tokens
        self._times = [(t.start, t.end) for t in doc.times]

    def record(
        self,
        start: int,
        end: int,
        low: float,
        high: float,
        bound: Bound,
        unit: str | None,
        kind: FigureKind,
        of: Span | None,
        rule: str,
        confidence: float,
    ) -> Figure:
        """The figure as it is written down."""
        return Figure(
            id=self.doc.id("figures", start, end),
            start=start,
            end=end,
            text=self.doc.source[start:end],
            low=low,
            high=high,
            bound=bound,
            unit=unit,
            of=of,
            kind=kind,
            found_by=rule,
            confidence=confidence,
        )

    def cut(self, span: tuple[int, int]) -> Span:
        return self.doc.cut(*span)

    def in_time(self, start: int, end: int) -> bool:
        """True where a time of the record covers part of the range."""
        i = bisect_right(self._times, (start, 1 << 60))
        return (i > 0 and self._times[i - 1][1] > start) or (i < len(self._times) and self._times[i][0] < end)

    @cached_property
    def _units(self) -> dict[int, list[Hit]]:
        out: dict[int, list[Hit]] = {}
        for hit in self.doc.text.hits_of["units"]:
            out.setdefault(hit.first, []).append(hit)
        return out

    def article(self, i: int) -> bool:
        """True where the word at token i begins with the article; an alef written with hamza is of the word itself ("ألوان")."""
        token = self.tokens[i]
        return token.form.startswith("ال") and self.doc.source[token.start] not in "أإآ"

    def of_whole(self, i: int) -> bool:
        """True where the word at token i can be what a fraction is of: an indefinite noun before its definite owner."""
        form, entry = self.tokens[i].form, self.lexicon.entry
        lists = ("figure_not_fraction", "figure_not_noun", "figure_others", "numbers", "months")
        return (
            self.tokens[i].kind == "word"
            and len(form) > 2
            and not self.article(i)
            and form[0] not in "وفبل"
            and not form.endswith(("ا", "ين"))
            and all(entry(name, form) is None for name in lists)
        )

    def unit_at(self, i: int) -> Hit | None:
        """The counted noun at token i, without clitics before it."""
        hits = [h for h in self._units.get(i, ()) if not h.clitics]
        return max(hits, key=lambda h: h.last, default=None)

    def units_with_clitics(self, i: int) -> list[Hit]:
        """The counted nouns at token i behind clitics, the longest first."""
        return sorted((h for h in self._units.get(i, ()) if h.clitics), key=lambda h: -h.last)

    @cached_property
    def bounds_ending(self) -> dict[int, Hit]:
        """Bound words by the token that follows them, the longest of each."""
        out: dict[int, Hit] = {}
        for hit in self.doc.text.hits_of["figure_bounds"]:
            if not hit.entry.get("side") and (hit.last not in out or out[hit.last].first > hit.first):
                out[hit.last] = hit
        return out

    @cached_property
    def bounds_starting(self) -> dict[int, Hit]:
        return {h.first: h for h in self.doc.text.hits_of["figure_bounds"] if h.entry.get("side") == "after"}

    @cached_property
    def _duals(self) -> set[int]:
        return {h.last for h in self.doc.text.hits_of["figure_duals"]}

    def dual_from(self, i: int) -> Hit | None:
        """The dual that begins at token i."""
        return next((h for h in self.doc.text.hits_of["figure_duals"] if h.first == i and not h.clitics), None)

    def _noun_at(self, i: int) -> bool:
        return self.unit_at(i) is not None or self.dual_from(i) is not None

    def dual_before(self, i: int) -> bool:
        """True where a dual ends at token i: "two" after it only repeats it."""
        return i in self._duals

    @cached_property
    def _percents(self) -> dict[int, int]:
        return {h.first: h.last for h in self.doc.text.hits_of["figure_percent"] if not h.clitics or h.clitics in "ب"}

    def percent_end(self, i: int) -> int | None:
        """Where the percent sign or words at token i end."""
        if i < len(self.tokens) and self.tokens[i].form == "%":
            return i + 1
        return self._percents.get(i)

    def percent_opened(self, number: Number) -> int | None:
        """The token of "at a rate of", or of a percent word set before its digits, that makes a number without a noun a percentage."""
        i = number.first
        if i == 0 or number.scale > 1 or not 0 < number.low <= 1000:
            return None
        before = self.tokens[i - 1].form
        noun = self.unit_at(number.last)
        if before.lstrip("وبل") in ("نسبه", "النسبه") and noun is None:
            return i - 1
        words = [h for h in self.doc.text.hits_of["figure_percent"] if h.last == i]
        if (
            words
            and number.written == "digits"
            and noun is None
            and (words[0].first == 0 or self.tokens[words[0].first - 1].kind in ("line", "mark"))
        ):
            return words[0].first
        return None

    def shares_percent(self, number: Number) -> bool:
        """True for the first of two joined percentages whose sign stands once ("50 and 20 percent")."""
        i, tokens = number.last, self.tokens
        joined = i + 2 < len(tokens) and tokens[i].form == "و" and tokens[i + 1].kind == "number"
        return number.written == "digits" and joined and self.percent_end(i + 2) is not None

    @cached_property
    def _harms(self) -> dict[int, list[Hit]]:
        out: dict[int, list[Hit]] = {}
        for hit in self.doc.text.hits_of["figure_harm"]:
            out.setdefault(hit.first, []).append(hit)
        return out

    def harm_before(self, i: int, reach: int) -> str | None:
        """What befell those counted from token i on, by the nearest word within `reach` tokens before; "killed and injured" joined."""
        return self._harm(range(i - 1, max(-1, i - 1 - reach), -1), "before")

    def harm_after(self, i: int, reach: int) -> str | None:
        return self._harm(range(i, min(len(self.tokens), i + reach)), "after")

    def _harm(self, where: range, side: str) -> str | None:
        for k in where:
            if self.tokens[k].form in ".؛\n" or self.tokens[k].kind == "number":
                return None
            units = [h.entry.row["unit"] for h in self._harms.get(k, ()) if h.entry.get("side") == side]
            if units:
                beside = [h.entry.row["unit"] for j in (k - 1, k + 1) for h in self._harms.get(j, ()) if h.entry.get("side") == side]
                pair = {units[0], *beside}
                return "person killed or injured" if pair >= {"person killed", "person injured"} else units[0]
        return None

    @cached_property
    def _cues(self) -> set[int]:
        return {h.last - 1 for h in self.doc.text.hits_of["figure_bare_after"]}

    def bare_cue(self, i: int) -> bool:
        return i - 1 in self._cues

    def same_sentence(self, a: int, b: int) -> bool:
        sentence = self.doc.text.sentence_at(a)
        return sentence is not None and b < sentence.end

    def currency_sign(self, number: Number) -> tuple[str, int, int] | None:
        """The currency whose sign touches the number, with the tokens it spans."""
        if number.first and self.tokens[number.first - 1].form in _SIGNS:
            return _SIGNS[self.tokens[number.first - 1].form], number.first - 1, number.last
        if number.last < len(self.tokens) and self.tokens[number.last].form in _SIGNS:
            return _SIGNS[self.tokens[number.last].form], number.first, number.last + 1
        return None

    def is_name(self, number: Number) -> bool:
        """True where digits are part of a name, a code, a clock, a score or a row number."""
        if number.written not in ("digits", "words", "fraction") or (number.ranged and number.written == "words"):
            return False
        tokens, i, j = self.tokens, number.first, number.last
        before = tokens[i - 1] if i else None
        after = tokens[j] if j < len(tokens) else None
        if before is not None:
            if self._names(before.form) and (before.form.endswith("رقم") or not self._counts(number)):
                return True
            if number.low == 0 and before.form == "-":
                return True
            if number.definite and number.written == "words" and self._ordinal_before(i):
                return True
            if number.written == "digits" and before.b == tokens[i].a and (before.form in "-/+:#&@_.=?" or before.kind == "latin"):
                return True
            if number.written == "digits" and before.form == "-" and i > 1 and tokens[i - 2].kind == "number":
                return True
            if number.written == "digits" and before.kind == "latin" and before.end >= tokens[i].start - 1:
                return True
        if after is not None and number.written == "digits":
            touching = after.b > after.a and after.a == tokens[j - 1].b
            if touching and ((after.form in "-/+:_=" and j + 1 < len(tokens) and tokens[j + 1].a == after.b) or after.kind == "latin"):
                return True
            if after.form == "-" and j + 1 < len(tokens) and tokens[j + 1].kind == "number" and not number.ranged:
                return True
        return (
            number.written == "digits"
            and tokens[i].form[0] == "0"
            and not self._noun_at(j)
            and j == i + 1
            and len(tokens[i].form) > 1
            and tokens[i].form[1] not in ".,"
        )

    def _names(self, form: str) -> bool:
        """True for a word after which a number is a name, also behind a clitic."""
        entry = self.lexicon.entry
        return entry("figure_not_after", form) is not None or (
            len(form) > 3 and form[0] in "وبلف" and entry("figure_not_after", form[1:]) is not None
        )

    def _counts(self, number: Number) -> bool:
        """True where an indefinite counted noun follows in the form that the number governs: "the resolution 14 members voted for"."""
        unit = self.unit_at(number.last)
        if unit is None or self.article(unit.first) or unit.entry.get("kind") == "measure":
            return False
        forms = unit.entry.forms
        low = number.low
        return unit.form != forms[0] if low < 100 else True

    def _ordinal_before(self, i: int) -> bool:
        """True for the tens of an ordinal: "the seventy-first"."""
        form = self.tokens[i - 1].form
        if form == "و" and i > 1:
            form = self.tokens[i - 2].form
        elif not self.tokens[i].form.startswith("و"):
            return False
        form = form[1:] if form[0] in "وبلف" and len(form) > 5 else form
        return form in ("الحادي", "الحاديه", "الواحد") or self.lexicon.entry("time_ordinals", form) is not None

    def as_thousands(self, number: Number, kind: FigureKind) -> tuple[float, float]:
        """Low and high, with a point before three digits read as thousands where whole things are counted ("2.280 trucks")."""
        form = self.tokens[number.first].form
        if (kind == "count" or form.endswith(".000")) and number.written == "digits" and number.last == number.first + 1 and "." in form:
            whole, _, rest = form.partition(".")
            if len(rest) == 3 and whole.isdigit() and 1 <= len(whole) <= 3 and whole != "0":
                return float(whole + rest), float(whole + rest)
        return number.low, number.high

    def share_end(self, hit: Hit) -> int:
        """Where "two thirds of them" ends, with "of the civilians" after it."""
        i = hit.last
        if i + 1 < len(self.tokens) and self.tokens[i].form == "من" and self.tokens[i + 1].form.startswith("ال"):
            return self.tokens[i + 1].end
        return hit.end

    def definite_duals(self) -> list[Hit]:
        """Definite duals that a relative clause restricts ("the two attacks which …"): these count, those that point back don't."""
        out = []
        for i, token in enumerate(self.tokens[:-1]):
            if token.kind == "word" and self.tokens[i + 1].form in ("اللذين", "اللذان", "اللتين", "اللتان"):
                for skip in (0, 1):
                    form = token.form[skip:]
                    entry = (
                        self.lexicon.entry("figure_duals", form[2:])
                        if form.startswith("ال") and (not skip or token.form[0] in "وبلك")
                        else None
                    )
                    if entry is not None and entry.get("shape") != "construct":
                        start = self.doc.text.folded.span(token.a + skip, token.b)[0] if skip else token.start
                        out.append(Hit(entry, i, i + 1, start, token.end, "", form))
        return out

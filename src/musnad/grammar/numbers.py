"""Numbers of Arabic text: digits with their separators, words in every gender and case, both together, fractions, ranges.

The words are data (`words/numbers.tsv`); here is how they combine: a unit before a hundred or a scale multiplies, و adds what is
smaller than what stands before it. Reading is one pass over the tokens, linear in their number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from musnad.grammar.lexicon import Hit
from musnad.grammar.tokens import Token

Written = Literal["digits", "words", "mixed", "vague", "fraction"]
_MOST = 1e18
"""Larger products are no quantities of news; stopping there keeps a million scale words from growing without bound."""
_LONGEST = 18
"""Digits of a number; longer rows are codes."""


class Number(NamedTuple):
    """A number at tokens `first`..`last` (exclusive), `start`..`end` of the source after its clitics. Vague and ranged ones have low < high."""

    first: int
    last: int
    start: int
    end: int
    low: float
    high: float
    written: Written
    clitics: str = ""
    definite: bool = False
    ranged: bool = False
    scale: float = 1
    """The last scale word's value (1000 for "three thousand"), else 1."""


class _Atom(NamedTuple):
    value: float
    kind: str
    last: int
    hit: Hit | None
    clitics: str
    start: int
    form: str


def read_digits(form: str, decimal_only: bool = False) -> float | None:
    """The value of folded digits with separators; None where they are no single number. Three digits after one comma are thousands (`decimal_only`: never)."""
    if len(form) > _LONGEST + 6:
        return None
    parts = re.split(r"[.,]", form)
    if len(parts) == 1:
        return float(form) if len(form) <= _LONGEST else None
    marks = [c for c in form if c in ".,"]
    if len(set(marks)) == 1:
        groups = all(len(p) == 3 for p in parts[1:]) and 1 <= len(parts[0]) <= 3
        if len(marks) > 1:
            if not groups and all(len(p) == 3 for p in parts[1:-1]) and len(parts[-1]) != 3 and len(parts[0]) <= 3 and marks[0] == ",":
                return float("".join(parts[:-1]) + "." + parts[-1])
            return float("".join(parts)) if groups else None
        if marks[0] == "," and groups and parts[0] != "0" and not decimal_only:
            return float("".join(parts))
        return float(f"{parts[0]}.{parts[1]}")
    if len(set(marks[:-1])) == 1 and all(len(p) == 3 for p in parts[1:-1]):
        return float("".join(parts[:-1]) + "." + parts[-1])
    return None


_NTHS = {"خمس": 5, "سبع": 7, "تسع": 9, "عشر": 10}
"""Words that mean a fifth, seventh … right after a larger number, since there they can't be units."""


class NumberReader:
    """Reads the numbers of one text. `hits` are the hits of the list `numbers`."""

    def __init__(self, tokens: Sequence[Token], hits: Sequence[Hit], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self._hits: dict[int, list[Hit]] = {}
        for hit in hits:
            self._hits.setdefault(hit.first, []).append(hit)

    def starts(self) -> list[int]:
        """The tokens at which a number may begin, in order."""
        return sorted({*self._hits, *(i for i, t in enumerate(self.tokens) if t.kind == "number")})

    def all(self) -> list[Number]:
        """Every number of the text, longest from the left, none overlapping."""
        out: list[Number] = []
        done = 0
        for i in self.starts():
            if i >= done and (number := self.read(i)) is not None:
                out.append(number)
                done = number.last
        return out

    def read(self, i: int) -> Number | None:
        """The number that begins at token i, else None."""
        atom = self._atom(i)
        if atom is None or atom.kind == "minus":
            return self._negative(i, atom) if atom else None
        return self._from(i, atom)

    def _negative(self, i: int, atom: _Atom) -> Number | None:
        after = self._atom(atom.last)
        number = self._from(atom.last, after) if after and after.kind != "minus" and not after.clitics else None
        return number and number._replace(first=i, start=atom.start, low=-number.high, high=-number.low, clitics=atom.clitics)

    def _from(self, i: int, atom: _Atom) -> Number | None:
        if atom.kind in ("vague", "few"):
            return self._vague(i, atom)
        read = self._value(atom, _MOST)
        if read is None:
            return None
        value, last, scale = read
        first_digit = atom.kind == "digits"
        value, last = self._pointed(value, last)
        written: Written = "fraction" if 0 < value < 1 and atom.kind != "digits" else "words"
        if first_digit:
            written = "digits" if last == atom.last else "mixed"
        value = round(value, 9)
        end = self.tokens[last - 1].end
        number = Number(i, last, atom.start, end, value, value, written, atom.clitics, _definite(atom.hit), False, scale)
        if atom.kind == "scale" and last == atom.last and _plural(atom.form):
            low, high = atom.value * 2, atom.value * 10 - 1
            return number._replace(low=low, high=high, written="vague")
        if first_digit and value >= 0 and self._minus_before(i):
            a = self.tokens[i - 1]
            number = number._replace(first=i - 1, start=a.start, low=-value, high=-value)
        return number

    def _pointed(self, value: float, last: int) -> tuple[float, int]:
        """Add what is spoken after the decimal point: "two point five", "two hundred point three of a hundred"."""
        if last + 1 >= len(self.tokens) or self.tokens[last].form not in ("فاصله", "فاصل") or value != int(value):
            return value, last
        after = self._plain(last + 1)
        read = self._value(after, 1e6) if after and after.kind not in ("vague", "few", "minus", "scale", "fraction") else None
        if read is None or read[0] != int(read[0]) or read[0] < 0:
            return value, last
        part, end, _ = read
        whole = self._plain(end + 1) if end < len(self.tokens) and self.tokens[end].form == "من" else None
        if whole is not None and whole.kind in ("hundred", "scale") and part < whole.value:
            return value + part / whole.value, whole.last
        return value + part / 10 ** len(str(int(part))), end

    def _minus_before(self, i: int) -> bool:
        """True where a minus sign touches the number and nothing touches the sign."""
        if i == 0 or self.tokens[i - 1].form != "-" or self.tokens[i - 1].b != self.tokens[i].a:
            return False
        a = self.tokens[i - 1].a
        return a == 0 or self.text[a - 1] in " \t\n(\"'"

    def _vague(self, i: int, atom: _Atom) -> Number:
        """Tens, hundreds; tens of thousands; a few thousand."""
        low, high = (3.0, 9.0) if atom.kind == "few" else (atom.value, 99.0 if atom.value == 20 else 999.0)
        last, scale = atom.last, 1.0
        after = self._atom(last)
        if atom.kind == "few" and after is not None and after.kind == "vague" and not after.clitics:
            low, high, last = low * after.value / 2, high * after.value / 2, after.last  # a few hundred
            after = self._atom(last)
        if after is None and last < len(self.tokens) and self.tokens[last].form == "من":
            then = self._atom(last + 1)
            after = then if then and then.kind == "scale" and _plural(then.form) else None
        while after is not None and after.kind == "scale" and not after.clitics and scale * after.value <= _MOST:
            if atom.kind == "vague":
                high = (high + 1) * after.value - 1
            else:
                high *= after.value
            low, scale, last = low * after.value, scale * after.value, after.last
            after = self._atom(last)
        return Number(
            i, last, atom.start, self.tokens[last - 1].end, low, high, "vague", atom.clitics, atom.form.startswith("ال"), False, scale
        )

    def _atom(self, i: int, joined: bool = False) -> _Atom | None:
        """The number word or digits at token i; `joined`: with و before, attached or apart."""
        if i >= len(self.tokens):
            return None
        token = self.tokens[i]
        if joined and token.form == "و":
            i += 1
            if i >= len(self.tokens):
                return None
            after = self.tokens[i]
            return self._plain(i) if after.kind in ("word", "number") and after.form != "و" else None
        if token.kind == "number":
            return None if joined else self._digits(i)
        if token.kind != "word":
            return None
        for hit in self._hits.get(i, ()):
            if joined:
                if hit.clitics == "و":
                    return _as_atom(hit)
            else:
                return _as_atom(hit)
        return None

    def _plain(self, i: int) -> _Atom | None:
        atom = self._atom(i)
        return atom if atom and not atom.clitics else None

    def _joined(self, i: int) -> _Atom | None:
        """What و adds at token i: a number word with the clitic, or و apart before digits or a word."""
        return self._atom(i, joined=True)

    def _digits(self, i: int) -> _Atom | None:
        token = self.tokens[i]
        form, last = token.form, i + 1
        tokens = self.tokens
        while last + 1 < len(tokens) and len(form) < _LONGEST and tokens[last].form == "،" and _touching(tokens, last - 1, 3):
            if tokens[last + 1].kind != "number":
                break
            form += "," + tokens[last + 1].form
            last += 2
        if last == i + 1 and len(form) <= 3 and form.isdigit() and form[0] != "0":
            while (
                last < len(tokens) and len(form) < _LONGEST and tokens[last].kind == "number" and tokens[last].a == tokens[last - 1].b + 1
            ):
                part = tokens[last].form
                if not re.fullmatch(r"[0-9]{3}(?:[.,][0-9]+)?", part):
                    break
                form += part.replace(",", ".")
                last += 1
        if last == i + 1 and form.isdigit() and _touching(tokens, i, 3) and tokens[last].form == "ر" and tokens[last + 1].form.isdigit():
            form, last = f"{tokens[last + 1].form}.{form}", last + 2  # agencies of the Gulf and the Levant write 3.5 as 5ر3
        start = token.start
        if "." not in form and self._point_before(i):
            form, start = "." + form, tokens[i - 1].start
        after = self._hits.get(last)
        scaled = bool(after) and any(h.entry.get("class") == "scale" and not h.clitics for h in after or ())
        value = read_digits(form, scaled)
        return None if value is None else _Atom(value, "digits", last, None, "", start, form)

    def _point_before(self, i: int) -> bool:
        """True where a point touches the digits and nothing touches the point: .25"""
        if i == 0 or self.tokens[i - 1].form != "." or self.tokens[i - 1].b != self.tokens[i].a:
            return False
        a = self.tokens[i - 1].a
        return a == 0 or self.text[a - 1] in " \t\n("

    def _value(self, atom: _Atom, limit: float) -> tuple[float, int, float] | None:
        """Value, end and last scale of the number that begins with an atom; None where it can't begin one or reaches the limit."""
        scale = 1.0
        if atom.kind in ("scale", "dual"):
            value, last = atom.value, atom.last
            scale = value if atom.kind == "scale" else value / 2
            if atom.form in ("الفا", "مليونا", "مليارا"):
                value *= 2 if atom.form == "الفا" else 1
        else:
            group = self._group(atom)
            if group is None:
                return None
            value, last = group
        while (after := self._atom(last)) is not None and not after.clitics:
            if after.kind == "scale" and value * after.value <= _MOST:
                value, scale, last = value * after.value, after.value, after.last
            elif after.kind == "dozen" and 0 < value < 100:
                value, last = value * after.value, after.last
            elif after.kind == "parts":
                return value / after.value, after.last, 1.0
            elif after.form in _NTHS and value > 10:
                return value / _NTHS[after.form], after.last, 1.0
            else:
                break
        if value >= limit:
            return None
        return self._sum(value, last, scale)

    def _sum(self, value: float, last: int, scale: float) -> tuple[float, int, float]:
        """Add what و joins: a fraction, or after a scale a number below it."""
        after = self._joined(last)
        if after is None:
            return value, last, scale
        if after.kind == "fraction":
            last = after.last
            again = self._atom(last)
            if again and again.kind == "scale" and again.value == scale and not again.clitics:
                last = again.last
            return value + after.value * scale, last, scale
        if after.kind == "dozens":
            return value + after.value, after.last, scale
        if scale > 1 and (rest := self._value(after, scale)) is not None:
            return value + rest[0], rest[1], scale
        return value, last, scale

    def _group(self, atom: _Atom) -> tuple[float, int] | None:
        """A number below a thousand in words, or digits, and where it ends."""
        value, kind, last = atom.value, atom.kind, atom.last
        if kind in ("digits", "digit"):
            after = self._atom(last)
            if after and after.kind == "hundred" and after.value == 100 and not after.clitics:
                return value * 100, after.last
            return value, last
        if kind in ("teen", "ten", "fraction", "dozen", "dozens"):
            half = self._atom(last)
            if kind == "fraction" and half and half.kind == "dozen" and not half.clitics:
                return value * half.value, half.last
            return value, last
        if kind == "unit":
            after = self._atom(last)
            if (
                atom.form in _NTHS
                and last < len(self.tokens)
                and self.tokens[last].form.startswith("ال")
                and not (after and after.kind == "scale")
            ):
                of = after.value if after and not after.clitics and after.kind in ("unit", "ten", "hundred") else 0
                return (of or 1) / _NTHS[atom.form], after.last if after and of else last
            if after and after.kind == "hundred" and after.value == 100 and 3 <= value <= 9 and not after.clitics:
                return self._below_hundred(value * 100, after.last)
            ten = self._joined(last) if value < 10 else None
            if ten and ten.kind == "ten":
                return value + ten.value, ten.last
            return value, last
        return self._below_hundred(value, last) if kind == "hundred" else None

    def _below_hundred(self, value: float, last: int) -> tuple[float, int]:
        after = self._joined(last)
        if after is None:
            return value, last
        if after.kind == "unit":
            ten = self._joined(after.last) if after.value < 10 else None
            if ten and ten.kind == "ten":
                return value + after.value + ten.value, ten.last
            return value + after.value, after.last
        if after.kind in ("teen", "ten"):
            return value + after.value, after.last
        if after.kind == "digits" and after.value < 100:
            return value + after.value, after.last
        return value, last


def _as_atom(hit: Hit) -> _Atom:
    return _Atom(float(hit.entry.row["value"]), hit.entry.row["class"], hit.last, hit, hit.clitics, hit.start, hit.form)


def _definite(hit: Hit | None) -> bool:
    """True where the form has the article: what is left without it is a form of the same entry ("ألف" only looks as if it had)."""
    return hit is not None and hit.form.startswith("ال") and hit.form.removeprefix("ال") in hit.entry.forms


def _plural(form: str) -> bool:
    return form.removeprefix("ال") in ("الاف", "لاف", "اف", "الوف", "لوف", "ملايين", "مليارات", "بلايين", "تريليونات", "ترليونات", "ملايير")


def _touching(tokens: Sequence[Token], i: int, n: int) -> bool:
    """True where tokens i..i+n-1 stand together without white space."""
    return i + n <= len(tokens) and all(tokens[k].b == tokens[k + 1].a for k in range(i, i + n - 1))

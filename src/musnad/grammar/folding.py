"""Folding: a shadow of the source in which spelling variants look alike, with a map back to source code points.

Matching is done on the shadow; evidence is always cut from the source. Folded away: diacritics, tatweel, zero-width and
bidi marks, alef forms, alef maqsura, ta marbuta, Persian and Urdu letters, presentation forms, Arabic-Indic digits, the
many quotation marks and dashes, Latin case, and one or two Latin letters slipped into an Arabic word.
Hamza on waw and ya is kept: it tells words apart.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

MARKS = "".join(
    chr(c)
    for c in (
        *range(0x0610, 0x061B),
        *range(0x064B, 0x0660),
        0x0670,
        *range(0x06D6, 0x06DD),
        *range(0x06DF, 0x06E5),
        0x06E7,
        0x06E8,
        *range(0x06EA, 0x06EE),
        *range(0x08D3, 0x0900),
        0x0640,
    )
)
"""Diacritics and tatweel: removed, but part of the word they stand on."""

INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u180e\u200a"
"""Zero-width and direction marks: removed."""

_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ى": "ي", "ة": "ه",
    "ک": "ك", "ڪ": "ك", "گ": "ك", "ڭ": "ك", "ی": "ي", "ې": "ي", "ے": "ي", "ۍ": "ي", "ھ": "ه", "ہ": "ه", "ۀ": "ه", "ۂ": "ه", "ە": "ه", "ۃ": "ه",
    "پ": "ب", "چ": "ج", "ڤ": "ف", "ڥ": "ف", "ژ": "ز", "ۆ": "و", "ۇ": "و", "ۈ": "و", "ۋ": "و", "ێ": "ي", "ڕ": "ر", "ڵ": "ل", "ڨ": "ق", "ڧ": "ق", "ٹ": "ت", "ڈ": "د", "ڑ": "ر", "ں": "ن",
}  # fmt: skip
_SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u202f\u205f\u3000_"
_DOUBLE_QUOTES = "«»“”„‟″‶〝〞＂❝❞"
_SINGLE_QUOTES = "‘’‚‛‹›′`´"
_DASHES = "‐‑‒–—―−ـ"


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(a): b for a, b in _LETTERS.items()}
    table.update({ord(c): " " for c in _SPACES})
    table.update({ord(c): '"' for c in _DOUBLE_QUOTES})
    table.update({ord(c): "'" for c in _SINGLE_QUOTES})
    table.update({ord(c): "-" for c in _DASHES})
    table.update({0x0660 + d: str(d) for d in range(10)})
    table.update({0x06F0 + d: str(d) for d in range(10)})
    table[0x066A], table[0x066B], table[0x066C] = "%", ".", ","
    table.update({c: chr(c).lower() for c in range(0x24F) if len(chr(c).lower()) == 1 and chr(c).lower() != chr(c)})
    for c in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)):
        plain = unicodedata.normalize("NFKC", chr(c))
        if plain != chr(c):
            table[c] = "".join(table.get(ord(p), p) or "" for p in plain if p not in MARKS).strip() or None
    table.update({ord(c): None for c in MARKS + INVISIBLE})
    return table


_TABLE = _table()
_CHANGING = {c for c, to in _TABLE.items() if to is None or len(to) != 1}
_CHANGES = re.compile("[" + "".join(re.escape(chr(c)) for c in sorted(_CHANGING)) + "]")
_SLIPS = re.compile(r"(?<=[\u0621-\u063a\u0641-\u064a])[A-Za-z]{1,2}(?=[\u0621-\u063a\u0641-\u064a])")
_MARK_SET = frozenset(MARKS)


class Folded:
    """The shadow `text` of `source`, and the way back.

    `starts[i]` is the source offset of shadow character i (None when shadow and source run one to one); the map never decreases.
    """

    __slots__ = ("_starts", "source", "text")

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source.translate(_TABLE)
        self._starts: Sequence[int] | None = None
        slips = {i for m in _SLIPS.finditer(source) for i in range(*m.span())} if _SLIPS.search(source) else set()
        if slips or _CHANGES.search(source):
            out: list[str] = []
            starts: list[int] = []
            for i, c in enumerate(source):
                if i in slips:
                    continue
                to = _TABLE.get(ord(c), c)
                if to:
                    out.append(to)
                    starts.extend([i] * len(to))
            self.text, self._starts = "".join(out), starts

    def source_at(self, i: int) -> int:
        """The source offset of shadow offset i; the source's length for the shadow's end."""
        if self._starts is None:
            return i
        return self._starts[i] if i < len(self._starts) else len(self.source)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source range of the shadow range start..end: diacritics and tatweel on its last letter are part of it."""
        if self._starts is None or start >= end:
            return self.source_at(start), self.source_at(start) if start >= end else end
        first, last = self._starts[start], self._starts[end - 1] + 1
        while last < len(self.source) and self.source[last] in _MARK_SET:
            last += 1
        return first, last

    def shadow_at(self, offset: int) -> int:
        """The first shadow offset that stands at or after source offset `offset`."""
        return offset if self._starts is None else bisect_left(self._starts, offset)


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """The folded form of a word or phrase; white space inside becomes one space."""
    return " ".join(Folded(text).text.split())

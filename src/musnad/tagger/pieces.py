"""Words of a report as the model sees them: pieces, lexicon features, and source offsets that are exact by construction.

Each token of the shadow (`grammar.tokens`) is encoded by itself, with the leading space mark only where white space stands before it, so no offset has to be
recovered from a tokenizer afterwards. Diacritics, tatweel and invisible marks are left out (they shatter words); hamza, ya and ta marbuta stay.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tokenizers import Tokenizer

from musnad.grammar.folding import INVISIBLE, MARKS

BOS, PAD, EOS, UNK = 0, 1, 2, 3
SPACE = "\u2581"
LONGEST = 12
"""Pieces kept of one word: what follows is left out (links, long rows of one letter)."""

_AWAY = {ord(c): None for c in MARKS + INVISIBLE}
_CACHE = 200_000


def clean(word: str) -> str:
    """The word as the encoder was trained on it: without diacritics, tatweel and invisible marks, compatibility forms resolved; never empty for a word that isn't."""
    bare = word.translate(_AWAY) or word
    return bare if bare.isascii() else unicodedata.normalize("NFKC", bare)


class Word(NamedTuple):
    """A word or mark: source range start..end, its form in the source, whether white space stands before it, the number of its segment."""

    start: int
    end: int
    text: str
    spaced: bool
    segment: int


class Pieces:
    """Turns words into piece ids; remembers the words it has seen."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._seen: dict[tuple[str, bool], tuple[int, ...]] = {}

    @classmethod
    def read(cls, path: Path) -> Pieces:
        """From a `tokenizer.json` that holds a bare Unigram model."""
        return cls(Tokenizer.from_file(str(path)))

    def __call__(self, word: str, spaced: bool) -> tuple[int, ...]:
        """The ids of a word's pieces, 1 to LONGEST of them."""
        key = (word, spaced)
        ids = self._seen.get(key)
        if ids is None:
            text = clean(word).encode("utf-8", "replace").decode("utf-8")
            found = self._tokenizer.encode(SPACE + text if spaced else text, add_special_tokens=False).ids[:LONGEST]
            ids = tuple(found) or (UNK,)
            if len(self._seen) >= _CACHE:
                self._seen.clear()
            self._seen[key] = ids
        return ids

    def rows(self, words: Sequence[Word]) -> list[tuple[int, ...]]:
        return [self(w.text, w.spaced) for w in words]

"""What is known of a word before the model reads it: is it part of a person's name, a place, and a vector of the company it keeps in news.

The table is made by `training/features.py` and frozen with the weights: the word lists under `arabic/` may grow without changing what the model was trained on.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from musnad.grammar.folding import fold
from musnad.grammar.tokens import splits
from musnad.tagger.pieces import Word

VECTOR = 48
"""Length of the corpus vector."""
BITS = (
    "person",
    "frequent",
    "place",
    "place_starts",
    "place_goes_on",
    "person_after",
    "place_after",
    "known",
    "number",
    "latin",
    "mark",
    "first",
    "spaced",
    "title",
    "often",
    "split",
)
"""Lexicon bits, in order: the word is a person's name part, a frequent one, a one-word place; a place of several words starts or goes on here; the word without its
first clitic is a name part or place; it has a corpus vector; it is a number, Latin, a mark; it begins a line, follows white space, stands in the first segment; how often it is (0 to 1); its vector is its stem's."""
SIZE = len(BITS) + VECTOR
LONGEST_PLACE = 4

_NUMBER = re.compile(r"[0-9]")
_LATIN = re.compile(r"[a-z]")
_WORD = re.compile(r"[\u0621-\u064a]")


class Features:
    """The frozen table. Call it with the words of a text: an array (words, SIZE) of float32."""

    def __init__(
        self, bits: dict[str, int], rows: dict[str, int], vectors: np.ndarray, counts: np.ndarray, places: frozenset[tuple[str, ...]]
    ) -> None:
        self._bits, self._rows, self._vectors, self._counts, self._places = bits, rows, vectors, counts, places
        self._one = lru_cache(maxsize=100_000)(self._compute)

    @classmethod
    def read(cls, path: Path) -> Features:
        """From the file that `write` makes."""
        with gzip.open(path, "rb") as file:
            names, places, words = (file.readline().decode("utf-8").rstrip("\n") for _ in range(3))
            keys = words.split("\t")
            counts = np.frombuffer(file.read(len(keys)), np.uint8).astype(np.float32) / 255
            scale = np.frombuffer(file.read(4 * VECTOR), "<f4")
            vectors = np.frombuffer(file.read(len(keys) * VECTOR), np.int8).reshape(len(keys), VECTOR).astype(np.float32) * scale
        bits = dict(_pairs(names))
        return cls(
            bits, {k: i for i, k in enumerate(keys)}, vectors, counts, frozenset(tuple(p.split(" ")) for p in places.split("\t") if p)
        )

    def __call__(self, words: Sequence[Word]) -> np.ndarray:
        out = np.zeros((len(words), SIZE), np.float32)
        forms: list[str] = []
        before = -1
        for i, word in enumerate(words):
            form, bits, row = self._one(word.text)
            forms.append(form)
            out[i, : len(BITS)] = bits
            if row >= 0:
                out[i, len(BITS) :] = self._vectors[row]
            out[i, 11] = word.segment != before
            out[i, 12] = word.spaced
            out[i, 13] = word.segment == 0
            before = word.segment
        for i in range(len(words)):
            for n in self._places_at(forms, i):
                out[i, 3] = 1
                out[i + 1 : i + n, 4] = 1
                break
        return out

    def _places_at(self, forms: list[str], i: int) -> Iterator[int]:
        for n in range(min(LONGEST_PLACE, len(forms) - i), 1, -1):
            rest = tuple(forms[i + 1 : i + n])
            if any((s.stem, *rest) in self._places for s in splits(forms[i])):
                yield n

    def _compute(self, text: str) -> tuple[str, Any, int]:
        form = fold(text)
        bits = np.zeros(len(BITS), np.float32)
        own = self._bits.get(form, 0)
        bits[0], bits[1], bits[2] = own & 1, own >> 1 & 1, own >> 2 & 1
        row = self._rows.get(form, -1)
        stems = [s.stem for s in splits(form)[1:]] if _WORD.search(form) else []
        for stem in stems:
            theirs = self._bits.get(stem, 0)
            bits[5], bits[6] = max(bits[5], theirs & 1), max(bits[6], theirs >> 2 & 1)
            if row < 0 and stem in self._rows:
                row, bits[15] = self._rows[stem], 1
        if row >= 0:
            bits[7], bits[14] = 1, self._counts[row]
        bits[8], bits[9] = bool(_NUMBER.search(form)), bool(_LATIN.search(form))
        bits[10] = not _WORD.search(form) and not bits[8] and not bits[9]
        return form, bits, row


def _pairs(line: str) -> Iterator[tuple[str, int]]:
    for item in line.split("\t"):
        if item:
            yield item[1:], int(item[0])


def write(
    path: Path, bits: dict[str, int], places: set[tuple[str, ...]], keys: Sequence[str], counts: np.ndarray, vectors: np.ndarray
) -> None:
    """Write the table: three lines of text (names with their bits, places of several words, words with vectors), then counts as bytes, a scale for each column, vectors as int8."""
    scale = (np.abs(vectors).max(0) / 127).astype("<f4")
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as file:
        for line in (
            "\t".join(f"{b}{w}" for w, b in sorted(bits.items())),
            "\t".join(sorted(" ".join(p) for p in places)),
            "\t".join(keys),
        ):
            file.write(line.encode("utf-8") + b"\n")
        file.write(np.clip(np.round(counts * 255), 0, 255).astype(np.uint8).tobytes())
        file.write(scale.tobytes())
        file.write(np.clip(np.round(vectors / scale), -127, 127).astype(np.int8).tobytes())

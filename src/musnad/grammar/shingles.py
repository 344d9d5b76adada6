"""Word shingles of a report: the fingerprints by which copies are found.

A shingle is five folded words in a row, hashed to 64 bits in a way that is the same on every machine and in every run. The sketch keeps the quarter of
the hashes that are smallest (all of them for short texts), so that two texts that share shingles share the same kept ones (Broder's modulo sketch:
A. Broder, On the resemblance and containment of documents, 1997).
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from musnad.grammar.folding import Folded
from musnad.grammar.tokens import tokenize

WIDTH = 5
SHORT = 80
"""Texts of fewer shingles keep all of them in their sketch."""
_KEEP = np.uint64(1 << 62)
_MULTIPLIERS = np.array(
    [0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], dtype=np.uint64
)

Hashes = npt.NDArray[np.uint64]

_words: dict[str, int] = {}
_WORDS_KEPT = 500_000


def shingles(text: str) -> Hashes:
    """The distinct shingle hashes of a text, sorted; a text of fewer than five words is one shingle, an empty one has none."""
    numbers = [_hash(t.form) for t in tokenize(Folded(text)) if t.kind in ("word", "number", "latin")]
    if not numbers:
        return np.empty(0, dtype=np.uint64)
    words = np.array(numbers, dtype=np.uint64)
    width = min(WIDTH, len(words))
    count = len(words) - width + 1
    mixed = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for i in range(width):
            mixed += words[i : i + count] * _MULTIPLIERS[i]
        mixed ^= mixed >> np.uint64(31)
        mixed *= _MULTIPLIERS[1]
        mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed)


def sketch(hashes: Hashes) -> Hashes:
    """The part of the hashes that is indexed."""
    return hashes if len(hashes) < SHORT else hashes[hashes < _KEEP]


def likeness(a: Hashes, b: Hashes) -> tuple[float, float]:
    """Jaccard index and containment (shared part of the smaller) of two sets of hashes, each 0 to 1."""
    if not len(a) or not len(b):
        return 0.0, 0.0
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared), shared / min(len(a), len(b))


def _hash(word: str) -> int:
    number = _words.get(word)
    if number is None:
        if len(_words) >= _WORDS_KEPT:
            _words.clear()
        number = _words[word] = int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
    return number

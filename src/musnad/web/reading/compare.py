"""Two tellings of one text side by side: what the later one left out, and what it put in."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple

from musnad.grammar.folding import fold
from musnad.record.kinds import Line
from musnad.store.rows import kept_text

MOST = 3000
"""Words of a text that are compared."""


class Part(NamedTuple):
    """A run of words: in both (`both`), only in the first (`gone`) or only in the second (`new`); of words in both, the second's spelling."""

    kind: str
    text: str


class Difference(NamedTuple):
    """The parts in the order of the second text, the words that both have, and those of each; `cut` where a text was too long to be compared whole."""

    parts: list[Part]
    both: int
    first: int
    second: int
    cut: bool


def difference(first: Line, second: Line) -> Difference:
    """How the second report's kept text differs from the first's; spelling variants are no difference."""
    a, b = _words(first), _words(second)
    cut = max(len(a), len(b)) > MOST
    a, b = a[:MOST], b[:MOST]
    # With all words alike to it, the matcher would need the square of the length: very common words (autojunk) only extend what others found.
    matcher = SequenceMatcher(None, [_key(w) for w in a], [_key(w) for w in b])
    parts: list[Part] = []
    both = 0
    for tag, i, j, k, n in matcher.get_opcodes():
        if tag == "equal":
            both += n - k
            parts.append(Part("both", " ".join(b[k:n])))
            continue
        if i < j:
            parts.append(Part("gone", " ".join(a[i:j])))
        if k < n:
            parts.append(Part("new", " ".join(b[k:n])))
    return Difference(parts, both, len(a), len(b), cut)


def _words(line: Line) -> list[str]:
    """The words of the kept text; a line's end stays with the word before it."""
    return [w for line in kept_text(line).split("\n") for w in _with_end(line.split())]


def _with_end(words: list[str]) -> list[str]:
    return [*words[:-1], words[-1] + "\n"] if words else []


def _key(word: str) -> str:
    return fold(word).strip(" \n.,،؛:!؟\"'«»()[]-")

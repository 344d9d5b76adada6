"""The lines of a page with what the cleaning asks of them: words, stops, overlap of content."""

from __future__ import annotations

import re
from functools import lru_cache

from musnad.grammar.folding import INVISIBLE, Folded

_WORD = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.!…][\s\"'»”)\]]*$|[؟?][\"'»”)\]]+$")
_WHITE = " \t\u00a0\u3000\f\v" + INVISIBLE
_READ = 4000
"""Characters of a block that are looked at: what a line is shows at its beginning."""

_BEFORE = re.compile(r"^(?:[وف]?(?:بال|كال|ال|لل)|[وف][بكل]?|[بكلس])(?=\w{3})")
_AFTER = re.compile(r"(?<=\w{3})(?:يه|يا|ات|ون|ين|ان|وا|ها|هم|نا|ه|ي|ا|ت|ن)$")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A folded word without its commonest clitics and endings: enough to see that two lines speak of the same."""
    return _AFTER.sub("", _BEFORE.sub("", word))


class Block:
    """A line of the page without white space at its edges: `start`..`end` in the source, `form` as folded (its first 4,000 characters), which begins at `a` in the shadow.

    `content` is for the kit to keep what it found the line to speak of."""

    __slots__ = ("a", "content", "end", "form", "long", "start", "words")

    def __init__(self, folded: Folded, start: int, end: int) -> None:
        self.start, self.end = start, end
        a, b = folded.shadow_at(start), folded.shadow_at(end)
        self.long = b - a > _READ
        raw = folded.text[a : min(b, a + _READ)]
        self.a = a + len(raw) - len(raw.lstrip())
        self.form = raw.strip()
        self.words = tuple(_WORD.findall(self.form))
        self.content: frozenset[str] | None = None

    @property
    def stop(self) -> bool:
        """True when the line ends as a sentence does."""
        return self.long or _STOP.search(self.form[-12:]) is not None

    @property
    def opens(self) -> bool:
        """True when the line announces what follows it."""
        return self.form.endswith(":")


def find_blocks(folded: Folded) -> list[Block]:
    """The lines of the source that hold more than white space, in order. Linear in the source."""
    out = []
    source, at = folded.source, 0
    for line in source.split("\n"):
        inner = line.strip(_WHITE)
        if inner.strip():
            start = at + len(line) - len(line.lstrip(_WHITE))
            out.append(Block(folded, start, start + len(inner)))
        at += len(line) + 1
    return out

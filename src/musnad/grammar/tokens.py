"""Tokens of the shadow, and the ways an Arabic word can be cut into clitics and stem."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from musnad.grammar.folding import Folded

Kind = Literal["word", "number", "latin", "mark", "line"]

_TOKEN = re.compile(
    r"(?P<word>[\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5\u0750-\u077f]+)"
    r"|(?P<number>[0-9]+(?:[.,][0-9]+)*)"
    r"|(?P<latin>[^\W\d_\u0600-\u06ff]+(?:[-'.&][^\W\d_\u0600-\u06ff]+)*)"
    r"|(?P<line>\n)"
    r"|(?P<mark>[^\s\w]|_|[^\W])"
)


class Token(NamedTuple):
    """A token: `a`..`b` in the shadow, `start`..`end` in the source, `form` as folded. `kind` is word, number, latin, mark or line."""

    a: int
    b: int
    start: int
    end: int
    form: str
    kind: str


class Split(NamedTuple):
    """One reading of a word: `skip` shadow characters of clitics before the stem, the clitics (`و`, `ب`, `وب` …), and the stem as it would stand alone."""

    skip: int
    clitics: str
    stem: str


def tokenize(folded: Folded, a: int = 0, b: int | None = None) -> list[Token]:
    """The tokens of the shadow range a..b, in order; white space is left out, each line end is a token of its own."""
    out = []
    for m in _TOKEN.finditer(folded.text, a, len(folded.text) if b is None else b):
        x, y = m.span()
        start, end = folded.span(x, y)
        out.append(Token(x, y, start, end, m.group(), m.lastgroup or "mark"))
    return out


@lru_cache(maxsize=100_000)
def splits(form: str) -> tuple[Split, ...]:
    """All readings of a folded word by proclitics, the whole word first: (و|ف)(ب|ك|ل|س)?(ال)? with لل read as ل+ال. ال stays with the stem."""
    out = [Split(0, "", form)]

    def after(skip: int, clitics: str, conj: bool) -> None:
        rest = form[skip:]
        if len(rest) < 3:
            return
        if conj and rest[0] in "وف":
            out.append(Split(skip + 1, clitics + rest[0], rest[1:]))
            after(skip + 1, clitics + rest[0], False)
        if rest.startswith("لل"):
            out.append(Split(skip + 1, clitics + "ل", "ا" + rest[1:]))
        if rest[0] in "بكلس":
            out.append(Split(skip + 1, clitics + rest[0], rest[1:]))

    after(0, "", True)
    return tuple(out)


_SUFFIXES = ("كما", "هما", "كم", "كن", "هم", "هن", "ها", "نا", "ني", "ه", "ك", "ي")


@lru_cache(maxsize=100_000)
def without_pronoun(stem: str) -> tuple[tuple[str, str], ...]:
    """Readings of a stem with an object or possessive pronoun: (stem, pronoun); a ta before the pronoun becomes the folded ta marbuta again."""
    out = []
    for suffix in _SUFFIXES:
        if stem.endswith(suffix) and len(stem) - len(suffix) >= 2:
            base = stem[: -len(suffix)]
            out.append((base, suffix))
            if base.endswith("ت") and len(base) > 2:
                out.append((base[:-1] + "ه", suffix))
    return tuple(out)

"""Light stems for search: clitics, article and the commonest endings off, nothing else (after Larkey, Ballesteros and Connell, Light Stemming for
Arabic Information Retrieval, 2007: the affixes of light10 on our folded forms, with the accusative and the plurals of nisbas)."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from musnad.grammar.folding import Folded
from musnad.grammar.tokens import Token, tokenize

_BEFORE = ("وبال", "وكال", "فبال", "ولل", "وال", "بال", "كال", "فال", "لل", "ال")
_AFTER = ("هما", "تين", "يين", "يون", "يات", "ها", "ان", "ات", "ون", "ين", "يه", "ته", "هم", "نا", "يا", "ه", "ي", "ا")
_SHORTEST = 3


@lru_cache(maxsize=200_000)
def stem(form: str) -> str:
    """The light stem of a folded word; words that would become shorter than three letters stay as they are."""
    for prefix in _BEFORE:
        if form.startswith(prefix) and len(form) - len(prefix) >= _SHORTEST:
            return _cut(form[len(prefix) :])
    if form.startswith("و") and len(form) > _SHORTEST and _cut(form) not in _waw_stems():
        return _cut(form[1:])
    return _cut(form)


def _cut(word: str) -> str:
    for suffix in _AFTER:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST:
            return word[: -len(suffix)]
    return word


@cache
def _waw_stems() -> frozenset[str]:
    lines = (Path(__file__).parent.parent / "arabic" / "search" / "waw_stems.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def stems(text: str) -> list[tuple[str, Token]]:
    """The search terms of a text, in order, each with its token: stems of words, numbers and Latin words as they are."""
    return [(stem(t.form) if t.kind == "word" else t.form, t) for t in tokenize(Folded(text)) if t.kind in ("word", "number", "latin")]

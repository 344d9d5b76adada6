"""The forms of an Arabic nisba adjective (عراقي, كردي, كوري جنوبي): gender, number, case, with and without the article."""

from __future__ import annotations

from musnad.grammar.folding import fold

_WITH_OR_WITHOUT = ("ي", "يه", "يون", "يين", "يات", "يان", "يتان", "يتين")
_WITHOUT = ("يا", "يو", "يي", "يتا", "يتي")


def forms_of(base: str) -> tuple[str, ...]:
    """All folded forms of a masculine singular nisba, itself first.

    Of two words that end in ي ("كوري جنوبي") both are inflected; of others ("جنوب أفريقي") the last is, and the article stands before
    either. A word that doesn't end in ي comes back alone and with ال.
    """
    words = fold(base).split(" ")
    if len(words) == 1:
        return (*_bare(words[0]), *_with_article(words[0]))
    if len(words) == 2 and words[0].endswith("ي") and words[1].endswith("ي"):
        return tuple(f"{a} {b}" for forms in (_bare, _with_article) for a, b in zip(forms(words[0]), forms(words[1]), strict=True))
    before = " ".join(words[:-1])
    bare, defined = _bare(words[-1]), _with_article(words[-1])
    return (*(f"{before} {w}" for w in (*bare, *defined)), *(f"ال{before} {w}" for w in bare))


def _bare(word: str) -> tuple[str, ...]:
    return tuple(word[:-1] + ending for ending in (*_WITH_OR_WITHOUT, *_WITHOUT)) if word.endswith("ي") else (word,)


def _with_article(word: str) -> tuple[str, ...]:
    return tuple("ال" + word[:-1] + ending for ending in _WITH_OR_WITHOUT) if word.endswith("ي") else ("ال" + word,)

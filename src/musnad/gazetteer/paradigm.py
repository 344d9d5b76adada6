"""The forms of an Arabic nisba adjective (عراقي, كردي, شيعي): gender, number, case, with and without the article."""

from __future__ import annotations

from musnad.grammar.folding import fold

_WITH_OR_WITHOUT = ("ي", "يه", "يون", "يين", "يات", "يان", "يتان", "يتين")
_WITHOUT = ("يا", "يو", "يي", "يتا", "يتي")


def forms_of(base: str) -> tuple[str, ...]:
    """All folded forms of a masculine singular nisba ("عراقي"), itself first; a word that doesn't end in ي comes back alone and with ال."""
    word = fold(base)
    word = word[2:] if word.startswith("ال") and len(word) > 5 else word
    if not word.endswith("ي"):
        return (word, "ال" + word)
    stem = word[:-1]
    article = "ال" + stem
    return (*(stem + e for e in _WITH_OR_WITHOUT), *(stem + e for e in _WITHOUT), *(article + e for e in _WITH_OR_WITHOUT))

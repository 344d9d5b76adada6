"""How names vary in Arabic spelling: skeletons that foreign names share however they are transliterated."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import JaroWinkler

from musnad.grammar.folding import fold
from musnad.grammar.lexicon import read_tsv

_ALIKE = str.maketrans(
    {"ث": "ت", "ذ": "د", "ظ": "ض", "غ": "ج", "ق": "ك", "ط": "ت", "ص": "س", "ض": "د", "ح": "ه", "ء": None, "ئ": "ي", "ؤ": "و"}
)
_VOWELS = str.maketrans("", "", "اويه")
_LINKS = frozenset(("بن", "ابن", "بنت", "ال", "دي", "دو", "لو", "لا", "فان", "فون", "ديل", "دا", "بو"))


@lru_cache(maxsize=200_000)
def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name, articles off, عبد and أبو joined to what follows, hyphens as spaces."""
    words = [w for w in fold(name).replace("-", " ").replace("'", "").split() if w]
    out: list[str] = []
    i = 0
    while i < len(words):
        word = words[i]
        if word in ("عبد", "ابو", "ابي", "ام") and i + 1 < len(words):
            word, i = ("ابو" if word == "ابي" else word) + words[i + 1].removeprefix("ال"), i + 1
        elif word.startswith("عبدال"):
            word = "عبد" + word[5:]
        elif word.startswith("ال") and len(word) > 4:
            word = word[2:]
        out.append(word)
        i += 1
    return tuple(out)


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """A word's consonants as ears confuse them: لودريان and لودريون, غوتيريش and جوتيريش, فرنسوا and فرانسوا are one. At least its first letter stays."""
    flat = word.translate(_ALIKE)
    bones = flat[:1] + flat[1:].translate(_VOWELS)
    out = "".join(c for i, c in enumerate(bones) if not i or bones[i - 1] != c)
    return out or word


@lru_cache(maxsize=200_000)
def joined_skeleton(name: str) -> str:
    """The skeleton of a whole name without its spaces: لو دريان and لودريان are one."""
    return skeleton("".join(name_words(name)))


def alike(a: str, b: str) -> float:
    """How alike two words are, 0 to 1: 1 for the same word, at least 0.9 for the same skeleton, else Jaro-Winkler of the words. Two Arabic given names
    are one only letter by letter: a long vowel tells محمد from محمود and حسن from حسين."""
    if a == b:
        return 1.0
    names = _given_names()
    if a in names and b in names:
        return 1.0 if names[a] == names[b] else 0.5
    close = JaroWinkler.similarity(a, b)
    return max(0.9, close) if len(a) > 2 and len(b) > 2 and skeleton(a) == skeleton(b) and len(skeleton(a)) > 1 else min(close, 0.95)


def align(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[float, float, bool]:
    """How well the words of the shorter name are found, in order, among those of the longer: the mean and the least likeness of its best partners,
    and whether the two begin and end alike (a name in full and without its middle does, two kinsmen's don't)."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    short = tuple(w for w in short if w not in _LINKS) or short
    found: list[float] = []
    at = 0
    for word in short:
        best, where = 0.0, at
        for k in range(at, len(long)):
            likeness = alike(word, long[k])
            if likeness > best:
                best, where = likeness, k + 1
        found.append(best)
        at = where if best >= 0.8 else at
    if not found or not long:
        return 0.0, 0.0, False
    return sum(found) / len(found), min(found), alike(short[0], long[0]) >= 0.85 and alike(short[-1], long[-1]) >= 0.85


@cache
def _given_names() -> dict[str, str]:
    """Folded Arabic given name → the row of `words/given_names.tsv` that it stands in (a row holds one name's spellings)."""
    path = Path(__file__).parent.parent / "arabic" / "words" / "given_names.tsv"
    return {form: e.where for e in read_tsv(path) if "ar" in e.get("origin").split("|") for form in e.forms}


def is_given_name(word: str) -> bool:
    """True for a known Arabic given name."""
    return word in _given_names()

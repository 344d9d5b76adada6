"""Arabic names in Latin letters: by `words/given_names.tsv` where it has the part, else letter by letter.

    romanize("عبد الأمير الشمري")  # "Abdul Amir al-Shamri"

Newspapers' habit, not a scholar's scheme: no diacritics, al- with a hyphen, short vowels guessed. Known names have their English name
in the gazetteer; this is for the others.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from musnad.grammar.folding import Folded, fold

_NAMES = Path(__file__).parent / "arabic" / "words" / "given_names.tsv"
_CONSONANTS = {
    "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d",
    "ط": "t", "ظ": "z", "ع": "", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ء": "",
    "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ڤ": "v",
}  # fmt: skip
_WORDS = {
    "بن": "bin", "ابن": "ibn", "ابو": "Abu", "ابي": "Abi", "ال": "Al", "الله": "Allah", "عبد": "Abdul", "بنت": "bint", "ام": "Umm", "ولد": "Ould", "ابا": "Aba",
    "الدين": "al-Din", "و": "and", "دي": "de", "فان": "van", "فون": "von", "لا": "La", "لو": "Le", "دا": "da", "دو": "do",
}  # fmt: skip
_OPENINGS = (("او", "o"), ("ايو", "io"), ("اي", "i"), ("ا", "a"))


def romanize(name: str) -> str:
    """The name in Latin letters, its parts capitalised; Latin letters and digits stay as they are. An empty name gives an empty string."""
    words = name.split()
    out: list[str] = []
    n = 0
    while n < len(words):
        pair = _latin_of().get(fold(" ".join(words[n : n + 2]))) if n + 1 < len(words) else None
        after_servant = out and out[-1] == "Abdul"  # "Abdul Amir", without a second article
        out.append(pair or _word(words[n].removeprefix("ال") if after_servant and len(words[n]) > 4 else words[n]))
        n += 2 if pair else 1
    return " ".join(w for w in out if w)


def _word(word: str) -> str:
    folded = fold(word)
    if folded.isascii():
        return word
    if folded.startswith("عبدال") and len(folded) > 7:
        return f"Abdul {_word(word[word.index('ل') + 1 :])}"
    if folded in _WORDS:
        return _WORDS[folded]
    known = _latin_of().get(folded)
    if known:
        return known
    if "-" in word.strip("-"):
        return "-".join(_word(part) for part in word.split("-") if part)
    if folded.startswith("ال") and len(folded) > 4:
        rest = _latin_of().get(folded[2:]) or _letters(word[word.index("ل") + 1 :])
        return f"al-{rest}"
    return _letters(word)


@lru_cache(maxsize=1)
def _latin_of() -> dict[str, str]:
    """Latin spellings by folded form; an article is left to the word it stands before."""
    from musnad.grammar.lexicon import read_tsv

    out: dict[str, str] = {}
    for entry in read_tsv(_NAMES):
        if entry.get("latin"):
            for form in entry.forms:
                out.setdefault(form, entry.get("latin"))
    return out


def _letters(word: str) -> str:
    """One word letter by letter; between two consonants a short vowel: i after a long a (ناصر), else a."""
    plain = "".join(c if c in _CONSONANTS else Folded(c).text for c in word)
    sounds: list[tuple[str, bool]] = []
    for opening, latin in _OPENINGS:
        if plain.startswith(opening):
            sounds.append((latin, True))
            plain = plain[len(opening) :]
            break
    for n, c in enumerate(plain):
        before = sounds[-1] if sounds else ("", True)
        after = plain[n + 1 : n + 2]
        if c == "و":
            consonant = not sounds or before[1] or after == "ا"
            sounds.append(("w", False) if consonant else ("u", True))
        elif c == "ي":
            consonant = not sounds or after in ("ا", "و") or (before[1] and before[0] != "a" and bool(after))
            sounds.append(("y", False) if consonant else ("i", True))
        elif c in "اة" or (c == "ه" and not after and len(plain) > 2):
            sounds.append(("a", True) if c != "ه" or word.endswith("ة") else ("h", False))
        elif c in "ؤئ":
            sounds.append(("u" if c == "ؤ" else "i", True))
        elif c in _CONSONANTS:
            sounds.append((_CONSONANTS[c], False) if _CONSONANTS[c] else ("", False))
        elif not c.isspace():
            sounds.append((c, True))
    out: list[str] = []
    for n, (sound, vowel) in enumerate(sounds):
        if n and not vowel and not sounds[n - 1][1]:
            run, opens = _run(sounds, n)
            if n == len(sounds) - 1 or run % 2 == opens:
                out.append("i" if n > 1 and sounds[n - 2] == ("a", True) else "a")
        out.append(sound)
    text = "".join(out).replace("aaa", "aa")
    return text[:1].upper() + text[1:]


def _run(sounds: list[tuple[str, bool]], n: int) -> tuple[int, bool]:
    """How many consonants stand in a row right before n, and whether the word opens with them."""
    first = n
    while first > 0 and not sounds[first - 1][1]:
        first -= 1
    return n - first, first == 0

"""Right-to-left lines for terminals that don't order or join them: the Unicode Bidirectional Algorithm for one line, and Arabic letter forms.

Implemented from UAX #9 (rules P2 to L4) without explicit embeddings, overrides and isolates; direction marks (LRM, RLM, ALM) count, and no
invisible mark is given back. Letter forms come from the Unicode character database that Python has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from musnad.grammar.folding import INVISIBLE

_MIRRORED = {a: b for pair in ("()", "[]", "{}", "<>", "«»", "‹›", "≤≥", "⟦⟧") for a, b in ((pair[0], pair[1]), (pair[1], pair[0]))}
_OPEN = {"(": ")", "[": "]", "{": "}", "⟦": "⟧"}
_CLOSE = {b: a for a, b in _OPEN.items()}
_NEUTRAL = frozenset(("B", "S", "WS", "ON"))
_TRANSPARENT = "\u200e\u200f\u061c\u00ad"
_EXPLICIT = frozenset(("BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))


def visual(line: str, base: int = 1, shape: bool = True) -> str:
    """One line in the order in which its characters stand from left to right; `base` is the paragraph's level (1: right to left), `shape` joins Arabic letters."""
    if shape:
        line = join_letters(line)
    levels = resolve(line, base)
    return "".join(_mirror(line[i], levels[i]) for i in _marks_after_bases(line, _reorder(levels), levels) if line[i] not in INVISIBLE)


def resolve(line: str, base: int) -> list[int]:
    """The embedding level of every character (W1 to W7, N0 to N2, I1, I2, L1)."""
    original = [unicodedata.bidirectional(c) or "L" for c in line]
    types = _weak(original, "R" if base else "L")
    _brackets(line, types, base)
    _neutral(types, base)
    levels = []
    for t in types:
        if base % 2:
            levels.append(base + (t in ("L", "EN", "AN")))
        else:
            levels.append(base + {"R": 1, "AN": 2, "EN": 2}.get(t, 0))
    for i in range(len(line) - 1, -1, -1):
        if original[i] not in ("WS", "S", "B"):
            break
        levels[i] = base
    return levels


def _weak(original: Sequence[str], edge: str) -> list[str]:
    types = list(original)
    before = strong = edge
    for i, t in enumerate(types):
        if t == "NSM" or t in _EXPLICIT:
            t = types[i] = before
        if t == "EN" and strong == "AL":
            types[i] = "AN"
        elif t in ("L", "R", "AL"):
            strong = t
        before = types[i] if t != "AL" else "AL"
    types = ["R" if t == "AL" else t for t in types]
    for i in range(1, len(types) - 1):
        a, t, b = types[i - 1 : i + 2]
        if (t == "ES" and a == b == "EN") or (t == "CS" and a == b and a in ("EN", "AN")):
            types[i] = a
    i = 0
    while i < len(types):
        if types[i] == "ET":
            j = i
            while j < len(types) and types[j] == "ET":
                j += 1
            if (i and types[i - 1] == "EN") or (j < len(types) and types[j] == "EN"):
                types[i:j] = ["EN"] * (j - i)
            i = j
        else:
            i += 1
    types = ["ON" if t in ("ES", "ET", "CS") else t for t in types]
    strong = edge
    for i, t in enumerate(types):
        if t in ("L", "R"):
            strong = t
        elif t == "EN" and strong == "L":
            types[i] = "L"
    return types


def _brackets(line: str, types: list[str], base: int) -> None:
    """N0: a pair of brackets takes the direction of the line if it holds any of it, else that of the text before it."""
    ours = "R" if base else "L"
    opened: list[int] = []
    pairs = []
    for i, c in enumerate(line):
        if types[i] != "ON":
            continue
        if c in _OPEN and len(opened) < 63:
            opened.append(i)
        elif c in _CLOSE:
            for k in range(len(opened) - 1, -1, -1):
                if line[opened[k]] == _CLOSE[c]:
                    pairs.append((opened[k], i))
                    del opened[k:]
                    break
    for a, b in sorted(pairs):
        inside = {_strong(t) for t in types[a + 1 : b]} - {""}
        if ours in inside:
            types[a] = types[b] = ours
        elif inside:
            before = next((s for t in reversed(types[:a]) if (s := _strong(t))), ours)
            types[a] = types[b] = before if before in inside else ours


def _strong(t: str) -> str:
    return "R" if t in ("R", "EN", "AN") else "L" if t == "L" else ""


def _neutral(types: list[str], base: int) -> None:
    ours = "R" if base else "L"
    i = 0
    while i < len(types):
        if types[i] in _NEUTRAL:
            j = i
            while j < len(types) and types[j] in _NEUTRAL:
                j += 1
            before = _strong(types[i - 1]) if i else ours
            after = _strong(types[j]) if j < len(types) else ours
            types[i:j] = [before if before == after else ours] * (j - i)
            i = j
        else:
            i += 1


def _reorder(levels: Sequence[int]) -> list[int]:
    """L2: from the highest level down to the lowest odd one, reverse every run at that level or above."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        i = 0
        while i < len(order):
            j = i
            while j < len(order) and levels[order[j]] >= level:
                j += 1
            if j > i:
                order[i:j] = order[i:j][::-1]
            i = j + 1
    return order


def _marks_after_bases(line: str, order: Sequence[int], levels: Sequence[int]) -> list[int]:
    """L3: combining marks of right-to-left text come to stand before their base by reordering; terminals want them after it."""
    out: list[int] = []
    held: list[int] = []
    for i in order:
        if levels[i] % 2 and unicodedata.combining(line[i]):
            held.append(i)
        else:
            out.append(i)
            out.extend(reversed(held))
            held = []
    return out + held


def _mirror(c: str, level: int) -> str:
    return _MIRRORED.get(c, c) if level % 2 else c


@cache
def _forms() -> tuple[dict[str, dict[str, str]], dict[tuple[str, str], str]]:
    """Letter → its presentation forms by name (isolated, final, initial, medial), and (lam alef, form) → ligature."""
    forms: dict[str, dict[str, str]] = {}
    ligatures: dict[tuple[str, str], str] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE80, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        plain = "".join(chr(int(x, 16)) for x in letters)
        name = kind.strip("<>")
        if name in ("isolated", "final", "initial", "medial"):
            if len(plain) == 1:
                forms.setdefault(plain, {}).setdefault(name, chr(code))
            elif len(plain) == 2 and plain[0] == "ل":
                ligatures[plain, name] = chr(code)
    forms["ـ"] = dict.fromkeys(("isolated", "final", "initial", "medial"), "ـ")
    return forms, ligatures


def join_letters(text: str) -> str:
    """The text, still in reading order, with Arabic letters in the forms that they take beside their neighbours."""
    forms, ligatures = _forms()
    letters = [i for i, c in enumerate(text) if not unicodedata.combining(c) and c not in _TRANSPARENT]
    out = list(text)
    joined = False
    skip = -1
    for n, i in enumerate(letters):
        c = text[i]
        if i == skip or c not in forms:
            joined = joined and i == skip
            continue
        follower = letters[n + 1] if n + 1 < len(letters) else -1
        if c == "ل" and follower == i + 1 and (c + text[follower], "isolated") in ligatures:
            out[i] = ligatures[c + text[follower], "final" if joined else "isolated"]
            out[follower] = ""
            skip, joined = follower, False
            continue
        on = "initial" in forms[c] and follower >= 0 and "final" in forms.get(text[follower], {})
        name = ("medial" if on else "final") if joined else ("initial" if on else "isolated")
        out[i] = forms[c].get(name, c)
        joined = on
    return "".join(out)

"""Double-encoded text: UTF-8 or Windows-1256 bytes that were once read in another encoding and written again."""

from __future__ import annotations

import re

_PASSES = 3
_LEAST = 3


def _characters(encoding: str) -> dict[str, int]:
    """Character to byte for a one-byte encoding; bytes that it leaves out stand for themselves."""
    out = {}
    for b in range(0x80, 0x100):
        try:
            out[bytes((b,)).decode(encoding)] = b
        except UnicodeDecodeError:
            out[chr(b)] = b
    return out


_LATIN = _characters("cp1252")
_WINDOWS = _characters("cp1256")
_LATIN_ALSO = {**{chr(b): b for b in range(0x80, 0x100)}, **_LATIN}


def _class(table: dict[str, int], low: int, high: int) -> str:
    return "[" + "".join(sorted(re.escape(c) for c, b in table.items() if low <= b <= high)) + "]"


def _utf8_pattern(table: dict[str, int]) -> str:
    """A regular expression for characters whose bytes are one UTF-8 character: Arabic and Latin-1 letters of two bytes, punctuation and Arabic forms of three."""
    tail = _class(table, 0x80, 0xBF)
    two = f"(?:{_class(table, 0xC2, 0xC6)}|{_class(table, 0xCB, 0xCB)})" + tail + "|" + _class(table, 0xD8, 0xDB) + tail
    three = (
        _class(table, 0xE2, 0xE2) + _class(table, 0x80, 0x84) + tail + "|" + _class(table, 0xEF, 0xEF) + _class(table, 0xAC, 0xBF) + tail
    )
    return f"(?:{two}|{three})"


_UTF8_AS_LATIN = re.compile(f"{_utf8_pattern(_LATIN_ALSO)}+")
_UTF8_AS_WINDOWS = re.compile(f"{_utf8_pattern(_WINDOWS)}+")
_ARABIC_AS_LATIN = re.compile(_class(_LATIN_ALSO, 0xD8, 0xDB) + _class(_LATIN_ALSO, 0x80, 0xBF))
_ARABIC_AS_WINDOWS = re.compile(f"(?:{_class(_WINDOWS, 0xD8, 0xDB)}{_class(_WINDOWS, 0x80, 0xBF)}){{3,}}")
_PLAIN_AFTER = frozenset("،؛؟«» “”‘’…–—\u00ad\u200c\u200d")
_WINDOWS_AS_LATIN = re.compile(r"[\u00a1\u00ba\u00bf\u00c0-\u00ff\u0152\u0153\u0192\u2021\u0178\u017d\u0160\u0161\u20ac]+")
_ARTICLE_AS_LATIN = re.compile("Çá|Ýí|ãä|Úáì")


def repair(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with double-encoded stretches read as they were meant, and what was done, in plain words. Sound stretches are left as they are. Linear."""
    done = 0
    for _ in range(_PASSES):
        count = 0
        if len(_ARABIC_AS_LATIN.findall(text)) >= _LEAST or "Ã˜" in text:
            text, count = _again(text, _UTF8_AS_LATIN, _LATIN_ALSO, False)
        if _ARABIC_AS_WINDOWS.search(text):
            text, more = _again(text, _UTF8_AS_WINDOWS, _WINDOWS, True)
            count += more
        if len(_ARTICLE_AS_LATIN.findall(text)) >= _LEAST:
            text, more = _WINDOWS_AS_LATIN.subn(_as_windows, text)
            count += more
        done += count
        if not count:
            break
    return text, (f"{done} double-encoded stretches were repaired",) if done else ()


def _again(text: str, pattern: re.Pattern[str], table: dict[str, int], careful: bool) -> tuple[str, int]:
    count = 0

    def read(m: re.Match[str]) -> str:
        nonlocal count
        if careful and len(m.group()) == 2 and m.group()[1] in _PLAIN_AFTER:
            return m.group()
        try:
            again = bytes(table[c] for c in m.group()).decode("utf-8")
        except UnicodeDecodeError:
            return m.group()
        count += 1
        return again

    return pattern.sub(read, text), count


def _as_windows(m: re.Match[str]) -> str:
    return bytes(_LATIN_ALSO[c] for c in m.group()).decode("cp1256", "replace")

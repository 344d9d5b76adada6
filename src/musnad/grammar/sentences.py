"""Sentences of newspaper Arabic: full stops, exclamation and question marks, `..`, line ends; never inside a number, an abbreviation or a short quotation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from musnad.grammar.quotes import Quote

_END = re.compile(r"[.!?؟…]+[\"'»”“)\]]*(?=\s|$|[\u0621-\u064a\"«“])|\n+")
_ABBREVIATION = re.compile(r"(?:^|[\s(«\"])(?:[\u0621-\u064a]|[A-Za-z]|ا\.د|اللواء|ص|ت|هـ?)\.?$")
_LETTERS_BEFORE = re.compile(r"(?:^|[^\u0621-\u064a])([\u0621-\u064a]{1,3})$")
_LETTERS_AFTER = re.compile(r"[\u0621-\u064a]{1,3}(?![\u0621-\u064a])")
_LONG_QUOTE = 400
_LONGEST = 2000
_PAUSE = re.compile(r"[،,؛;:]|\s")


class Sentence(NamedTuple):
    """A sentence `start`..`end` of the source, within the segment of number `segment`."""

    start: int
    end: int
    segment: int


def find_sentences(source: str, start: int, end: int, segment: int, quotes: Sequence[Quote]) -> list[Sentence]:
    """The sentences of one segment, in order, white space at their edges left out. A stop inside a closed quotation ends nothing unless the quotation is long.

    Text that goes on without a stop for longer than any sentence is cut at a pause, so that work within a sentence stays bounded on any input.
    """
    inside = [(q.outer_start, q.outer_end) for q in quotes if q.whole and q.end - q.start <= _LONG_QUOTE]
    out: list[Sentence] = []
    at, k = start, 0
    for m in _END.finditer(source, start, end):
        while k < len(inside) and inside[k][1] < m.end():
            k += 1
        mark = m.group()
        if mark[0] != "\n":
            if k < len(inside) and inside[k][0] < m.start() and m.end() < inside[k][1]:
                continue
            if mark[0] == "." and (
                _between_digits(source, m)
                or _between_initials(source, m)
                or (len(mark) == 1 and _ABBREVIATION.search(source, max(at, m.start() - 8), m.start()))
            ):
                continue
        out.extend(_trimmed(source, at, m.end(), segment))
        at = m.end()
    out.extend(_trimmed(source, at, end, segment))
    return out


def _between_digits(source: str, m: re.Match[str]) -> bool:
    return m.group() == "." and m.start() > 0 and source[m.start() - 1].isdigit() and source[m.end() : m.end() + 1].isdigit()


def _between_initials(source: str, m: re.Match[str]) -> bool:
    """True for a stop between letters spelt out: سي.بي.إس."""
    before = _LETTERS_BEFORE.search(source, max(0, m.start() - 4), m.start()) if m.group() == "." else None
    after = _LETTERS_AFTER.match(source, m.end()) if before else None
    return (
        before is not None
        and after is not None
        and (source[max(0, before.start(1) - 1)] in ".(" or source[after.end() : after.end() + 1] == ".")
    )


def _trimmed(source: str, start: int, end: int, segment: int) -> Iterator[Sentence]:
    while start < end:
        stop = end if end - start <= _LONGEST else _pause(source, start + _LONGEST // 2, start + _LONGEST)
        a, b = _inner(source, start, stop)
        if b > a:
            yield Sentence(a, b, segment)
        start = stop


def _pause(source: str, start: int, end: int) -> int:
    """The end of the first pause in the range, best a comma or colon; its end where there is none."""
    first = 0
    for m in _PAUSE.finditer(source, start, end):
        if not m.group().isspace():
            return m.end()
        first = first or m.end()
    return first or end


def _inner(source: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its edges."""
    while start < end and source[start].isspace():
        start += 1
    while end > start and source[end - 1].isspace():
        end -= 1
    return start, end

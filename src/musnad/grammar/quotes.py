"""Quotation marks of all kinds, paired as well as a newspaper allows: nested, mixed, missing ones."""

from __future__ import annotations

import re
from typing import NamedTuple

_OPEN = {"«": "»", "“": "”", "„": "”", "‹": "›", "<<": ">>"}
_CLOSE = {"»": "«", "”": "“", "›": "‹", ">>": "<<"}
_MARKS = re.compile(r"""<<|>>|''|[«»“”„‟"＂‹›]|(?<![\w'’])[‘'](?=\w)|(?<=[\w.،!؟])[’'](?!\w)""")
_LONGEST = 3000


class Quote(NamedTuple):
    """A quotation: `start`..`end` in the source without its marks, `outer_start`..`outer_end` with them; `whole` is False where a mark is missing."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    whole: bool


def find_quotes(source: str, start: int, end: int) -> list[Quote]:
    """The outermost quotations of the source range, in order.

    Straight marks are told open from close by the white space around them. A mark that isn't closed in its paragraph ends with it, and a closing
    mark without an opening one is left alone: whoever reads the cue before it decides. Runs in time linear in the range.
    """
    out: list[Quote] = []
    line = start
    while line <= end:
        stop = source.find("\n", line, end)
        stop = end if stop < 0 else stop
        out.extend(_in_line(source, line, stop))
        line = stop + 1
    return out


def _opens(source: str, m: re.Match[str], depth: int) -> bool:
    mark = m.group()
    if mark in _OPEN:
        return True
    if mark in _CLOSE:
        # A lone ” or » before a word with no quotation open is a mark typed the wrong way round.
        return depth == 0 and _faces_word(source, m.end()) and not _faces_word(source, m.start() - 1)
    if depth == 0:
        return not (m.start() > 0 and _faces_word(source, m.start() - 1) and not _faces_word(source, m.end()))
    return not _faces_word(source, m.start() - 1) and _faces_word(source, m.end()) and source[m.start() - 1 : m.start()] not in ".،,!؟?…"


def _faces_word(source: str, i: int) -> bool:
    return 0 <= i < len(source) and not source[i].isspace() and source[i] not in ".،,؛:!؟?()[]…-–—"


def _in_line(source: str, start: int, end: int) -> list[Quote]:
    out: list[Quote] = []
    opened: re.Match[str] | None = None
    inner = 0
    for m in _MARKS.finditer(source, start, end):
        if opened is None:
            if _opens(source, m, 0):
                opened, inner = m, 0
            continue
        if m.group() in _OPEN and _OPEN.get(opened.group()):
            inner += 1
        elif m.group() not in _OPEN or opened.group() not in _OPEN:
            if inner:
                inner -= 1
            elif opened.group() in ('"', "''", "＂") and m.group() == opened.group() and _opens(source, m, 1):
                left = source.count(m.group(), m.end(), min(end, m.end() + _LONGEST))
                if left % 2:
                    # The rest pairs up without this mark's help: the quotation before it was never closed.
                    out.append(_quote(source, opened, m.start(), m.start(), False))
                    opened = m
                elif left:
                    inner += 1
                else:
                    out.append(_quote(source, opened, m.start(), m.end(), True))
                    opened = None
            else:
                out.append(_quote(source, opened, m.start(), m.end(), True))
                opened = None
    if opened is not None and end - opened.end() > 1:
        stop = min(end, opened.end() + _LONGEST)
        out.append(_quote(source, opened, stop, stop, False))
    return out


def _quote(source: str, opened: re.Match[str], stop: int, outer_end: int, whole: bool) -> Quote:
    a, b = opened.end(), stop
    while a < b and source[a].isspace():
        a += 1
    while b > a and source[b - 1].isspace():
        b -= 1
    return Quote(a, b, opened.start(), outer_end, whole)

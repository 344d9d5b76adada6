"""Words of the record with what matters in them marked: safe, isolated, and found quickly."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import msgspec
from markupsafe import Markup, escape

from musnad.grammar.folding import fold
from musnad.store.search import highlights, parse
from musnad.web.desk import Desk
from musnad.web.wording import harmless, iso

_BEFORE, _AFTER = 90, 230
"""Letters of a snippet before its first hit and after it."""
_AROUND = 320
"""Letters of a sentence that are shown on either side of what is marked."""


class _Segment(msgspec.Struct):
    text: str
    kind: str = "body"


class _Report(msgspec.Struct):
    segments: list[_Segment]


class _Line(msgspec.Struct):
    report: _Report


_decoder = msgspec.json.Decoder(_Line)


def marked(text: str | None, ranges: Sequence[Sequence[int]]) -> Markup:
    """Text, isolated, with its ranges (in order, not overlapping) marked."""
    if not text:
        return Markup("")
    out, at = [], 0
    for start, end in ranges:
        out += [escape(harmless(text[at:start])), Markup("<mark>{}</mark>").format(harmless(text[start:end]))]
        at = end
    return Markup('<bdi dir="auto">{}</bdi>').format(Markup("").join([*out, escape(harmless(text[at:]))]))


def evidence(sentence: str | None, words: str | None) -> Markup:
    """A sentence with the words that prove the line marked, cut where it is very long."""
    if not sentence:
        return iso(words)
    at = sentence.find(words) if words else -1
    if not words or at < 0:
        return iso(_cut(sentence, 0, 2 * _AROUND))
    start, end = max(0, at - _AROUND), min(len(sentence), at + len(words) + _AROUND)
    shown = ("… " if start else "") + sentence[start:end] + (" …" if end < len(sentence) else "")
    place = at - start + (2 if start else 0)
    return marked(shown, [(place, place + len(words))])


def snippet(line: bytes, query: str) -> tuple[str, list[tuple[int, int]]]:
    """A piece of a report's text around the first place that the query meets, and what it meets there; else how the text begins.

    A stem stands in the folded text of each word that has it: it is looked for there first, and only what is around it is taken apart.
    """
    segments = [s.text for s in _decoder.decode(zlib.decompress(line)).report.segments if s.kind != "title"]
    wanted = sorted({t.stems[0] for t in parse(query) if t.wanted}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, wanted)))
    for text in segments:
        folded = fold(text)
        for n, m in enumerate(pattern.finditer(folded)):
            if n >= 12:
                break
            piece = _cut(text, max(0, m.start() - _BEFORE), m.end() + _AFTER + len(text) - len(folded))
            if marks := highlights(piece, query):
                return piece, marks
    return (_cut(segments[0], 0, _BEFORE + _AFTER), []) if segments else ("", [])


def _cut(text: str, start: int, end: int) -> str:
    """A piece of a text between whole words, with … where something is left out."""
    if start:
        start = text.find(" ", start) + 1 or start
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start else end
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


Desk.templates.filters.update(evidence=evidence, harmless=harmless, marked=marked)

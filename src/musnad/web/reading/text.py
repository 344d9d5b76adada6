"""A report's text under its marks, as HTML in which every letter can be found again in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from musnad.export.marks import Piece, paragraphs
from musnad.record.kinds import Line
from musnad.web.wording import harmless

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_TAGS = {"title": "h2", "subhead": "h3"}


def text_html(source: str, line: Line) -> Markup:
    """The kept text, a paragraph a line, the first title as `h1`. Every piece is an element whose `data-start` is the code point of the source at which
    it begins, and its text is the source's, code point for code point (those that would do harm replaced by one visible character each). Pieces under
    marks have class `x` and the marks' own, `data-r` with the ids of their cards, and `data-stop` where a mark with a colour begins."""
    return Markup("\n".join(_paragraphs(source, line)))


def _paragraphs(source: str, line: Line) -> Iterator[str]:
    titled = False
    for kind, pieces in paragraphs(source, line):
        tag = _TAGS.get(kind, "p")
        if kind == "title" and not titled:
            tag, titled = "h1", True
        name = ' id="report-title"' if tag == "h1" else ""
        yield f'<{tag}{name} class="{kind}" dir="{direction(pieces)}">{"".join(map(_piece, pieces))}</{tag}>'


def direction(pieces: Sequence[Piece]) -> str:
    """The direction of a paragraph: an Arabic one may well begin with a Latin word."""
    return "rtl" if any(_RIGHT_TO_LEFT.search(p.text) for p in pieces) else "ltr"


def _piece(piece: Piece) -> str:
    text = escape(harmless(piece.text))
    if piece.start < 0:
        return str(text)
    if not piece.marks:
        return f'<span data-start="{piece.start}">{text}</span>'
    stop = " data-stop" if any(m.classes and m.start == piece.start for m in piece.marks) else ""
    named = piece.classes
    classes = f' class="x {named}"' if named else ""
    return f'<span{classes} data-start="{piece.start}" data-r="{escape(piece.cards)}"{stop}>{text}</span>'

"""The form of a name by which namesakes are known: folded, without marks, the article whole."""

from __future__ import annotations

import re

from musnad.document import Document

MARKS = re.compile(r"[\"'#()\[\]«».،\-]+")


def folded_name(doc: Document, start: int, end: int) -> str:
    """The folded form of a name's range without quotation marks, hashes and line ends; the article that a ل before it has cut is whole again."""
    form = " ".join(MARKS.sub(" ", doc.text.fold_of(start, end)).split())
    return f"ا{form}" if form.startswith("ل") and doc.source[start - 1 : start] == "ل" else form

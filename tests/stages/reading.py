"""Times and figures of a bare text, for the tests of both stages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from musnad.document import Document
from musnad.grammar.folding import Folded
from musnad.grammar.selfcheck import unmark
from musnad.grammar.text import Text
from musnad.record.kinds import Published, Report, Segment
from musnad.stages import figures, times
from musnad.tools import Tools, load

GOLDEN = Path(__file__).parent.parent / "golden"


@cache
def tools() -> Tools:
    return load(model=False)


def read(text: str, published: str | None = None) -> Document:
    """The text as one body segment, with its times and figures added (so their evidence has been checked)."""
    segments = (Segment(start=0, end=len(text), text=text, kind="body"),) if text else ()
    stated = Published(date=published, basis="stated") if published else None
    report = Report(id="test", page="test", part=0, sha256="", published=stated, segments=segments)
    doc = Document(text, report, Text(Folded(text), segments, tools().lexicon))
    doc.add("times", times.find(doc, tools()))
    doc.add("figures", figures.find(doc, tools()))
    return doc


def golden(layer: str) -> list[Any]:
    """(plain text, expected spans, publication day, the case) of every golden case."""
    out = []
    for path in sorted((GOLDEN / layer).glob("*.yaml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            for case in group["cases"]:
                text, spans = unmark(case["text"])
                out.append((text, spans, group.get("published"), case))
    return out

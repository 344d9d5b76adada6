"""The ordered table of stages and the one loop that runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from musnad.document import Document
from musnad.grammar.folding import Folded
from musnad.grammar.text import Text
from musnad.ingest.cleaning import find_reports
from musnad.ingest.page import Page
from musnad.record.kinds import LAYERS, Found
from musnad.stages import commitments, coreference, events, figures, names, places, statements, times
from musnad.tools import Tools


class Stage(NamedTuple):
    """A row of the table: what it reads and writes are layers of the document."""

    name: str
    find: Callable[[Document, Tools], Iterator[Found]]
    reads: tuple[str, ...]
    writes: tuple[str, ...]


STAGES = (
    Stage("times", times.find, (), ("times",)),
    Stage("figures", figures.find, ("times",), ("figures",)),
    Stage("names", names.find, (), ("mentions",)),
    Stage("coreference", coreference.find, ("mentions",), ("mentions", "entities")),
    Stage("places", places.find, ("mentions", "entities"), ("entities",)),
    Stage("statements", statements.find, ("mentions", "entities", "times"), ("statements",)),
    Stage("events", events.find, ("mentions", "entities", "times", "figures", "statements"), ("events",)),
    Stage("commitments", commitments.find, ("mentions", "entities", "times", "statements", "events"), ("commitments",)),
)

_LAYER_OF = {kind: name for name, kind in LAYERS.items()}


def run(doc: Document, tools: Tools) -> Document:
    """Run every stage over the document. A stage that fails leaves its reason in `report.problems`; the other stages go on."""
    for stage in STAGES:
        found: dict[str, list[Found]] = {}
        for record in stage.find(doc, tools):
            layer = _LAYER_OF[type(record)]
            if layer not in stage.writes:
                raise TypeError(f"stage {stage.name} doesn't write {layer}")
            found.setdefault(layer, []).append(record)
        for layer, records in found.items():
            doc.add(layer, records)
    return doc


def read_page(page: Page, tools: Tools) -> list[Document]:
    """The documents of one page, one a report."""
    folded = Folded(page.source)
    return [
        run(Document(page.source, report, Text(folded, report.segments, tools.lexicon)), tools)
        for report in find_reports(page, folded, tools)
    ]

"""The ordered table of stages and the one loop that runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from musnad.document import Document
from musnad.grammar.folding import Folded
from musnad.grammar.text import Text
from musnad.ingest.cleaning import find_reports
from musnad.ingest.page import Page
from musnad.record.kinds import LAYERS, Found, Published, Report, Segment
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
    """Run the model, then every stage over the document. What fails leaves its reason in `report.problems`; the rest goes on."""
    try:
        doc.tagging = tools.tagger.tag(doc.text) if tools.tagger else None
    except Exception as error:
        problem = f"the model failed, the rules read alone: {type(error).__name__}: {error}"
        doc.report = replace(doc.report, problems=(*doc.report.problems, problem))
    for stage in STAGES:
        try:
            run_stage(stage, doc, tools)
        except Exception as error:
            problem = f"stage {stage.name} failed, its records are missing: {type(error).__name__}: {error}"
            doc.report = replace(doc.report, problems=(*doc.report.problems, problem))
    return doc


def run_stage(stage: Stage, doc: Document, tools: Tools) -> None:
    """Run one stage over the document. Raises whatever the stage raises, BadRecord for a record without evidence."""
    found: dict[str, list[Found]] = {}
    for record in stage.find(doc, tools):
        layer = _LAYER_OF[type(record)]
        if layer not in stage.writes:
            raise TypeError(f"stage {stage.name} doesn't write {layer}")
        found.setdefault(layer, []).append(record)
    for layer, records in found.items():
        doc.add(layer, records)


def read_page(page: Page, tools: Tools) -> list[Document]:
    """The documents of one page, one a report."""
    folded = Folded(page.source)
    return [
        run(Document(page.source, report, Text(folded, report.segments, tools.lexicon)), tools)
        for report in find_reports(page, folded, tools)
    ]


def read_layer(text: str, published: str | None, layer: str, tools: Tools) -> tuple[Found, ...]:
    """The records of one layer in a text taken as one body, by the stages that it needs and no others. Raises what a stage raises."""
    needed, stages = {layer}, []
    for stage in reversed(STAGES):
        if needed.intersection(stage.writes):
            needed.update(stage.reads)
            stages.append(stage)
    body = (Segment(start=0, end=len(text), text=text, kind="body"),) if text else ()
    day = Published(date=published, basis="metadata") if published else None
    doc = Document(
        text, Report(id="r0", page="text", part=0, sha256="", published=day, segments=body), Text(Folded(text), body, tools.lexicon)
    )
    for stage in reversed(stages):
        run_stage(stage, doc, tools)
    return doc.layer(layer)

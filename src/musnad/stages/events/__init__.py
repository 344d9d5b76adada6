"""Stage: events. Who did what to whom, where and when, coded by PLOVER; as a plan, a fact or a denial.

Trigger candidates come from the word lists (`triggers`), what is made of them from log-linear weights in arabic/weights/events.tsv over readable
features (`features`, `roles`, `days`), fitted by training/fit_events.py; `decide` is the table in which the model's guesses join in.
"""

from __future__ import annotations

from collections.abc import Iterator

from musnad.document import Document
from musnad.grammar.loglinear import models_of
from musnad.record.kinds import Event
from musnad.stages.events.reading import events_of
from musnad.tools import ARABIC, Tools


def find(doc: Document, tools: Tools) -> Iterator[Event]:
    """The events of the report, in text order."""
    return events_of(doc, tools, models_of("events", (ARABIC, *tools.folders)))

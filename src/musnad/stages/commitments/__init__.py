"""Stage: commitments. Who binds himself to what, to whom, by when, on what condition: pledges, agreements, schedules, promises not to act.

Anchors are words that bind, future verbs and events told as due (`anchors`); every stretch that may be the thing promised is weighed by
log-linear weights in arabic/weights/commitments.tsv over readable features (`weighing`), fitted by training/fit_commitments.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from musnad.document import Document
from musnad.grammar.loglinear import models_of
from musnad.record.kinds import Commitment
from musnad.stages.commitments.weighing import commitments_of
from musnad.tools import ARABIC, Tools


def find(doc: Document, tools: Tools) -> Iterator[Commitment]:
    """The commitments of the report, in text order."""
    return commitments_of(doc, tools, models_of("commitments", (ARABIC, *tools.folders)))

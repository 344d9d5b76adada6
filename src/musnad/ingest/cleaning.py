"""From a page to its reports: what is kept and dropped, titles, stamps, outlets."""

from __future__ import annotations

from collections.abc import Sequence

from musnad.grammar.folding import Folded
from musnad.ingest.page import Page
from musnad.record.ids import make_id
from musnad.record.kinds import Named, Published, Report, Segment
from musnad.tools import Tools


def find_reports(page: Page, folded: Folded, tools: Tools) -> Sequence[Report]:
    """The reports of a page, in order, with their segments, dropped parts and heads."""
    kept = (Segment(start=0, end=len(page.source), text=page.source, kind="body"),) if page.source else ()
    return [
        Report(
            id=make_id(page.sha256, "report", 0),
            page=page.name,
            part=0,
            sha256=page.sha256,
            url=page.url,
            captured=page.captured,
            outlet=Named(name=page.outlet) if page.outlet else None,
            published=Published(date=page.published, basis="metadata") if page.published else None,
            segments=kept,
            problems=page.problems,
        )
    ]

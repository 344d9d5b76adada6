"""The ledger of figures: who counts how many of what, and whether they agree."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from musnad.store import matters
from musnad.store.filters import Row
from musnad.web.desk import DeskDep, WantedDep
from musnad.web.exploring import choices
from musnad.web.wording import harmless

router = APIRouter()
_SHOWN = 60
"""Of one line's figures, the latest that stand in the table."""


@router.get("/claims")
def claims(desk: DeskDep, wanted: WantedDep) -> Response:
    """The list: a line a subject and unit."""
    rows = matters.ledger(desk.store, wanted)
    asked = replace(wanted, limit=0, after=None)
    count, more = desk.store.kept(("page: claims", asked), lambda: matters.count_lines(desk.store, asked))
    return desk.page(
        "explore/claims.html",
        wanted=wanted,
        rows=rows,
        count=count,
        more=more,
        following=rows.after,
        units=choices.units(desk),
    )


@router.get("/claims/{id:path}")
def claim(desk: DeskDep, id: str) -> Response:
    """One line: its figures over time by source."""
    row = matters.line(desk.store, id)
    if row is None:
        raise HTTPException(404)
    return desk.page(
        "explore/claim.html",
        line=row,
        shown=_SHOWN,
        plotted=[_plotted(x) for x in row["figures"]],
        notes=[_note(x) for x in row["notes"]],
    )


def _plotted(figure: Row) -> Row:
    """A figure for ledger_plot.js."""
    return {
        "day": figure["published"],
        "low": figure["low"],
        "high": figure["high"],
        "bound": figure["bound"],
        "source": harmless(figure["outlet"] or figure["title"] or figure["key"]),
        "href": f"/reports/{figure['report']}?show={figure['id']}",
        "text": harmless(figure["text"]),
    }


def _note(note: str) -> Row:
    """A note on sums: which report, the sum, and whether it adds up."""
    report, _, rest = note.partition(": ")
    sum_, _, verdict = rest.rpartition(": ")
    return {"report": report, "sum": sum_, "fine": verdict == "adds up"}

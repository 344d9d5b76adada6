"""Search in the reports' words: what is found, where in the text, and in which outlets, years and kinds of events."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from musnad.record.errors import StoreError
from musnad.store import queries, views
from musnad.store.filters import Row
from musnad.web.desk import Desk, DeskDep, WantedDep
from musnad.web.exploring.marking import snippet
from musnad.web.giving import short

router = APIRouter()
_PAGE = 20
_FEW = 1000
"""In how many found reports kinds of events are counted."""


@router.get("/search")
def search(desk: DeskDep, wanted: WantedDep) -> Response:
    """Reports by full text."""
    if not wanted.query:
        return desk.page("explore/search.html", wanted=wanted, rows=None, refused=None)
    wanted = short(desk, wanted, _PAGE)
    try:
        count, more = desk.store.kept(("page: search", replace(wanted, after=None)), lambda: views.count_reports(desk.store, wanted))
    except StoreError as error:
        return desk.page("explore/search.html", 400, wanted=wanted, rows=None, refused=str(error))
    rows = queries.reports(desk.store, wanted)
    _cut_out(desk, rows, wanted.query or "")
    asked = replace(wanted, limit=0, after=None)
    facets = {
        "outlet": queries.facets(desk.store, asked, "outlet", 12),
        "year": sorted(queries.facets(desk.store, asked, "year", 30), reverse=True),
        "type": [] if more or count > _FEW else desk.store.kept(("page: types", asked), lambda: views.types_found(desk.store, asked)),
    }
    return desk.page(
        "explore/search.html", wanted=wanted, rows=rows, count=count, more=more, facets=facets, refused=None, following=rows.after
    )


def _cut_out(desk: Desk, rows: list[Row], query: str) -> None:
    """The pieces of the texts that the query meets."""
    lines = views.lines(desk.store, [row["id"] for row in rows])
    veil = views.veil(desk.store)
    for row in rows:
        text, marks = snippet(lines[row["id"]], query)
        row["piece"], row["marks_in_piece"] = veil(text), marks

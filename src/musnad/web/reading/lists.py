"""The list of reports."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import Response

from musnad.record.errors import StoreError
from musnad.store import queries, schema, views
from musnad.store.filters import Filter, reported
from musnad.store.search import matching
from musnad.store.store import Store
from musnad.web.desk import DeskDep, WantedDep
from musnad.web.exploring import choices
from musnad.web.exploring.marking import snippet

router = APIRouter()
_PAGE = 30
_OUTLETS, _YEARS = 14, 40
HELD = ("q", "outlet", "actor", "from", "to")
"""What of the list's address a report's page keeps, so that the next report is the next of that list."""


@router.get("/reports")
def reports(desk: DeskDep, wanted: WantedDep, request: Request) -> Response:
    """Reports, best first where words are asked for, else newest first."""
    if not request.query_params.get("limit"):
        wanted = replace(wanted, limit=_PAGE)
    outlets = choices.outlets(desk)
    try:
        rows = queries.reports(desk.store, wanted)
    except StoreError as error:
        return desk.page(
            "reports.html", 400, wanted=wanted, rows=[], count=0, more=False, facets={}, following=None, refused=str(error), outlets=outlets
        )
    asked = replace(wanted, limit=0, after=None)
    facets = {
        "outlet": queries.facets(desk.store, asked, "outlet", _OUTLETS),
        "year": sorted(queries.facets(desk.store, asked, "year", _YEARS), reverse=True),
    }
    count, more = desk.store.kept(("page: reports", asked), lambda: _how_many(desk.store, asked))
    if wanted.query:
        lines, veil = views.lines(desk.store, [row["id"] for row in rows]), views.veil(desk.store)
        for row in rows:
            text, ranges = snippet(lines[row["id"]], wanted.query)
            row["piece"], row["marks_in_piece"] = veil(text), ranges
    return desk.page(
        "reports.html",
        wanted=wanted,
        rows=rows,
        count=count,
        more=more,
        facets=facets,
        following=rows.after,
        refused=None,
        outlets=outlets,
    )


def _how_many(store: Store, wanted: Filter) -> tuple[int, bool]:
    """How many reports fit, counted up to a thousand."""
    r = schema.report.c
    query = sa.select(r.seq)
    if wanted.query:
        hits = matching(store.dialect, wanted.query)
        query = query.join_from(schema.report, hits, hits.c.seq == r.seq)
    return views.how_many(store, reported(store, query, wanted))

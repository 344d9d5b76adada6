"""What is said: statements with the chain that each came through, in order of time or speaker by speaker."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from musnad.store import people
from musnad.store.filters import Rows
from musnad.store.overview import counts
from musnad.web.desk import DeskDep, WantedDep
from musnad.web.exploring import choices
from musnad.web.giving import short

router = APIRouter()
_ROWS = 30


@router.get("/statements")
def statements(desk: DeskDep, wanted: WantedDep, request: Request) -> Response:
    """The list; with `by=speaker`, who speaks how often."""
    grouped = request.query_params.get("by") == "speaker"
    asked = replace(wanted, limit=0, after=None)
    wanted = short(desk, wanted, _ROWS)
    rows = Rows() if grouped else people.statements_page(desk.store, wanted)
    return desk.page(
        "explore/statements.html",
        wanted=wanted,
        rows=rows,
        speakers=desk.store.kept(("page: speakers", asked), lambda: people.speakers(desk.store, asked)) if grouped else [],
        grouped=grouped,
        newest=people.SPOKEN if grouped and counts(desk.store)["statements"] > people.SPOKEN else None,
        following=rows.after,
        acts=choices.coded("ACTS", desk.lang),
        outlets=choices.outlets(desk),
    )

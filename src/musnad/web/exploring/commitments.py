"""Commitments as a board held against a day, and one of them step by step."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from musnad.store import matters, queries
from musnad.store.filters import Row
from musnad.web.desk import DeskDep, WantedDep
from musnad.web.exploring import choices
from musnad.web.giving import on_day

router = APIRouter()
_CARDS = 20
"""Cards of a column; the column alone shows the rest."""
_STEPS = 60
"""The latest steps of a matter that its page shows."""


@router.get("/commitments")
def board(desk: DeskDep, wanted: WantedDep) -> Response:
    """The board; with `status`, one column of it as a list."""
    on = on_day(desk)
    found: dict[str, Row] = {}
    after = None
    if wanted.status:
        rows = matters.matters(desk.store, wanted, on)
        found[wanted.status] = {"rows": rows, "count": None}
        after = rows.after
    else:
        found = matters.board(desk.store, wanted, on, _CARDS)
    return desk.page(
        "explore/commitments.html",
        wanted=wanted,
        on=on,
        columns=found,
        counted=matters.COLUMNS,
        total=sum(len(column["rows"]) for column in found.values()),
        board_columns=[(column, choices.words_for(desk.lang, "column", column)) for column in matters.COLUMNS],
        following=after,
    )


@router.get("/commitments/{id}")
def commitment(desk: DeskDep, id: str) -> Response:
    """One matter: each step with its evidence."""
    on = on_day(desk)
    row = matters.matter(desk.store, id)
    if row is None:
        raise HTTPException(404)
    row = matters.matters_by_id(desk.store, [row["id"]], on)[0]
    steps = queries.steps(desk.store, row["steps"][-_STEPS:])
    return desk.page(
        "explore/commitment.html",
        matter=row,
        steps=steps,
        left_out=len(row["steps"]) - len(steps),
        on=on,
        today=date.today().isoformat(),
    )

"""The record at a glance, and its lists."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from musnad.store import queries
from musnad.web.desk import DeskDep, WantedDep

router = APIRouter(include_in_schema=False)


@router.get("/")
def overview(desk: DeskDep, wanted: WantedDep) -> Response:
    """What is in the record."""
    return desk.page("overview.html", counts=desk.store.counts(), reports=queries.reports(desk.store, wanted))

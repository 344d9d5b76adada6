"""Families of copied reports."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from musnad.record.errors import StoreError
from musnad.store import matters
from musnad.store.cursors import FIRST
from musnad.web.desk import DeskDep, WantedDep
from musnad.web.exploring import choices
from musnad.web.giving import short

router = APIRouter()
KINDS = ("copy", "excerpt", "update")
_FAMILIES = 20


@router.get("/lineage")
def lineage(desk: DeskDep, wanted: WantedDep) -> Response:
    """The list, biggest first."""
    if wanted.after and wanted.after.startswith(FIRST):
        raise StoreError("this cursor isn't one of this list: leave `after` out to begin anew")
    wanted = short(desk, wanted, _FAMILIES)
    rows = desk.store.kept(("page: families", wanted), lambda: matters.families(desk.store, wanted))
    return desk.page(
        "explore/lineage.html",
        wanted=wanted,
        rows=rows,
        following=rows.after,
        kinds=[(kind, choices.words_for(desk.lang, "lineage", kind)) for kind in KINDS],
        outlets=choices.outlets(desk),
    )

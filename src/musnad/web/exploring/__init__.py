"""Exploring the record: the overview, search, and the lists with their single things, each at an address that can be shared."""

from __future__ import annotations

from fastapi import APIRouter

from musnad.web.exploring import about, actors, claims, commitments, events, lineage, overview, search, statements, taking

router = APIRouter(include_in_schema=False)
for _part in (taking, overview, search, events, actors, statements, commitments, claims, lineage, about):
    router.include_router(_part.router)

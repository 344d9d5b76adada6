"""Reading: the list of reports, and the page of one, with its text under marks and its cards beside it."""

from __future__ import annotations

from fastapi import APIRouter

from musnad.web.reading import lists, report

router = APIRouter(include_in_schema=False)
for _part in (lists, report):
    router.include_router(_part.router)

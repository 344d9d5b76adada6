"""Checking the record: the queue, an item's page, actors and events that are one or two, batches coded blind, agreement, gold."""

from fastapi import APIRouter

from musnad.web.reviewing import batching, measuring, merging, queue, saying

__all__ = ("router", "saying")
router = APIRouter()
for part in (queue, merging, batching, measuring):
    router.include_router(part.router)

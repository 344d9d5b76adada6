"""The live feed: what comes in, as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from musnad.web.api.answering import PROBLEMS, problems
from musnad.web.desk import DeskDep
from musnad.web.live import feed_of, parse

router = APIRouter(tags=["reading"], responses={**problems(401, 422), 429: {**PROBLEMS[400], "description": "Too many streams are open."}})
_BEAT = 15.0
_LASTS = 900.0
"""A stream ends after a quarter of an hour; browsers come back by themselves, and are asked anew who they are."""


@router.get(
    "/live",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "Messages `report`, `happening`, `contested`, `more`.",
        },
    },
)
async def live(
    request: Request,
    desk: DeskDep,
    last: Annotated[
        str | None, Header(alias="Last-Event-ID", max_length=40, description="The id of the last message that was read.")
    ] = None,
) -> StreamingResponse:
    """What comes in, as it comes (server-sent events): `report` for each new report, `happening` for each happening that is new or has changed, `contested` for
    one whose tellings disagree, `more` where it is too many to tell one by one. `Last-Event-ID` goes on from there. At most five streams a user."""
    feed = feed_of(request.app)
    listener = feed.join(desk.user.name, asyncio.get_running_loop())
    if listener is None:
        raise HTTPException(429, "too many streams are open: close one, or wait a moment", {"Retry-After": "15"})

    async def stream() -> AsyncIterator[bytes]:
        try:
            await run_in_threadpool(feed.begin, listener, parse(last))
            yield f"retry: 3000\nid: {listener.place}\nevent: hello\ndata: {{}}\n\n".encode()
            ends = listener.loop.time() + _LASTS
            while listener.loop.time() < ends:
                try:
                    messages = await asyncio.wait_for(listener.queue.get(), _BEAT)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if messages is None:
                    return
                yield b"".join(map(bytes, messages))
        finally:
            feed.leave(listener)

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

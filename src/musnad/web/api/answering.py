"""How the API answers: what is unchanged isn't sent again, lists come in pages with a cursor, and what is asked is checked."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable, Mapping
from datetime import date
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from fastapi import Depends, HTTPException, Path, Query, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import AfterValidator, Field

from musnad import __version__
from musnad.store.cursors import FIRST
from musnad.store.filters import Row, Rows
from musnad.store.store import LAGGING
from musnad.web.api.shapes import Problem
from musnad.web.desk import Desk, DeskDep

MOST = 500
_SOUND = r"^[^\x00]*$"
PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "It can't be done; the answer says why."},
    401: {"model": Problem, "description": "Nobody is signed in."},
    403: {"model": Problem, "description": "Not allowed for this account."},
    404: {"model": Problem, "description": "There is no such thing in the record."},
    422: {"model": Problem, "description": "The request is written wrongly; the answer says where."},
}


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The problems that an operation may have."""
    return {code: PROBLEMS[code] for code in codes}


class _Unchanged(Exception):
    """The client has this already."""


class Route(APIRoute):
    """An operation whose answer carries an ETag where `fresh` made one, and is 304 where the client shows the same. An answer that lags behind the record
    gets none."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            lagging: list[Hashable] = []
            token = LAGGING.set(lagging)
            try:
                response = await handle(request)
            except _Unchanged:
                response = Response(status_code=304)
            finally:
                LAGGING.reset(token)
            tag = getattr(request.state, "etag", None)
            if tag and not lagging and response.status_code in (200, 304):
                response.headers["ETag"] = tag
                response.headers["Vary"] = "Authorization, Cookie"
            return response

        return answered


def fresh(request: Request, desk: DeskDep) -> Desk:
    """The desk, where the answer can be another one than the client has: the record's mark is read before anything else, so an answer is never older than
    its tag. It holds for one reader and one day: some answers depend on who asks, and when."""
    said = "\x1f".join((desk.store.mark(), desk.user.name, desk.user.role, date.today().isoformat(), __version__))
    request.state.etag = tag = f'W/"{sha256(said.encode()).hexdigest()[:24]}"'
    shown = [t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")]
    if tag.removeprefix("W/") in shown:
        raise _Unchanged
    return desk


FreshDep = Annotated[Desk, Depends(fresh)]


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A value as JSON."""
    return Response(msgspec.json.encode(value), status, headers, "application/json")


def listed(request: Request, rows: list[Row], after: str | None) -> Response:
    """A page of a list, with the address of the next in the header `Link`."""
    headers = {}
    if after:
        query = [(k, v) for k, v in request.query_params.multi_items() if k != "after"]
        headers["Link"] = f'<{request.url.path}?{urlencode([*query, ("after", after)])}>; rel="next"'
    return answer({"items": rows, "next": after}, headers=headers)


def page_of(request: Request, rows: Rows) -> Response:
    """A page of a list that was asked for with `start`."""
    return listed(request, rows, rows.after)


def start(after: str | None) -> str:
    """The cursor to ask with: of the first page, where none is given. Raises HTTPException for a number of rows, which isn't true for long."""
    if after is not None and not after.startswith(FIRST):
        raise HTTPException(400, "that is no cursor: take `next` of the page before, or leave `after` out")
    return after or FIRST


def found(row: Row | None) -> Row:
    """The row; raises HTTPException (404) where there is none."""
    if row is None:
        raise HTTPException(404)
    return row


def _real_day(value: str) -> str:
    try:
        if date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise ValueError("a day is written as 2014-09-22")


def _text(name: str, meaning: str, *examples: str, most: int = 300) -> Any:
    return Query(
        alias=name, description=meaning, max_length=most, pattern=_SOUND, openapi_examples={e: {"value": e} for e in examples} or None
    )


DayText = Annotated[str, Field(json_schema_extra={"format": "date"}), AfterValidator(_real_day)]
SearchQ = Annotated[str | None, _text("q", 'Words in any of their forms, "phrases", -exclusions, OR.', '"وزير الدفاع" -تدريب', most=500)]
NameQ = Annotated[str | None, _text("q", "A name or part of one, in Arabic or English.", "لودريان")]
ActorQ = Annotated[str | None, _text("actor", "An actor's id, or a name (Arabic or English, any spelling known).", "فرنسا", "Macron")]
PlaceQ = Annotated[str | None, _text("place", "A place's id, or its name or part of it.", "بغداد")]
CountryQ = Annotated[
    str | None, Query(alias="place", description="A country's code.", pattern="^[A-Za-z]{3}$", openapi_examples={"Iraq": {"value": "IRQ"}})
]
OutletQ = Annotated[str | None, _text("outlet", "Only what this outlet tells.")]
FromQ = Annotated[DayText | None, Query(alias="from", description="First day, as 2014-09-22.")]
ToQ = Annotated[DayText | None, Query(alias="to", description="Last day.")]
OnQ = Annotated[DayText | None, Query(alias="on", description="How things stand on this day.")]
SourcesQ = Annotated[int, Query(alias="sources", ge=0, le=10_000, description="At least so many independent sources.")]
LimitQ = Annotated[int, Query(ge=1, le=MOST, description="At most so many items.")]
AfterQ = Annotated[str | None, _text("after", "The cursor of a page: `next` of the page before.", most=2000)]
IdP = Annotated[str, Path(description="Its id.", pattern=r"^[^\x00/]{1,100}$", openapi_examples={"an id": {"value": "v9dd57a2762e84119"}})]
ClaimP = Annotated[str, Path(description="Its id: what is counted, and the unit.", pattern=r"^[^\x00]{1,2000}$")]

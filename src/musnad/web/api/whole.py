"""The record from above: what is new, contested and due, and happenings counted by day, place and pair of actors."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from musnad import __version__
from musnad.record.kinds import EventType, Status
from musnad.store import queries, watched
from musnad.store.filters import Filter
from musnad.web.api import shapes_desk
from musnad.web.api.answering import (
    ActorQ,
    FreshDep,
    FromQ,
    OnQ,
    OutletQ,
    PlaceQ,
    Route,
    SearchQ,
    SourcesQ,
    ToQ,
    answer,
    problems,
)  # fmt: skip
from musnad.web.desk import DeskDep

router = APIRouter(route_class=Route, responses=problems(400, 401, 422))
TypeQ = Annotated[EventType | None, Query(alias="type", description="PLOVER's type.")]
StatusQ = Annotated[Status | Literal["contested"] | None, Query(alias="status", description="Its status, or that its tellings disagree.")]


def _happenings(
    q: SearchQ = None,
    type: TypeQ = None,
    actor: ActorQ = None,
    place: PlaceQ = None,
    since: FromQ = None,
    until: ToQ = None,
    status: StatusQ = None,
    outlet: OutletQ = None,
    sources: SourcesQ = 0,
) -> Filter:
    return Filter(query=q, type=type, actor=actor, place=place, since=since, until=until, status=status, outlet=outlet, sources=sources)


HappeningsDep = Annotated[Filter, Depends(_happenings)]


@router.get("/overview", tags=["overview"], response_model=shapes_desk.Overview)
def overview(desk: FreshDep, on: OnQ = None) -> Response:
    """The record at a glance on a day (today where none is given): counts, the newest reports, what is contested, what falls due within thirty days."""
    return answer(queries.overview(desk.store, on))


@router.get("/timeline", tags=["events"], response_model=list[shapes_desk.DayCount])
def timeline(desk: FreshDep, wanted: HappeningsDep) -> Response:
    """How many of the happenings that fit there are by day and type, oldest first."""
    return answer(queries.by_day(desk.store, wanted))


@router.get("/map", tags=["events"], response_model=list[shapes_desk.Point])
def map_points(
    desk: FreshDep, wanted: HappeningsDep, limit: Annotated[int, Query(ge=1, le=5000, description="At most so many points.")] = 2000
) -> Response:
    """The happenings that fit and whose place has coordinates (degrees, WGS 84), newest first."""
    return answer(queries.points(desk.store, wanted, limit))


@router.get("/network", tags=["actors"], response_model=shapes_desk.Network)
def network(
    desk: FreshDep, wanted: HappeningsDep, limit: Annotated[int, Query(ge=1, le=500, description="At most so many pairs.")] = 60
) -> Response:
    """Who deals with whom in the happenings that fit: pairs of actors, the busiest first, counted by quad class."""
    return answer(queries.dealings(desk.store, wanted, limit))


@router.get("/failures", tags=["reading"], response_model=list[shapes_desk.FailureRow])
def failures(desk: FreshDep) -> Response:
    """The pages that couldn't be read or fetched, with the reason, and how often they were tried."""
    return answer(desk.store.failures())


@router.get("/watched", tags=["reading"], response_model=list[shapes_desk.Watched])
def watched_sources(desk: FreshDep) -> Response:
    """The feeds and folders that `musnad watch` follows for this record."""
    return answer([{k: getattr(s, k) for k in ("source", "problem", "tries", "due")} for s in watched.sources(desk.store)])


@router.get("/me", tags=["account"], response_model=shapes_desk.Me)
def me(desk: DeskDep) -> Response:
    """Who asks, and what they may do."""
    return answer({"name": desk.user.name, "role": desk.user.role})


@router.get("/health", tags=["account"], response_model=shapes_desk.Health)
def health() -> Response:
    """That the desk is up; nobody needs to be signed in."""
    return answer({"status": "ok", "version": __version__})

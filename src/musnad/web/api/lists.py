"""What the record says: reports, happenings, actors, statements, commitments, claims, copies, each as a list and one by one."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from musnad.record.kinds import Act, EventType, MentionType, Stance, Status
from musnad.store import matters, people, queries, schema, views
from musnad.store.corrections import corrected_line
from musnad.store.filters import Filter, Row, Rows, rows_of
from musnad.store.redaction import veil_for
from musnad.store.store import Store
from musnad.web.api import shapes, shapes_desk
from musnad.web.api.answering import (
    ActorQ,
    AfterQ,
    ClaimP,
    CountryQ,
    FreshDep,
    FromQ,
    IdP,
    LimitQ,
    NameQ,
    OnQ,
    OutletQ,
    PlaceQ,
    Route,
    SearchQ,
    SourcesQ,
    ToQ,
    answer,
    found,
    listed,
    page_of,
    problems,
    start,
)  # fmt: skip

router = APIRouter(route_class=Route, responses=problems(400, 401, 422))


@router.get("/reports", tags=["reports"], response_model=shapes.Page[shapes.Found])
def reports(
    request: Request,
    desk: FreshDep,
    q: SearchQ = None,
    actor: ActorQ = None,
    since: FromQ = None,
    until: ToQ = None,
    outlet: OutletQ = None,
    limit: LimitQ = 50,
    after: AfterQ = None,
) -> Response:
    """Reports: with `q` those that the search meets, best first; else all, newest first."""
    wanted = Filter(query=q, actor=actor, since=since, until=until, outlet=outlet, limit=limit, after=start(after))
    rows = queries.reports(desk.store, wanted)
    for row in rows:
        row.pop("seq", None)
    return page_of(request, rows)


@router.get("/search", tags=["reports"], response_model=shapes.Page[shapes.Found])
def search(
    request: Request,
    desk: FreshDep,
    q: Annotated[
        str,
        Query(description='Words in any of their forms, "phrases", -exclusions, OR.', min_length=1, max_length=500, pattern=r"^[^\x00]*$"),
    ],
    actor: ActorQ = None,
    since: FromQ = None,
    until: ToQ = None,
    outlet: OutletQ = None,
    limit: LimitQ = 50,
    after: AfterQ = None,
) -> Response:
    """Search the reports: every form of a word is met (clitics, article, number, spelling), best first."""
    return reports(request, desk, q, actor, since, until, outlet, limit, after)


@router.get("/facets", tags=["reports"], response_model=list[shapes_desk.Counted])
def facets(
    desk: FreshDep,
    of: Annotated[Literal["outlet", "year"], Query(description="What to count by.")] = "outlet",
    q: SearchQ = None,
    actor: ActorQ = None,
    since: FromQ = None,
    until: ToQ = None,
    outlet: OutletQ = None,
) -> Response:
    """How many of the reports that fit there are of each outlet or year, the most frequent first; what is asked of that column itself doesn't narrow them."""
    counted = queries.facets(desk.store, Filter(query=q, actor=actor, since=since, until=until, outlet=outlet), of)
    return answer([{"value": value, "count": n} for value, n in counted])


@router.get("/reports/{id}", tags=["reports"], response_model=shapes.ReportWhole, responses=problems(404))
def report(desk: FreshDep, id: IdP) -> Response:
    """One report: its line (the record's own JSON, as people left it), and the source text that all offsets count in, in code points."""
    r, p = schema.report.c, schema.page.c
    row = _one(desk.store, sa.select(r.id, r.key, r.title, r.outlet, r.republisher, r.published, r.url).where(r.id == id))
    page = _one(
        desk.store,
        sa.select(p.sha256, p.name, p.url, p.captured, p.problems, p.reader, p.added, p.source)
        .join_from(schema.report, schema.page, p.sha256 == r.page)
        .where(r.id == id),
    )
    line = veil_for(desk.store)(msgspec.to_builtins(corrected_line(desk.store, id)))
    return answer({"report": row, "line": line, "source": page.pop("source"), "page": page})


@router.get("/reports/{id}/family", tags=["reports"], response_model=list[shapes.InFamily], responses=problems(404))
def family(desk: FreshDep, id: IdP) -> Response:
    """The copies that a report is one of, itself among them, oldest first; nothing where it has none."""
    _one(desk.store, sa.select(schema.report.c.id).where(schema.report.c.id == id))
    return answer(queries.family(desk.store, id))


@router.get("/events", tags=["events"], response_model=shapes.Page[shapes.EventRow])
def events(
    request: Request,
    desk: FreshDep,
    q: SearchQ = None,
    type: Annotated[EventType | None, Query(description="PLOVER's type.")] = None,
    actor: ActorQ = None,
    place: PlaceQ = None,
    since: FromQ = None,
    until: ToQ = None,
    status: Annotated[Status | Literal["contested"] | None, Query(description="Its status, or that its tellings disagree.")] = None,
    outlet: OutletQ = None,
    sources: SourcesQ = 0,
    sort: Annotated[
        Literal["day", "oldest", "sources", "tellings", "doubt"], Query(description="The order: newest first, …, least certain first.")
    ] = "day",
    limit: LimitQ = 50,
    after: AfterQ = None,
) -> Response:
    """Happenings: events merged across sentences and reports, with how many independent sources tell each."""
    wanted = Filter(
        query=q, type=type, actor=actor, place=place, since=since, until=until, status=status, outlet=outlet, sources=sources, limit=limit,
        after=start(after),
    )  # fmt: skip
    return page_of(request, _rows(views.happenings_page(desk.store, wanted, sort)))


@router.get("/events/{id}", tags=["events"], response_model=shapes.EventWhole, responses=problems(404))
def event(desk: FreshDep, id: IdP) -> Response:
    """One happening with the events that it was merged from, oldest report first, each with the chain that it came through. The id of any of them will do."""
    row = found(views.happening(desk.store, id))
    return answer({"event": row, "tellings": queries.tellings(desk.store, row["id"])})


@router.get("/actors", tags=["actors"], response_model=shapes.Page[shapes.ActorRow])
def actors(
    request: Request,
    desk: FreshDep,
    q: NameQ = None,
    type: Annotated[MentionType | None, Query(description="Person, organisation, place, people.")] = None,
    place: CountryQ = None,
    limit: LimitQ = 50,
    after: AfterQ = None,
) -> Response:
    """People, organisations, places and peoples over all reports, most often named first."""
    return page_of(request, queries.actors(desk.store, Filter(query=q, type=type, place=place, limit=limit, after=start(after))))


@router.get("/actors/{id}", tags=["actors"], response_model=shapes.ActorWhole, responses=problems(404))
def actor(desk: FreshDep, id: IdP) -> Response:
    """One actor with the offices that reports give them. What they did, said and promised: the other lists with `actor` this id."""
    row = found(queries.actor(desk.store, id))
    return answer({"actor": row, "offices": queries.actor_offices(desk.store, id)})


@router.get("/statements", tags=["statements"], response_model=shapes.Page[shapes.StatementRow])
def statements(
    request: Request,
    desk: FreshDep,
    q: SearchQ = None,
    type: Annotated[Act | None, Query(description="The act: say, deny, promise …")] = None,
    actor: ActorQ = None,
    since: FromQ = None,
    until: ToQ = None,
    outlet: OutletQ = None,
    limit: LimitQ = 50,
    after: AfterQ = None,
) -> Response:
    """Who said what, and through whom it reached us, newest report first. `actor` is the speaker."""
    wanted = Filter(query=q, type=type, actor=actor, since=since, until=until, outlet=outlet, limit=limit, after=start(after))
    return page_of(request, queries.statements(desk.store, wanted))


@router.get("/speakers", tags=["statements"], response_model=list[shapes_desk.Speaker])
def speakers(
    desk: FreshDep,
    q: SearchQ = None,
    type: Annotated[Act | None, Query(description="The act: say, deny, promise …")] = None,
    since: FromQ = None,
    until: ToQ = None,
    outlet: OutletQ = None,
    limit: LimitQ = 50,
) -> Response:
    """Who speaks in the newest statements that fit, oftenest first, with how many of each act."""
    wanted = Filter(query=q, type=type, since=since, until=until, outlet=outlet)
    keys = shapes_desk.Speaker.model_fields
    return answer([{k: row[k] for k in keys} for row in people.speakers(desk.store, wanted, limit)])


@router.get("/commitments", tags=["commitments"], response_model=shapes.Page[shapes.MatterRow])
def commitments(
    request: Request,
    desk: FreshDep,
    q: SearchQ = None,
    actor: ActorQ = None,
    status: Annotated[Stance | Literal["overdue"] | None, Query(description="How it stands; overdue needs `on`.")] = None,
    since: FromQ = None,
    until: ToQ = None,
    on: OnQ = None,
    limit: LimitQ = 50,
    after: AfterQ = None,
) -> Response:
    """Commitments followed over time, by deadline. With `on`, those whose deadline has passed by that day without an end are overdue."""
    wanted = Filter(query=q, actor=actor, status=status, since=since, until=until, limit=limit, after=start(after))
    return page_of(request, queries.commitments(desk.store, wanted, on))


@router.get("/commitments/{id}", tags=["commitments"], response_model=shapes.MatterWhole, responses=problems(404))
def commitment(desk: FreshDep, id: IdP, on: OnQ = None) -> Response:
    """One matter with all its steps, oldest report first. The id of any of them will do."""
    row = found(matters.matter(desk.store, id))
    if on and row["deadline_to"] and row["deadline_to"] < on and row["state"] not in ("fulfilled", "withdrawn"):
        row["state"] = "overdue"
    return answer({"commitment": row, "steps": queries.steps(desk.store, row["steps"])})


@router.get("/claims", tags=["claims"], response_model=shapes.Page[shapes.LedgerRow])
def claims(
    request: Request,
    desk: FreshDep,
    type: Annotated[str | None, Query(description="The unit that is counted.", max_length=100, pattern=r"^[^\x00]*$")] = None,
    actor: ActorQ = None,
    status: Annotated[Literal["contested"] | None, Query(description="Only lines that no single value satisfies.")] = None,
    sources: SourcesQ = 0,
    limit: LimitQ = 50,
    after: AfterQ = None,
) -> Response:
    """The ledger of figures: who claims which number of the same thing, most independent sources first."""
    wanted = Filter(type=type, actor=actor, status=status, sources=sources, limit=limit, after=start(after))
    rows = _rows(matters.ledger(desk.store, wanted))
    return listed(request, [_line(row, shapes.LedgerRow) for row in rows], rows.after)


@router.get("/claims/{id:path}", tags=["claims"], response_model=shapes.LedgerWhole, responses=problems(404))
def claim(desk: FreshDep, id: ClaimP) -> Response:
    """One line of the ledger with its figures, oldest report first."""
    return answer(_line(found(matters.line(desk.store, id)), shapes.LedgerWhole))


@router.get("/lineage", tags=["reports"], response_model=shapes.Page[shapes.Copy])
def lineage(
    request: Request,
    desk: FreshDep,
    type: Annotated[Literal["copy", "excerpt", "update"] | None, Query(description="How the two are related.")] = None,
    limit: LimitQ = 50,
    after: AfterQ = None,
) -> Response:
    """Pairs of copied reports by the keys that the input gave, and which one is the original, surest first."""
    return page_of(request, queries.lineage(desk.store, Filter(type=type, limit=limit, after=start(after))))


def _one(store: Store, query: sa.Select[tuple[object, ...]]) -> Row:
    return found(next(iter(rows_of(store, query)), None))


def _line(row: Row, shape: type[shapes.LedgerRow]) -> Row:
    """A line of the ledger with what its shape says: the pages ask for more."""
    about = row["happening"] and {k: row["happening"][k] for k in shapes.About.model_fields}
    return {k: row[k] for k in shape.model_fields} | {"happening": about}


def _rows(rows: list[Row]) -> Rows:
    assert isinstance(rows, Rows)  # a page of a list knows its next
    return rows

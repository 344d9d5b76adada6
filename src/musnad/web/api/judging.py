"""What people decide: the queue of what nobody has looked at, judgements and their undoing, agreement, and corrected pages as gold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Body, HTTPException, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from musnad.export.gold import gold_pages
from musnad.record.errors import StoreError
from musnad.record.kinds import LAYERS
from musnad.resolve import acts
from musnad.store import batches, review, sayable, schema
from musnad.store.filters import Filter, page, rows_of
from musnad.web.api import shapes, shapes_desk
from musnad.web.api.answering import (
    ActorQ,
    AfterQ,
    FreshDep,
    FromQ,
    LimitQ,
    OutletQ,
    Route,
    ToQ,
    answer,
    found,
    listed,
    page_of,
    problems,
    start,
)
from musnad.web.desk import CoderDep, Desk

router = APIRouter(route_class=Route, tags=["review"], responses=problems(400, 401, 422))

Layer = Literal["mentions", "entities", "times", "figures", "statements", "events", "commitments"]
Paired = Literal["entities", "events", "commitments", "reports"]


def _changes(value: dict[str, Any]) -> dict[str, Any]:
    try:
        return sayable.changes(value)
    except StoreError as error:
        raise ValueError(str(error)) from error


Text = Annotated[str, Field(max_length=400, min_length=1, pattern=r"^[^\x00]+$")]
Why = Annotated[str | None, Field(max_length=4000, pattern=r"^[^\x00]*$", description="The reason, for the audit log.")]
Value = Annotated[dict[str, Any], AfterValidator(_changes)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Verdict(_Said):
    """An item of a report is right, or it isn't."""

    verdict: Literal["accept", "reject"]
    report: Text
    layer: Layer
    item: Text
    why: Why = None


class Correction(_Said):
    """What changes of an item, as in the record's JSON; spans are checked against the source."""

    verdict: Literal["correct"]
    report: Text
    layer: Layer
    item: Text
    after: Annotated[Value, Field(min_length=1, examples=[{"status": "planned"}])]
    why: Why = None


class Addition(_Said):
    """An item that the machine missed, as in the record's JSON (without id, found_by and confidence)."""

    verdict: Literal["add"]
    report: Text
    layer: Layer
    value: Value
    why: Why = None


class Pair(_Said):
    """Two items are the same, or they aren't: entities or actors, events, commitments, reports (copies)."""

    verdict: Literal["same", "different"]
    layer: Paired
    item: Text
    other: Text
    why: Why = None


class Comment(_Said):
    verdict: Literal["comment"]
    layer: Text
    item: Text
    report: Text | None = None
    why: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*\S[^\x00]*$", description="What is said.")]


Judgement = Annotated[Verdict | Correction | Addition | Pair | Comment, Body(discriminator="verdict")]
NumberP = Annotated[int, Path(ge=1, le=2**31 - 1, description="The judgement's id.")]


@router.get("/queue", response_model=shapes.Page[shapes_desk.Queued])
def queue(
    request: Request,
    desk: FreshDep,
    layer: Annotated[
        Literal["events", "statements", "commitments", "figures", "entities"], Query(description="Of what; entities: pairs of them.")
    ] = "events",
    type: Annotated[
        str | None,
        Query(
            description="An event's type, a statement's act, a commitment's stance or a figure's unit.",
            max_length=100,
            pattern=r"^[^\x00]*$",
        ),
    ] = None,
    actor: ActorQ = None,
    since: FromQ = None,
    until: ToQ = None,
    status: Annotated[str | None, Query(description="An event's status.", max_length=40, pattern=r"^[^\x00]*$")] = None,
    outlet: OutletQ = None,
    limit: LimitQ = 50,
    after: AfterQ = None,
) -> Response:
    """What you haven't judged yet, least certain first. What an open batch holds is left to its coders."""
    wanted = Filter(type=type, actor=actor, since=since, until=until, status=status, outlet=outlet, limit=limit, after=after)
    rows = review.queue(desk.store, desk.user.name, layer, wanted)
    keys = shapes_desk.Queued.model_fields
    return listed(request, [{k: row.get(k) for k in keys} for row in rows], rows.after)


@router.get("/judgements", response_model=shapes.Page[shapes_desk.JudgementRow])
def judgements(
    request: Request,
    desk: FreshDep,
    item: Annotated[str | None, Query(description="Only those about this item.", max_length=400, pattern=r"^[^\x00]*$")] = None,
    report: Annotated[
        str | None, Query(description="Only those about items of this report.", max_length=400, pattern=r"^[^\x00]*$")
    ] = None,
    by: Annotated[str | None, Query(description="Only those by this person.", max_length=100, pattern=r"^[^\x00]*$")] = None,
    verdict: Annotated[
        Literal["accept", "reject", "correct", "add", "same", "different", "redact", "comment", "undo"] | None,
        Query(description="Only those that say this."),
    ] = None,
    layer: Annotated[str | None, Query(description="Only those of this layer.", max_length=40, pattern=r"^[^\x00]*$")] = None,
    limit: LimitQ = 50,
    after: AfterQ = None,
) -> Response:
    """The audit log: everything that was ever decided, newest first, undone or not."""
    j = schema.judgement.c
    query = _with_undone().order_by(j.id.desc())
    for column, value in ((j.report, report), (j.by, by), (j.verdict, verdict), (j.layer, layer)):
        query = query.where(column == value) if value else query
    if item:
        query = query.where(sa.or_(j.item == item, j.other == item))
    return page_of(request, page(desk.store, query, Filter(limit=limit, after=start(after))))


@router.get("/judgements/{id}", response_model=shapes_desk.JudgementRow, responses=problems(404))
def judgement(desk: FreshDep, id: NumberP) -> Response:
    """One judgement: who, when, what, before, after, why, and whether it was undone."""
    rows = rows_of(desk.store, _with_undone().where(schema.judgement.c.id == id))
    return answer(found(rows[0] if rows else None))


def _with_undone() -> sa.Select[Any]:
    j, u = schema.judgement, schema.judgement.alias("u")
    return sa.select(j, sa.exists().where(u.c.undoes == j.c.id).label("undone"))


@router.post("/judgements", status_code=201, response_model=shapes_desk.Judged, responses=problems(403))
def judge(desk: CoderDep, said: Judgement) -> Response:
    """Decide: accept, reject or correct an item, add one that was missed, say that two are the same or different, comment. All that follows from it is
    brought up to date at once. Coders may judge items; same and different is for editors."""
    by, item = desk.user.name, getattr(said, "item", "")
    match said:
        case Verdict():
            made = acts.correct(desk.store, by, said.report, said.layer, said.item, said.verdict, None, said.why)
        case Correction():
            made = acts.correct(desk.store, by, said.report, said.layer, said.item, said.verdict, said.after, said.why)
        case Addition():
            _whole_item(said)
            made, item = acts.add(desk.store, by, said.report, said.layer, said.value, said.why)
        case Pair():
            _editor(desk)
            made = acts.pair(desk.store, by, said.layer, said.item, said.other, said.verdict, said.why)
        case Comment():
            made = acts.comment(desk.store, by, said.layer, said.item, said.why, said.report)
    return answer({"id": made, "item": item}, 201, {"Location": f"/api/v1/judgements/{made}"})


@router.post("/judgements/{id}/undo", status_code=201, response_model=shapes_desk.Judged, responses=problems(403, 404))
def undo(desk: CoderDep, id: NumberP, why: Annotated[Why, Query()] = None) -> Response:
    """Take a judgement back, and everything that followed from it. Coders may undo their own, editors everybody's."""
    j = schema.judgement.c
    row = found(next(iter(rows_of(desk.store, sa.select(j.by, j.item, j.verdict).where(j.id == id))), None))
    if row["by"] != desk.user.name or row["verdict"] not in (*schema.OF_ITEMS, "comment"):
        _editor(desk)
    made = acts.undo(desk.store, id, desk.user.name, why)
    return answer({"id": made, "item": row["item"]}, 201, {"Location": f"/api/v1/judgements/{made}"})


@router.get("/batches", response_model=list[shapes_desk.Batch])
def all_batches(desk: FreshDep) -> Response:
    """The batches that several people code without seeing each other, newest first, and how far each has come. They are coded at the desk."""
    keys = shapes_desk.Batch.model_fields
    return answer([{k: row[k] for k in keys} for row in batches.batches(desk.store)])


@router.get("/agreement", response_model=list[shapes_desk.Agreed])
def agreement(desk: FreshDep) -> Response:
    """How far people agree who judged the same items, by layer."""
    keys = shapes_desk.Agreed.model_fields
    return answer([{k: getattr(a, k) for k in keys} for a in review.agreement(desk.store)])


@router.get(
    "/gold",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}, "description": "A page a line: name, text, gold."}
    },
)
def gold(
    desk: FreshDep,
    since: FromQ = None,
    until: ToQ = None,
    outlet: OutletQ = None,
    everything: Annotated[bool, Query(description="Also pages that nobody has judged.")] = False,
) -> Response:
    """Corrected pages as gold, ready for the scorer and for training: JSON lines with `name`, `text` and `gold` of each page of which people judged an item."""
    wanted = Filter(since=since, until=until, outlet=outlet)

    def lines() -> Iterator[bytes]:
        for name, text, made in gold_pages(desk.store, wanted, everything):
            yield msgspec.json.encode({"name": name, "text": text, "gold": made}) + b"\n"

    return StreamingResponse(
        lines(), media_type="application/x-ndjson", headers={"Content-Disposition": 'attachment; filename="musnad-gold.jsonl"'}
    )


def _editor(desk: Desk) -> None:
    if not desk.user.may("editor"):
        raise HTTPException(403, "errors.needs_editor")


def _whole_item(said: Addition) -> None:
    """Refuse what is no item of its layer, in words."""
    try:
        msgspec.convert({**said.value, "id": "", "found_by": "", "confidence": 1.0}, LAYERS[said.layer])
    except msgspec.ValidationError as error:
        raise HTTPException(422, f"that is no item of {said.layer}: {error}") from error

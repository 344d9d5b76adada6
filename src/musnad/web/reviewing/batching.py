"""Batches: made by an editor, coded blind by two people or more, settled by an editor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from musnad.record.errors import StoreError
from musnad.resolve import acts
from musnad.store import accounts, batches, review
from musnad.store.filters import Filter, Row
from musnad.store.queries import reports
from musnad.store.redaction import veil_for
from musnad.web.desk import CoderDep, Desk, DeskDep, EditorDep, NumberP, WantedDep
from musnad.web.exploring import choices
from musnad.web.reviewing.forms import EDITED, correction
from musnad.web.reviewing.items import item_at, show
from musnad.web.reviewing.queue import FormDep, offered, said

router = APIRouter()
_SHOWN = 8
"""Items that a coder sees at once."""


@router.get("/review/batches")
def listed(desk: DeskDep) -> Response:
    """All batches, and the form that makes one."""
    team = [a["name"] for a in accounts.accounts(desk.store) if not a["closed"] and a["role"] != "reader"] if desk.setting.team else []
    return desk.page(
        "review/batches.html",
        batches=batches.batches(desk.store),
        team=team,
        layers=tuple(review.TABLES),
        outlets=choices.outlets(desk),
    )


@router.post("/review/batches")
def make(desk: EditorDep, form: FormDep, wanted: WantedDep) -> Response:
    """A new batch: the least certain items, or all items of the newest reports that fit."""
    layers = [v for v in form.getlist("layers") if isinstance(v, str) and v in review.TABLES] or ["events"]
    coders = [*(v for v in form.getlist("coders") if isinstance(v, str)), *said(form, "names").replace("،", ",").split(",")]
    size = said(form, "size") or "50"
    if not size.isascii() or not size.isdigit() or not 0 < int(size) <= batches.LARGEST:
        raise StoreError(f"a batch holds 1 to {batches.LARGEST} items or reports")
    fits = replace(
        wanted,
        limit=int(size),
        after=None,
        since=said(form, "from") or None,
        until=said(form, "to") or None,
        outlet=said(form, "outlet") or None,
    )
    items = _of_reports(desk, fits, layers) if said(form, "what") == "reports" else _least_certain(desk, fits, layers)
    if not items:
        raise StoreError("nothing fits: take a condition away")
    id = batches.make_batch(desk.store, desk.user.name, said(form, "name", 120), items, coders)
    return RedirectResponse(f"/review/batches/{id}", 303)


def _least_certain(desk: Desk, wanted: Filter, layers: list[str]) -> list[tuple[str, str, str]]:
    rows = [(row["confidence"], layer, row["id"], row["report"]) for layer in layers for row in review.queue(desk.store, "", layer, wanted)]
    return [(layer, item, report) for _, layer, item, report in sorted(rows)[: wanted.limit]]


def _of_reports(desk: Desk, wanted: Filter, layers: list[str]) -> list[tuple[str, str, str]]:
    return batches.items_of_reports(desk.store, [row["id"] for row in reports(desk.store, wanted)], layers)


@router.get("/review/batches/{id}")
def one(desk: DeskDep, id: NumberP, again: int = 0) -> Response:
    """A batch: for its coders what they still have to judge (with `again` also what they have), for editors, once all are done, where they differ."""
    batch = _batch(desk, id)
    coder = desk.user.name in batch["coders"] and desk.user.may("coder") and not batch["closed"]
    items = []
    if coder and not (batch["complete"] and not again):
        rows = batches.to_code(desk.store, id, desk.user.name, _SHOWN if not again else 200, undone=not again)
        items = show(desk, [(row["layer"], row["id"], row["report"]) for row in rows], batch=id)
        said_of = {row["id"]: row["mine"] for row in rows}
        for x in items:
            x.coded = said_of[x.id]
    editor = desk.user.may("editor") and batch["complete"]
    rows = batches.compared(desk.store, id) if editor else []
    differing = [row for row in rows if not row["agreed"]]
    return desk.page(
        "review/batch.html",
        batch=batch,
        items=items,
        coder=coder,
        again=bool(again),
        agreed=len(rows) - len(differing),
        differing=_differing(desk, differing),
        agreement=review.agreement(desk.store, id) if editor or batch["closed"] else [],
        **offered(desk),
    )


def _batch(desk: Desk, id: int) -> Row:
    try:
        return batches.batch_of(desk.store, id)
    except StoreError as error:
        raise HTTPException(404) from error


def _differing(desk: Desk, rows: list[Row]) -> list[tuple[Row, Any]]:
    shown = {x.id: x for x in show(desk, [(row["layer"], row["id"], row["report"]) for row in rows])}
    return [(row, shown[row["id"]]) for row in rows if row["id"] in shown]


@router.post("/review/batches/{id}/code/{item}")
def code(desk: CoderDep, form: FormDep, id: NumberP, item: str) -> Response:
    """A coder's answer about an item of a batch."""
    verdict, after = said(form, "verdict"), None
    found = batches.to_code(desk.store, id, desk.user.name, undone=False, item=item)
    if not found:
        raise HTTPException(404)
    row = found[0]
    if verdict == "correct" and row["layer"] in EDITED:
        with desk.store.reading() as c:
            sheet, value = item_at(c, row["report"], row["layer"], item)
        after = correction(form, sheet, row["layer"], value, veil_for(desk.store))
    batches.code(desk.store, id, desk.user.name, item, verdict, after, said(form, "why") or None)
    if desk.request.headers.get("x-part") == "item":
        (x,) = show(desk, [(row["layer"], item, row["report"])], batch=id)
        x.coded = batches.to_code(desk.store, id, desk.user.name, undone=False, item=item)[0]["mine"]
        return desk.page("review/one.html", x=x, **offered(desk))
    return RedirectResponse(f"/review/batches/{id}", 303)


@router.post("/review/batches/{id}/settle")
def settle(desk: EditorDep, form: FormDep, id: NumberP) -> Response:
    """The editor's word where coders differ: field `d-ITEM` names the coder whose answer stands, or is `accept`, `reject` or `add`."""
    _batch(desk, id)
    decided: dict[str, tuple[str, dict[str, Any] | None]] = {}
    for row in batches.compared(desk.store, id):
        choice = said(form, f"d-{row['id']}", 200)
        answers = row["answers"]
        if choice.startswith("by:") and choice[3:] in answers:
            answer = answers[choice[3:]]
            decided[row["id"]] = answer["verdict"], answer["after"] if answer["verdict"] == "correct" else None
        elif choice in ("accept", "reject", "add"):
            decided[row["id"]] = choice, None

    acts.settle(desk.store, id, desk.user.name, decided)
    return RedirectResponse(f"/review/batches/{id}", 303)

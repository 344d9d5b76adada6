"""The queue, the page of one item, and what reviewers do to items: each act one request, with its effect shown at once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from musnad.codes import plover
from musnad.record.errors import StoreError
from musnad.record.kinds import LAYERS
from musnad.resolve import acts
from musnad.store import batches, review, schema
from musnad.store.filters import Row
from musnad.store.redaction import veil_for
from musnad.web.accounts import inside
from musnad.web.desk import CoderDep, Desk, DeskDep, NumberP, WantedDep
from musnad.web.exploring import choices
from musnad.web.reviewing.forms import EDITED, addition, correction
from musnad.web.reviewing.items import item_at, open_sheets, report_of, show, whole_text
from musnad.web.reviewing.sides import sides_of

router = APIRouter()
_SHOWN = 12
"""Items on one page of the queue."""
LAYERS_CHOSEN = review.LAYERS


async def form_of(request: Request) -> FormData:
    """The form that a request carries."""
    return await request.form()


FormDep = Annotated[FormData, Depends(form_of)]


def said(form: FormData, name: str, longest: int = 4000) -> str:
    """A field of a form as text."""
    value = form.get(name)
    return value.strip()[:longest].replace("\0", "") if isinstance(value, str) else ""


def back(form: FormData, fallback: str) -> str:
    """Where to go after an act: a path of this desk."""
    path = said(form, "back")
    return inside(path, fallback) if path else fallback


def offered(desk: Desk) -> dict[str, Any]:
    """What the forms of items offer to choose from."""
    return {
        "types": choices.event_types(desk.lang),
        "statuses": choices.coded("STATUSES", desk.lang),
        "acts": choices.coded("ACTS", desk.lang),
        "stances": choices.coded("STANCES", desk.lang),
        "bounds": choices.coded("BOUNDS", desk.lang),
        "links": choices.coded("LINKS", desk.lang),
        "modes": {name: [(m, choices.words_for(desk.lang, "mode", m)) for m in found.modes] for name, found in plover().items()},
        "units": choices.units(desk),
        "edited": EDITED,
    }


@router.get("/review")
def queue(desk: DeskDep, wanted: WantedDep, layer: str = "events", did: int | None = None) -> Response:
    """The queue. Readers see what waits; coders judge it."""
    if layer not in LAYERS_CHOSEN:
        raise HTTPException(404)
    asked = wanted if "limit" in desk.request.query_params else _fewer(wanted)
    rows = review.queue(desk.store, desk.user.name, layer, asked)
    pairs = sides_of(desk.store, layer, [(row["a"], row["b"]) for row in rows]) if layer in review.PAIRS else []
    return desk.page(
        "review/queue.html",
        layer=layer,
        layers=LAYERS_CHOSEN,
        items=[] if pairs or layer in review.PAIRS else show(desk, [(layer, row["id"], row["report"]) for row in rows]),
        pairs=list(zip(rows, pairs, strict=True)) if pairs else [],
        following=rows.after,
        wanted=wanted,
        filtered=any((wanted.type, wanted.actor, wanted.since, wanted.until, wanted.status, wanted.outlet)),
        outlets=choices.outlets(desk),
        counts=review.left(desk.store, desk.user.name),
        done=_done(desk, did),
        mine=review.recent(desk.store, 8, desk.user.name),
        open_batches=[b for b in batches.batches(desk.store) if not b["closed"]],
        **offered(desk),
    )


def _fewer(wanted: Any) -> Any:
    from dataclasses import replace

    return replace(wanted, limit=_SHOWN)


def _done(desk: Desk, id: int | None) -> Row | None:
    """The judgement that the page before this one made."""
    if id is None:
        return None
    return next((row for row in review.recent(desk.store, 50) if row["id"] == id), None)


@router.get("/review/item/{layer}/{item}")
def one(desk: DeskDep, layer: str, item: str, report: str | None = None, did: int | None = None) -> Response:
    """One item with its whole history."""
    if layer not in LAYERS:
        raise HTTPException(404)
    with desk.store.reading() as c:
        report = report_of(c, layer, item) or report
    items = show(desk, [(layer, item, report)]) if report else []
    if not items or items[0].value is None:
        raise HTTPException(404)
    return desk.page("review/item.html", x=items[0], done=_done(desk, did), **offered(desk))


@router.post("/review/items/{report}/{layer}/{item}")
def act(desk: CoderDep, form: FormDep, report: str, layer: str, item: str) -> Response:
    """Accept, reject, correct, or comment on an item."""
    verdict = said(form, "verdict")
    why = said(form, "why") or None
    if verdict == "comment":
        made = acts.comment(desk.store, desk.user.name, layer, item, why or "", report)
    elif verdict in ("accept", "reject"):
        made = acts.correct(desk.store, desk.user.name, report, layer, item, verdict, why=why)
    elif verdict == "correct" and layer in EDITED:
        with desk.store.reading() as c:
            sheet, value = item_at(c, report, layer, item)
        made = acts.correct(
            desk.store, desk.user.name, report, layer, item, "correct", correction(form, sheet, layer, value, veil_for(desk.store)), why
        )
    else:
        raise StoreError(f"{layer} can't be judged so: {verdict}")
    return answered(desk, form, layer, item, report, made)


@router.post("/review/undo/{id}")
def undo(desk: CoderDep, form: FormDep, id: NumberP) -> Response:
    """Take a judgement back: one's own, as an editor anybody's."""
    j = schema.judgement.c
    from sqlalchemy import select

    with desk.store.reading() as c:
        row = c.execute(select(j.by, j.layer, j.item, j.report, j.verdict).where(j.id == id)).first()
    if row is None:
        raise HTTPException(404)
    if (row.by != desk.user.name or row.verdict not in (*schema.OF_ITEMS, "comment")) and not desk.user.may("editor"):
        raise HTTPException(403, "errors.needs_editor")
    acts.undo(desk.store, id, desk.user.name, said(form, "why") or None)
    if row.report:
        return answered(desk, form, row.layer, row.item, row.report, None)
    return RedirectResponse(back(form, "/review"), 303)


def answered(desk: Desk, form: FormData, layer: str, item: str, report: str, made: int | None) -> Response:
    """After an act: for a script the item as it is now, for a browser the page it came from, with a word about what was done."""
    if desk.request.headers.get("x-part") == "item":
        (x,) = show(desk, [(layer, item, report)])
        response = desk.page("review/one.html", x=x, **offered(desk))
        response.headers["X-Judgement"] = str(made or "")
        return response
    address = back(form, f"/review/item/{layer}/{item}")
    path, _, rest = address.partition("#")
    parts = [p for p in path.partition("?")[2].split("&") if p and not p.startswith("did=")]
    query = "&".join([*parts, f"did={made}"] if made else parts)
    return RedirectResponse(path.partition("?")[0] + (f"?{query}" if query else "") + (f"#{rest}" if rest else ""), 303)


@router.get("/review/reports/{report}/add")
def missed(desk: CoderDep, report: str, layer: str = "events", batch: int | None = None) -> Response:
    """A report's text to select a missed item's words in, and its form."""
    if layer not in EDITED:
        raise HTTPException(404)
    veil = veil_for(desk.store)
    with desk.store.reading() as c:
        sheet = open_sheets(c, [report], veil).get(report)
    if sheet is None:
        raise HTTPException(404)
    return desk.page("review/add.html", sheet=sheet, layer=layer, text=whole_text(sheet), batch=batch, **offered(desk))


@router.post("/review/reports/{report}/{layer}")
def add(desk: CoderDep, form: FormDep, report: str, layer: str) -> Response:
    """Add an item that the machine missed."""
    if layer not in EDITED:
        raise HTTPException(404)
    with desk.store.reading() as c:
        sheet = open_sheets(c, [report]).get(report)
    if sheet is None:
        raise HTTPException(404)
    value = addition(form, sheet, layer, veil_for(desk.store))
    number = said(form, "batch")
    if number.isascii() and number.isdigit() and len(number) < 10:
        batches.code_added(desk.store, int(number), desk.user.name, report, layer, value, said(form, "why") or None)
        return RedirectResponse(f"/review/batches/{number}", 303)
    made, item = acts.add(desk.store, desk.user.name, report, layer, value, said(form, "why") or None)
    if desk.request.headers.get("x-part") == "item":
        return answered(desk, form, layer, item, report, made)
    return RedirectResponse(back(form, f"/review/item/{layer}/{item}?did={made}"), 303)

"""Actors and happenings that are one or two: both sides seen before they are joined, parts taken out again."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from musnad.record.errors import StoreError
from musnad.resolve import acts
from musnad.store import queries, review
from musnad.store.filters import Filter
from musnad.web.desk import DeskDep, EditorDep
from musnad.web.reviewing.queue import FormDep, back, said
from musnad.web.reviewing.sides import actor_side, like_happening, tellings_side, together

router = APIRouter()


@router.get("/review/actors")
def actors(desk: DeskDep, a: str, b: str | None = None, q: str | None = None, did: int | None = None) -> Response:
    """An actor's spellings, who it might be the same as, and with `b` both sides and what they would be as one."""
    left = actor_side(desk.store, a)
    right = actor_side(desk.store, b) if b else None
    if left is None or (b and right is None) or a == b:
        raise HTTPException(404)
    found = [x for x in queries.actors(desk.store, Filter(query=q, type=left["type"], limit=21)) if x["id"] != a][:20] if q else []
    return desk.page(
        "review/actors.html",
        a=left,
        b=right,
        found=found,
        q=q or "",
        one=together(left, right) if right else None,
        history=_histories(desk, left, right),
        did=did,
    )


def _histories(desk: DeskDep, *sides: dict[str, object] | None) -> list[dict[str, object]]:
    """What people decided about these actors' spellings, newest first."""
    seen: dict[int, dict[str, object]] = {}
    for side in sides:
        spellings = side["spellings"] if side else []
        assert isinstance(spellings, list)
        for spelling in spellings:
            for row in review.history(desk.store, spelling["item"]):
                if row["verdict"] in ("same", "different"):
                    seen[row["id"]] = row
    return [seen[n] for n in sorted(seen, reverse=True)][:30]


@router.get("/review/events/{id}")
def happening(desk: DeskDep, id: str, b: str | None = None, did: int | None = None) -> Response:
    """A happening's tellings, each of which can be taken out, and others that it may be the same as."""
    side = tellings_side(desk.store, id)
    other = tellings_side(desk.store, b) if b else None
    if side is None or (b and other is None) or id == b:
        raise HTTPException(404)
    history = {
        row["id"]: row for x in side["told"] for row in review.history(desk.store, x["id"]) if row["verdict"] in ("same", "different")
    }
    return desk.page(
        "review/happening.html",
        a=side,
        b=other,
        like=like_happening(desk.store, side),
        history=[history[n] for n in sorted(history, reverse=True)],
        did=did,
    )


@router.post("/review/pairs")
def pair(desk: EditorDep, form: FormDep) -> Response:
    """Say that two items are the same or different: actors and events are merged and split so."""
    layer, a, b, verdict = (said(form, name, 200) for name in ("layer", "a", "b", "verdict"))
    if verdict not in ("same", "different"):
        raise StoreError("two items are the same or different")
    made = acts.pair(desk.store, desk.user.name, layer, a, b, verdict, said(form, "why") or None)
    if desk.request.headers.get("x-part"):
        return Response(status_code=204, headers={"X-Judgement": str(made)})
    address = back(form, "/review")
    return RedirectResponse(address + ("&" if "?" in address else "?") + f"did={made}", 303)

"""Actors: the list, one actor with all that the record knows of it, and who deals with whom."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse, Response

from musnad.store import matters, people, queries, views
from musnad.store.filters import Filter, Row
from musnad.web.desk import Desk, DeskDep, WantedDep
from musnad.web.exploring import choices
from musnad.web.giving import on_day, sector

router = APIRouter()
_SHOWN = 12
"""Rows of each part of an actor's page; its list has the rest."""


@router.get("/actors")
def actors(desk: DeskDep, wanted: WantedDep) -> Response:
    """The list, most often named first."""
    rows = people.actors_page(desk.store, wanted, sector(desk))
    return desk.page(
        "explore/actors.html",
        wanted=wanted,
        rows=rows,
        following=rows.after,
        sector=sector(desk),
        types=choices.coded("ENTITY_TYPES", desk.lang),
        countries=choices.countries(desk),
        sectors=[(code, choices.words_for(desk.lang, "sector", code)) for code in choices.SECTORS],
    )


@router.get("/actors/network")
def network_page(desk: DeskDep, wanted: WantedDep) -> Response:
    """Who deals with whom in the happenings that fit."""
    return desk.page(
        "explore/network.html",
        wanted=wanted,
        types=choices.event_types(desk.lang),
        statuses=choices.coded("STATUSES", desk.lang),
        outlets=choices.outlets(desk),
        edges=_network(desk, replace(wanted, limit=0, after=None))["table"][:40],
    )


@router.get("/actors/network.json")
def network(desk: DeskDep, wanted: WantedDep) -> Response:
    """Nodes and links for network.js."""
    found = _network(desk, replace(wanted, limit=0, after=None))
    return JSONResponse({"nodes": found["nodes"], "links": found["links"]})


@router.get("/actors/{id}/network.json")
def network_of(desk: DeskDep, wanted: WantedDep, id: str) -> Response:
    """Whom an actor deals with, for network.js."""
    found = _network(desk, replace(wanted, actor=id, limit=0, after=None), id)
    return JSONResponse({"nodes": found["nodes"], "links": found["links"]})


def _network(desk: Desk, wanted: Filter, focus: str | None = None) -> Row:
    found = queries.dealings(desk.store, wanted)
    nodes = [
        {"id": n["id"], "name": n["name"], "type": n["type"], "reports": n["count"], "href": f"/actors/{n['id']}"}
        | ({"focus": True} if n["id"] == focus else {})
        for n in found["nodes"]
    ]
    links = []
    for e in found["edges"]:
        quads: dict[str, int] = e["quads"]
        both = {side: sum(n for quad, n in quads.items() if quad.endswith(side)) for side in ("cooperation", "conflict")}
        links.append({"source": e["a"], "target": e["b"], **both})
    names = {n["id"]: n["name"] for n in nodes}
    table = [x | {"a": names[x["source"]], "b": names[x["target"]]} for x in links if x["source"] in names and x["target"] in names]
    return {"nodes": nodes, "links": links, "table": table}


@router.get("/actors/{id}")
def actor(desk: DeskDep, id: str) -> Response:
    """One actor."""
    store = desk.store
    row = queries.actor(store, id)
    if row is None:
        raise HTTPException(404)
    on = on_day(desk)
    known = store.kept(("page: actor", id, on), lambda: _known(desk, row, on))
    return desk.page("explore/actor.html", actor=row, shown=_SHOWN, features=_place(desk, row), **known)


def _known(desk: Desk, row: Row, on: str) -> Row:
    """What the record holds about an actor."""
    store, id = desk.store, str(row["id"])
    wanted = Filter(actor=id, limit=_SHOWN + 1)
    pairs = people.merged_from(store, id)
    return {
        "statements": people.statements_page(store, wanted),
        "events": views.with_words(store, views.happenings_page(store, wanted)),
        "matters": matters.matters_by_id(store, matters.of_actor(store, id, _SHOWN + 1), on),
        "dealings": _network(desk, replace(wanted, limit=0), id)["table"],
        "offices": queries.actor_offices(store, id) if row["type"] in ("PER", "ORG") else [],
        "spellings": people.spellings(store, id),
        "merged": [x for x in pairs if x["other"] == id],
        "apart": [x for x in pairs if x["other"] not in (id, None)],
    }


def _place(desk: Desk, row: Row) -> Row | None:
    """The point of an actor that is a place, for map.js."""
    at = row["place"]
    if not at:
        return None
    point = {"type": "Point", "coordinates": [at["lon"], at["lat"]]}
    country = row["known"] is not None and row["known"] == at["country"]
    shown = {
        "quad": "none",
        "title": row["name"],
        "count": 1,
        "precision": "country" if country else "place",
        "href": f"/actors/{row['id']}",
    }
    return {"type": "FeatureCollection", "features": [{"type": "Feature", "id": row["id"], "geometry": point, "properties": shown}]}

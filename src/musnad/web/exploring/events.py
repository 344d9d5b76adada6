"""Happenings as table, timeline and map, and one happening with all its tellings side by side."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import msgspec
from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from musnad.codes import plover, score_of
from musnad.export import labels
from musnad.store import matters, queries, views
from musnad.store.filters import Filter, Row
from musnad.web.desk import Desk, DeskDep, WantedDep
from musnad.web.exploring import choices
from musnad.web.giving import order, short
from musnad.web.wording import harmless

router = APIRouter()
_ROWS = 25
_TOLD = 60
"""The most tellings that one page shows."""


@router.get("/events")
def events(desk: DeskDep, wanted: WantedDep) -> Response:
    """The list. Table, timeline and map follow one filter."""
    wanted = short(desk, wanted, _ROWS)
    rows = views.happenings_page(desk.store, wanted, order(desk))
    views.with_words(desk.store, rows)
    asked = replace(wanted, after=None, limit=0)
    count, more = desk.store.kept(("page: events", asked), lambda: views.count_happenings(desk.store, asked))
    return desk.page(
        "explore/events.html",
        wanted=wanted,
        rows=rows,
        count=count,
        more=more,
        following=rows.after,
        sort=order(desk),
        orders=[(name, choices.words_for(desk.lang, "order", name)) for name in views.ORDERS[1:]],
        types=choices.event_types(desk.lang),
        statuses=choices.coded("STATUSES", desk.lang),
        outlets=choices.outlets(desk),
        filtered=any(
            (
                wanted.query,
                wanted.type,
                wanted.actor,
                wanted.place,
                wanted.since,
                wanted.until,
                wanted.status,
                wanted.outlet,
                wanted.sources,
            )
        ),
    )


@router.get("/events/timeline.json")
def timeline(desk: DeskDep, wanted: WantedDep) -> Response:
    """Counts by day and type, for timeline.js."""
    asked = replace(wanted, after=None, limit=0)
    return Response(msgspec.json.encode(queries.by_day(desk.store, asked)), media_type="application/json")


@router.get("/events/map.json")
def points(desk: DeskDep, wanted: WantedDep) -> Response:
    """Where the happenings were, as GeoJSON for map.js."""
    asked = replace(wanted, after=None, limit=0)
    return Response(msgspec.json.encode(_geojson(desk, asked)), media_type="application/geo+json")


def _geojson(desk: Desk, wanted: Filter) -> Row:
    features = []
    for row in queries.points(desk.store, wanted):
        title = " · ".join(x for x in (labels.EVENT_TYPES[row["type"]][desk.lang == "en"], row["place"]) if x)
        shown = {k: row[k] for k in ("type", "day", "place", "precision")} | {"title": harmless(title), "count": row["tellings"]}
        features.append(
            {
                "type": "Feature",
                "id": row["id"],
                "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
                "properties": shown,
            }
        )
    return {"type": "FeatureCollection", "features": features}


@router.get("/events/{id}")
def event(desk: DeskDep, id: str) -> Response:
    """One happening."""
    row = views.happening(desk.store, id)
    if row is None:
        raise HTTPException(404)
    every = queries.tellings(desk.store, row["id"])
    told = views.with_chains(desk.store, every[:_TOLD])
    low, best, high = queries.deaths(desk.store, every)
    chains: defaultdict[str, defaultdict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for x in told:
        chains[x["source"]][x["report"]].append(x)
    kind = plover().get(row["type"])
    return desk.page(
        "explore/event.html",
        event=row,
        told=told,
        chains=[list(reports.values()) for reports in chains.values()],
        left_out=len(every) - len(told),
        denials=[x for x in told if x["status"] == "denied"],
        contested=disagreements(told, row["contested"]),
        deaths=None if low is None else {"low": low, "best": best, "high": high},
        figures=matters.lines_of(desk.store, row["id"]),
        place=views.place_of(desk.store, row["place_actor"]),
        definition=kind.definition if kind else "",
        score=score_of(row["type"], row["mode"]) if kind else None,
        contexts=sorted({c for x in told for c in x["data"]["contexts"]}),
        pairs=_pairs(desk, row["id"], every),
    )


def disagreements(told: list[Row], about: list[str]) -> dict[str, list[tuple[Any, list[Row]]]]:
    """What the tellings say about each thing that they disagree about: the values, commonest first, each with who says so. Figures have a list a unit."""
    found: dict[str, list[tuple[Any, list[Row]]]] = {}
    for name in about:
        by: defaultdict[Any, list[Row]] = defaultdict(list)
        for x in told:
            if name == "days" and (x["from"] or x["to"]):
                by[x["from"] or x["to"], x["to"] or x["from"]].append(x)
            elif name == "place" and x["place"]:
                by[x["place"]].append(x)
            elif name == "status":
                by[x["status"]].append(x)
            elif name == "figures":
                for f in x["figures"]:
                    by[f["unit"] or "", f["low"], f["high"]].append(x)
        if name == "figures":
            several = {unit for unit, _, _ in by if sum(u == unit for u, _, _ in by) > 1}
            found[name] = sorted(((value, who) for value, who in by.items() if value[0] in several), key=lambda x: x[0])
        else:
            found[name] = sorted(by.items(), key=lambda x: (-len(x[1]), str(x[0])))
    return {name: values for name, values in found.items() if values}


def _pairs(desk: Desk, happening: str, told: list[Row]) -> list[Row]:
    """Why the tellings are one happening, and which others were kept apart: the machine's pairs with both events in short."""
    pairs = views.merges(desk.store, "events", [x["id"] for x in told[:200]], 30)
    brief = views.brief_events(desk.store, {i for x in pairs for i in (x["a"], x["b"])})
    out = []
    for x in pairs:
        if x["a"] in brief and x["b"] in brief:
            inside = x["in_a"] == x["in_b"] == happening
            other = x["in_b"] if x["in_a"] == happening else x["in_a"]
            out.append(x | {"one": brief[x["a"]], "two": brief[x["b"]], "inside": inside, "other": other})
    return out

"""Happenings in the forms that event-data people know: PLOVER JSON, and tables like those of ACLED and UCDP GED.

"Like" means: the same columns with our content, so that existing scripts run; the coding rules stay PLOVER's. Precision codes follow the two
projects' codebooks: ACLED time precision 1 day, 2 week, 3 month; geo precision 1 exact place, 2 near or part of a region, 3 region. UCDP date precision 1 day,
2 up to six days, 3 week, 4 month, 5 year; where precision 1 exact, 4 first-order division, 6 country.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from musnad.store import queries, schema
from musnad.store.queries import Filter
from musnad.store.redaction import veil_for
from musnad.store.store import Store

Row = dict[str, Any]

_ACLED = {
    "ASSAULT": ("Battles", "Armed clash"),
    "PROTEST": ("Protests", "Peaceful protest"),
    "COERCE": ("Strategic developments", "Arrests"),
    "MOBILIZE": ("Strategic developments", "Other"),
    "RETREAT": ("Strategic developments", "Non-violent transfer of territory"),
    "AGREE": ("Strategic developments", "Agreement"),
}
_ACLED_MODES = {
    "aerial": ("Explosions/Remote violence", "Air/drone strike"),
    "airstrike": ("Explosions/Remote violence", "Air/drone strike"),
    "drone": ("Explosions/Remote violence", "Air/drone strike"),
    "explosives": ("Explosions/Remote violence", "Remote explosive/landmine/IED"),
    "suicide-attack": ("Explosions/Remote violence", "Suicide bomb"),
    "heavy-weapons": ("Explosions/Remote violence", "Shelling/artillery/missile attack"),
    "riot": ("Riots", "Violent demonstration"),
    "abduct": ("Violence against civilians", "Abduction/forced disappearance"),
}


def plover(store: Store, wanted: Filter | None = None) -> Iterator[Row]:
    """PLOVER records (one a happening) with actors' country and sector codes, quad class and score."""
    from musnad.codes import plover as ontology
    from musnad.codes import score_of

    for event, told, parties, places in _happenings(store, wanted):
        yield {
            "id": event["id"],
            "date": event["from"] or event["day"],
            "end_date": event["to"],
            "event_type": event["type"],
            "mode": event["mode"],
            "context": sorted({c for t in told for c in t["data"]["contexts"]}),
            "quad_class": ontology()[event["type"]].quad,
            "score": score_of(event["type"], event["mode"]),
            "status": event["status"],
            "source": [_plover_actor(p) for p in parties if p["role"] == "actor"],
            "target": [_plover_actor(p) for p in parties if p["role"] == "recipient"],
            "location": places,
            "publications": sorted({t["url"] or t["key"] for t in told}),
            "independent_sources": event["independent"],
        }


def _plover_actor(p: Row) -> Row:
    return {"name": p["name"], "name_en": p["name_en"], "country": p["country"], "sectors": p["sectors"], "actor": p["actor"]}


def acled(store: Store, wanted: Filter | None = None) -> Iterator[Row]:
    """Rows with ACLED's columns, for types that ACLED has."""
    for event, told, parties, place in _happenings(store, wanted):
        kind = _ACLED_MODES.get(event["mode"] or "") or _ACLED.get(event["type"])
        if kind is None or event["status"] not in ("happened", "ongoing"):
            continue
        sides = [[p for p in parties if p["role"] == role] for role in ("actor", "recipient")]
        if not sides[1] and len(sides[0]) > 1:
            sides = [sides[0][:1], sides[0][1:]]
        low, best, high = queries.deaths(store, told)
        day = event["from"] or event["day"]
        yield {
            "event_id_cnty": event["id"],
            "event_date": day,
            "year": day[:4] if day else None,
            "time_precision": _time_precision(event["from"], event["to"]),
            "event_type": kind[0],
            "sub_event_type": kind[1],
            "actor1": _first(sides[0]),
            "assoc_actor_1": _rest(sides[0]),
            "actor2": _first(sides[1]),
            "assoc_actor_2": _rest(sides[1]),
            "country": place.get("country") if place else None,
            "location": event["place"],
            "latitude": place.get("lat") if place else None,
            "longitude": place.get("lon") if place else None,
            "geo_precision": 1 if place else 3 if event["place"] else None,
            "source": "; ".join(event["outlets"]),
            "source_scale": event["independent"],
            "notes": told[0]["text"] if told else "",
            "fatalities": best if best is not None else 0,
            "fatalities_low": low,
            "fatalities_high": high,
            "tags": "; ".join([event["status"], *(f"contested {c}" for c in event["contested"])]),
        }


def ucdp(store: Store, wanted: Filter | None = None) -> Iterator[Row]:
    """Rows with UCDP GED's columns, for lethal or armed happenings (ASSAULT)."""
    for event, told, parties, place in _happenings(store, replace(wanted or Filter(), type="ASSAULT")):
        if event["status"] not in ("happened", "ongoing"):
            continue
        actors = [p["name"] for p in parties if p["role"] == "actor"]
        others = [p["name"] for p in parties if p["role"] == "recipient"] or actors[1:]
        low, best, high = queries.deaths(store, told)
        start, end = event["from"] or event["day"], event["to"] or event["from"] or event["day"]
        yield {
            "id": event["id"],
            "year": start[:4] if start else None,
            "side_a": actors[0] if actors else None,
            "side_b": others[0] if others else None,
            "date_start": start,
            "date_end": end,
            "date_prec": _date_precision(event["from"], event["to"]),
            "where_coordinates": event["place"],
            "where_prec": 1 if place else 6 if event["place"] else None,
            "latitude": place.get("lat") if place else None,
            "longitude": place.get("lon") if place else None,
            "country": place.get("country") if place else None,
            "best": best,
            "low": low,
            "high": high,
            "number_of_sources": event["independent"],
            "source_article": "; ".join(sorted({t["url"] or t["key"] for t in told})),
        }


def _happenings(store: Store, wanted: Filter | None) -> Iterator[tuple[Row, list[Row], list[Row], Row | None]]:
    """Each happening with its tellings, its parties (with codes) and its resolved place."""
    a, p = schema.actor.c, schema.took_part.c
    veil = veil_for(store)
    for event in queries.events(store, replace(wanted or Filter(), limit=0)):
        told = queries.tellings(store, event["id"])
        with store.reading() as c:
            found = c.execute(
                sa.select(p.role, p.actor, p.name, a.name_en, a.country, a.sectors)
                .outerjoin(schema.actor, a.id == p.actor)
                .where(p.happening == event["id"])
            ).mappings()
            parties = [veil(dict(x)) | {"sectors": x["sectors"] or []} for x in found]
            place = c.execute(sa.select(a.place).where(a.id == event["place_actor"])).scalar() if event["place_actor"] else None
        yield event, told, parties, place


def _days(start: str | None, end: str | None) -> int | None:
    return (date.fromisoformat(end or start) - date.fromisoformat(start)).days if start else None


def _time_precision(start: str | None, end: str | None) -> int:
    days = _days(start, end)
    return 3 if days is None or days > 7 else 1 if days == 0 else 2


def _date_precision(start: str | None, end: str | None) -> int:
    days = _days(start, end)
    if days is None:
        return 3
    return 1 if days == 0 else 2 if days < 6 else 3 if days < 8 else 4 if days < 32 else 5


def _first(side: list[Row]) -> str | None:
    return str(side[0]["name"]) if side else None


def _rest(side: list[Row]) -> str:
    return "; ".join(str(p["name"]) for p in side[1:])


def geojson(store: Store, wanted: Filter | None = None) -> Row:
    """A GeoJSON feature collection (RFC 7946) of the happenings whose place is resolved; days of publication stand in for unknown days, and say so."""
    features = []
    for event, _, parties, place in _happenings(store, wanted):
        if not place:
            continue
        features.append(
            {
                "type": "Feature",
                "id": event["id"],
                "geometry": {"type": "Point", "coordinates": [place["lon"], place["lat"]]},
                "properties": {
                    "type": event["type"],
                    "mode": event["mode"],
                    "day": event["day"],
                    "day_is": "own" if event["from"] else "publication",
                    "place": event["place"],
                    "status": event["status"],
                    "actors": [p["name"] for p in parties if p["role"] == "actor"],
                    "recipients": [p["name"] for p in parties if p["role"] == "recipient"],
                    "independent": event["independent"],
                },
            }
        )
    return {"type": "FeatureCollection", "features": features}

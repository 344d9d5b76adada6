"""FollowTheMoney entities (https://followthemoney.tech): actors, happenings, reports and their links, as JSON lines that Aleph and its kin load.

Written by hand against the model's schemata (Person, Organization, PublicBody, Address, Event, Article); the tests load every line with the model's own library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from musnad.store import queries
from musnad.store.queries import Filter
from musnad.store.store import Store

Entity = dict[str, Any]

_STATE = frozenset(("GOV", "MIL", "LEG", "JUD", "SPY", "COP"))
_TO_ALPHA2 = {
    "AFG": "af", "ARE": "ae", "ARM": "am", "AUS": "au", "AUT": "at", "AZE": "az", "BEL": "be", "BGD": "bd", "BHR": "bh", "BRA": "br", "CAN": "ca", "CHE": "ch",
    "CHN": "cn", "CYP": "cy", "CZE": "cz", "DEU": "de", "DJI": "dj", "DNK": "dk", "DZA": "dz", "EGY": "eg", "ERI": "er", "ESP": "es", "ETH": "et", "FIN": "fi",
    "FRA": "fr", "GBR": "gb", "GEO": "ge", "GRC": "gr", "HUN": "hu", "IDN": "id", "IND": "in", "IRL": "ie", "IRN": "ir", "IRQ": "iq", "ISR": "il", "ITA": "it",
    "JOR": "jo", "JPN": "jp", "KAZ": "kz", "KEN": "ke", "KOR": "kr", "KWT": "kw", "LBN": "lb", "LBY": "ly", "MAR": "ma", "MLI": "ml", "MMR": "mm", "MRT": "mr",
    "MYS": "my", "NER": "ne", "NGA": "ng", "NLD": "nl", "NOR": "no", "OMN": "om", "PAK": "pk", "PHL": "ph", "POL": "pl", "PRK": "kp", "PRT": "pt", "PSE": "ps",
    "QAT": "qa", "ROU": "ro", "RUS": "ru", "SAU": "sa", "SDN": "sd", "SEN": "sn", "SOM": "so", "SSD": "ss", "SWE": "se", "SYR": "sy", "TCD": "td", "TUN": "tn",
    "TUR": "tr", "UKR": "ua", "USA": "us", "VEN": "ve", "YEM": "ye", "ZAF": "za",
}  # fmt: skip
"""ISO 3166-1 alpha-3 to the alpha-2 codes, lower case, that the model wants."""


def entities(store: Store, wanted: Filter | None = None) -> Iterator[Entity]:
    """Every entity once: reports as Article, people and bodies, places as Address, happenings as Event with who was involved."""
    every = replace(wanted or Filter(), limit=0)
    for report in queries.reports(store, every):
        yield _entity(
            report["id"],
            "Article",
            title=report["title"],
            publisher=report["outlet"],
            publishedAt=report["published"],
            sourceUrl=report["url"] if (report["url"] or "").startswith("http") else None,
            language="ara",
        )
    known: set[str] = set()
    for actor in queries.actors(store, Filter(limit=0)):
        if actor["type"] in ("PER", "ORG", "LOC"):
            known.add(actor["id"])
            yield _actor(actor)
    for event in queries.events(store, every):
        told = queries.tellings(store, event["id"])
        involved = [p["id"] for role in ("actors", "recipients") for p in event[role] if p["id"] in known]
        label = event["type"].capitalize() + (f" ({event['mode']})" if event["mode"] else "")
        names = [p["name"] for role in ("actors", "recipients") for p in event[role]]
        yield _entity(
            event["id"],
            "Event",
            name=": ".join([label, "، ".join(names)]) if names else label,
            startDate=event["from"],
            endDate=event["to"],
            date=event["day"] if not event["from"] else None,
            location=event["place"],
            addressEntity=event["place_actor"] if event["place_actor"] in known else None,
            involved=involved,
            proof=sorted({t["report"] for t in told}),
            publisher=event["outlets"],
            keywords=[event["type"], event["status"], *(f"contested {c}" for c in event["contested"])],
            summary=f"{event['tellings']} tellings, {event['independent']} independent sources",
        )


def _actor(actor: Entity) -> Entity:
    names = {"name": actor["name"], "alias": [a for a in actor["aliases"] if a != actor["name"]]}
    if actor["name_en"]:
        names["alias"] = [*names["alias"], actor["name_en"]]
    country = _TO_ALPHA2.get(actor["country"] or "")
    if actor["type"] == "PER":
        return _entity(actor["id"], "Person", country=country, **names)
    if actor["type"] == "ORG":
        schema = "PublicBody" if _STATE & set(actor["sectors"]) else "Organization"
        return _entity(actor["id"], schema, country=country, **names)
    place = actor["place"] or {}
    return _entity(
        actor["id"], "Address", full=actor["name"], country=country, latitude=place.get("lat"), longitude=place.get("lon"), **names
    )


def _entity(id: str, schema: str, **properties: Any) -> Entity:
    """An entity with its properties as lists of texts, empty ones left out."""
    lists = {k: [str(v) for v in (value if isinstance(value, list) else [value]) if v not in (None, "")] for k, value in properties.items()}
    return {"id": id, "schema": schema, "properties": {k: v for k, v in lists.items() if v}}

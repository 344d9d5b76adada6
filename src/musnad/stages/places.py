"""Stage: where the places are. Each LOC entity gets the coordinates of the namesake that fits the report best, with the runner-up and the reason.

A namesake gains by the other places and nationalities of the report (its country named often), by what it is (a state, a capital, a
governorate before a village) and by its size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import log10

import msgspec

from musnad.document import Document
from musnad.gazetteer import Known
from musnad.phrases.forms import folded_name
from musnad.record.kinds import Found, Place, RunnerUp
from musnad.tools import Tools

_KINDS = {
    "state": 6.0,
    "territory": 5.0,
    "region": 4.0,
    "admin1": 3.0,
    "city": 2.5,
    "admin2": 2.0,
    "sea": 4.0,
    "river": 2.0,
    "mountain": 1.0,
}


def find(doc: Document, tools: Tools) -> Iterator[Found]:
    """The LOC entities that could be placed."""
    forms: dict[str, set[str]] = {}
    for mention in doc.mentions:
        if mention.type == "LOC" and mention.form == "name":
            forms.setdefault(mention.entity or "", set()).add(folded_name(doc, mention.start, mention.end))
    countries = Counter(e.country for e in doc.entities if e.country)
    total = sum(countries.values()) or 1
    for entity in doc.entities:
        if entity.type != "LOC":
            continue
        found = {
            k.id: k for form in forms.get(entity.id, ()) for k in tools.gazetteer.lookup(form) if k.type == "LOC" and k.lat is not None
        }
        if entity.known is not None and entity.known not in found:
            known = tools.gazetteer.by_id(entity.known)
            if known is not None and known.lat is not None:
                found[known.id] = known
        if not found:
            continue
        own = Counter({c: n - (1 if c == entity.country else 0) for c, n in countries.items()})
        ranked = sorted(found.values(), key=lambda k: -_score(k, own, total))
        best = ranked[0]
        why = _why(best, own, len(ranked))
        place = Place(
            lat=best.lat or 0.0,
            lon=best.lon or 0.0,
            country=best.country or "",
            geonames=best.geonames,
            why=why,
            runner_up=_runner_up(ranked[1]) if len(ranked) > 1 else None,
        )
        yield msgspec.structs.replace(
            entity,
            place=place,
            known=best.id,
            country=best.country,
            name_en=best.name_en or entity.name_en,
        )


def _score(known: Known, countries: Counter[str], total: int) -> float:
    context = 6.0 * countries[known.country or ""] / total
    return context + _KINDS.get(known.kind, 0.5) + log10(known.population + 10) / 2 + (1.5 if known.capital_of else 0)


def _why(best: Known, countries: Counter[str], n: int) -> str:
    if n == 1:
        return "the only place known by this name"
    reasons = []
    if countries[best.country or ""]:
        reasons.append(f"{best.country} is named {countries[best.country or '']} times besides")
    if best.capital_of:
        reasons.append(f"capital of {best.capital_of}")
    reasons.append(f"{best.kind} of {best.population} people" if best.population else best.kind)
    return "; ".join(reasons)


def _runner_up(known: Known) -> RunnerUp:
    return RunnerUp(
        name=known.name_en or known.name, geonames=known.geonames, lat=known.lat or 0.0, lon=known.lon or 0.0, country=known.country or ""
    )

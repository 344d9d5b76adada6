"""What decisions are made from, out of the record: of all reports or, with `ids`, of a few items, always in the order of their ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from musnad.grammar.folding import fold
from musnad.grammar.stemming import stems
from musnad.resolve.claims import Claim
from musnad.resolve.commitments import Step
from musnad.resolve.entities import Local
from musnad.resolve.events import Telling
from musnad.store import schema

Ids = Collection[str] | None
"""The items that are wanted; None: all."""


def clusters(c: sa.Connection, layer: str, items: Ids = None) -> dict[str, str]:
    """Item → cluster."""
    t = schema.cluster.c
    return {x.item: x.cluster for x in c.execute(_only(sa.select(t.item, t.cluster).where(t.layer == layer), t.item, items))}


def members(c: sa.Connection, layer: str, found: Collection[str]) -> dict[str, str]:
    """Item → cluster, of the items of these clusters."""
    t = schema.cluster.c
    return {x.item: x.cluster for x in c.execute(sa.select(t.item, t.cluster).where(t.layer == layer, t.cluster.in_(found)))}


def locals_of(c: sa.Connection, ids: Ids = None) -> tuple[list[Local], dict[str, Any]]:
    """The entities of reports, and the places of those that have one."""
    e, r = schema.entity.c, schema.report.c
    query = sa.select(e.id, e.report, e.type, e.name, e.name_en, e.country, e.known, e.data, r.published).join_from(
        schema.entity, schema.report
    )
    rows = sorted(c.execute(_only(query, e.id, ids)), key=attrgetter("id"))
    found = [
        Local(
            id=x.id,
            report=x.report,
            type=x.type,
            name=x.name,
            name_en=x.name_en,
            country=x.country,
            known=x.known,
            sectors=tuple(x.data["sectors"]),
            offices=tuple((fold(o["title"]), x.country or "") for o in x.data["offices"]),
            aliases=tuple(x.data["aliases"]),
            day=x.published,
        )
        for x in rows
    ]
    return found, {x.id: x.data["place"] for x in rows if x.data["place"]}


def tellings_of(c: sa.Connection, ids: Ids = None) -> list[Telling]:
    """The events of reports."""
    v, r, f, t = schema.event.c, schema.report.c, schema.figure.c, schema.cluster.c
    query = (
        sa.select(v.id, v.report, v.type, v.mode, v["from"], v.to, v.status, v.place, v.text, v.data, r.published, t.cluster)
        .join_from(schema.event, schema.report)
        .outerjoin(schema.cluster, sa.and_(t.layer == "entities", t.item == v.place_entity))
    )
    rows = sorted(c.execute(_only(query, v.id, ids)), key=attrgetter("id"))
    (actors, spelled_a), (recipients, spelled_r) = _parties(c, "actor", ids), _parties(c, "recipient", ids)
    named = None if ids is None else {i for x in rows for i in x.data["figures"]}
    query = _only(sa.select(f.id, f.unit, f.low, f.high), f.id, named)
    figures = {x.id: (x.unit or "", x.low, x.high) for x in c.execute(query)}
    return [
        Telling(
            id=x.id,
            report=x.report,
            type=x.type,
            mode=x.mode,
            start=x._mapping["from"],
            end=x.to,
            published=x.published,
            status=x.status,
            place=x.cluster or (x.place and fold(x.place)),
            actors=actors.get(x.id, frozenset()),
            recipients=recipients.get(x.id, frozenset()),
            trigger=fold(x.text),
            spelled={
                **spelled_a.get(x.id, {}),
                **spelled_r.get(x.id, {}),
                **({fold(x.place): x.place} if x.place and not x.cluster else {}),
            },
            figures=tuple(figures[i] for i in x.data["figures"] if i in figures),
        )
        for x in rows
    ]


def steps_of(c: sa.Connection, ids: Ids = None) -> list[Step]:
    """The commitments of reports."""
    m, r, t = schema.commitment.c, schema.report.c, schema.cluster.c
    (by, spelled), (to, _) = _parties(c, "by", ids), _parties(c, "to", ids)
    query = (
        sa.select(m.id, m.report, m.stance, m.text, m.deadline_from, m.deadline_to, r.published, t.cluster)
        .join_from(schema.commitment, schema.report)
        .outerjoin(schema.cluster, sa.and_(t.layer == "events", t.item == m.event))
    )
    return [
        Step(
            id=x.id,
            report=x.report,
            published=x.published,
            stance=x.stance,
            by=by.get(x.id, frozenset()),
            to=to.get(x.id, frozenset()),
            stems=frozenset(s for s, _ in stems(x.text) if len(s) > 2),
            deadline=(x.deadline_from, x.deadline_to) if x.deadline_from or x.deadline_to else None,
            happening=x.cluster,
            spelled=spelled.get(x.id, {}),
        )
        for x in sorted(c.execute(_only(query, m.id, ids)), key=attrgetter("id"))
    ]


def claims_of(c: sa.Connection, ids: Ids = None) -> list[Claim]:
    """The figures of reports that count something."""
    f, r, v, s = schema.figure.c, schema.report.c, schema.event.c, schema.statement.c
    query = (
        sa.select(f.id, f.report, f.unit, f.low, f.high, f.bound, f.text, f.about, r.published)
        .join_from(schema.figure, schema.report)
        .where(f.unit.is_not(None), f.kind != "measure")
    )
    rows = sorted(c.execute(_only(query, f.id, ids)), key=attrgetter("id"))
    reports = None if ids is None else {x.report for x in rows}
    family = sources(c, reports)
    said: dict[str, tuple[str | None, str | None]] = {}
    told = (
        sa.select(v.id, v.data, s.speaker, schema.cluster.c.cluster)
        .join_from(schema.event, schema.statement, s.id == v.statement, isouter=True)
        .outerjoin(schema.cluster, sa.and_(schema.cluster.c.layer == "events", schema.cluster.c.item == v.id))
    )
    for x in sorted(c.execute(_only(told, v.report, reports)), key=attrgetter("id")):
        for figure in x.data["figures"]:
            said[figure] = x.cluster, x.speaker
    who = clusters(c, "entities", None if ids is None else {e for x in rows for e in x.about})
    return [
        Claim(
            id=x.id,
            report=x.report,
            family=family[x.report][0],
            published=x.published,
            unit=x.unit,
            low=x.low,
            high=x.high,
            bound=x.bound,
            text=x.text,
            source=said.get(x.id, (None, None))[1] or family[x.report][1],
            happening=said.get(x.id, (None, None))[0],
            about=frozenset(who.get(e, e) for e in x.about),
        )
        for x in rows
    ]


def sources(c: sa.Connection, reports: Ids = None) -> dict[str, tuple[str, str | None]]:
    """Report → its family (itself where it has no copies) and its outlet."""
    r, t = schema.report.c, schema.cluster.c
    query = sa.select(r.id, r.outlet, t.cluster).join_from(
        schema.report, schema.cluster, sa.and_(t.layer == "reports", t.item == r.id), isouter=True
    )
    return {x.id: (x.cluster or x.id, x.outlet) for x in c.execute(_only(query, r.id, reports))}


def names(c: sa.Connection, ids: Ids = None) -> dict[str, str]:
    """Actor → name."""
    a = schema.actor.c
    return {x.id: x.name for x in c.execute(_only(sa.select(a.id, a.name), a.id, ids))}


def certainty(c: sa.Connection, ids: Ids = None) -> dict[str, float]:
    """Event → its confidence."""
    v = schema.event.c
    return {x.id: x.confidence for x in c.execute(_only(sa.select(v.id, v.confidence), v.id, ids))}


def credits(c: sa.Connection, ids: Ids = None) -> dict[str, str]:
    """Event → the agency that the statement it stands in came through, folded."""
    v, s = schema.event.c, schema.statement.c
    query = sa.select(v.id, s.chain).join_from(schema.event, schema.statement, s.id == v.statement)
    chains = (
        (x.id, next((fold(link["name"]) for link in x.chain if link["link"] == "agency"), None)) for x in c.execute(_only(query, v.id, ids))
    )
    return {id: agency for id, agency in chains if agency}


def actions(c: sa.Connection, ids: Ids = None) -> dict[str, str]:
    """Commitment → the words of its action."""
    m = schema.commitment.c
    return {x.id: x.text for x in c.execute(_only(sa.select(m.id, m.text), m.id, ids))}


def _parties(c: sa.Connection, role: str, items: Ids) -> tuple[dict[str, frozenset[str]], dict[str, dict[str, str]]]:
    """Item → its parties in a role: clusters where the phrase is resolved, else the folded name of whom the report means, else the folded phrase; and
    item → how its folded ones are spelled."""
    p, e, t = schema.party.c, schema.entity, schema.cluster.c
    query = (
        sa.select(p.item, p.text, e.c.name, t.cluster)
        .outerjoin(e, e.c.id == p.entity)
        .outerjoin(schema.cluster, sa.and_(t.layer == "entities", t.item == p.entity))
        .where(p.role == role)
    )
    out: defaultdict[str, set[str]] = defaultdict(set)
    spelled: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for x in c.execute(_only(query, p.item, items)):
        words = " ".join((x.name or x.text).split())
        out[x.item].add(x.cluster or fold(words))
        if not x.cluster:
            spelled[x.item][fold(words)] = words
    return {item: frozenset(found) for item, found in out.items()}, spelled


def _only(query: sa.Select[Any], column: sa.ColumnElement[Any], ids: Iterable[str] | None) -> sa.Select[Any]:
    return query if ids is None else query.where(column.in_(list(ids)))

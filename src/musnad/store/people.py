"""What the pages about actors and their words ask: actors by sector, their spellings and why those are one, what they said and do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from musnad.grammar.folding import fold
from musnad.store import schema
from musnad.store.filters import Filter, Row, Rows, chunks, each, named, page, rows_of, spoken
from musnad.store.store import Store


def actors_page(store: Store, wanted: Filter, sector: str | None = None) -> Rows:
    """Actors, most often named first; `place` is a country's code, `sector` a PLOVER sector."""
    return page(store, _actors(wanted, sector), wanted)


def _actors(wanted: Filter, sector: str | None) -> sa.Select[Any]:
    a = schema.actor.c
    query = sa.select(schema.actor).order_by(a.reports.desc(), a.id)
    if wanted.type:
        query = query.where(a.type == wanted.type.upper())
    for name in (wanted.actor, wanted.query):
        if name:
            query = query.where(sa.or_(a.id == name, named(name)))
    if wanted.place:
        query = query.where(a.country == wanted.place.upper())
    if sector:
        query = query.where(sa.cast(a.sectors, sa.Text).contains(f'"{sector.upper()}"', autoescape=True))
    return query


def suggestions(store: Store, begun: str, types: tuple[str, ...] = (), limit: int = 12) -> list[str]:
    """Names of actors that hold what is typed, most often named first."""
    a = schema.actor.c
    if len(fold(begun)) < 2:
        return []
    query = sa.select(a.name).where(named(begun)).order_by(a.reports.desc(), a.id).limit(limit)
    if types:
        query = query.where(a.type.in_(types))
    return list(dict.fromkeys(str(row["name"]) for row in rows_of(store, query)))


def countries(store: Store) -> list[str]:
    """The countries that actors have, by code."""
    with store.reading() as c:
        return each(c, schema.actor.c.country)


def spellings(store: Store, id: str, limit: int = 40) -> list[Row]:
    """The names that reports give an actor, each with how many do, oftenest first."""
    e, t = schema.entity.c, schema.cluster.c
    query = (
        sa.select(e.name, e.known, sa.func.count().label("reports"), sa.func.min(e.id).label("item"))
        .join(schema.cluster, sa.and_(t.layer == "entities", t.item == e.id))
        .where(t.cluster == id)
        .group_by(e.name, e.known)
        .order_by(sa.desc("reports"), e.name)
        .limit(limit)
    )
    return rows_of(store, query)


def merged_from(store: Store, id: str, limit: int = 40) -> list[Row]:
    """The pairs of spellings that made one actor (or kept others apart), surest first: a, b (names), kind, score, why, and who the other is."""
    t, p = schema.cluster.c, schema.pair.c
    a, b = schema.entity.alias("ea"), schema.entity.alias("eb")
    ta, tb = schema.cluster.alias("ta"), schema.cluster.alias("tb")
    mine = sa.select(t.item).where(t.layer == "entities", t.cluster == id)
    query = (
        sa.select(
            a.c.name.label("a"),
            b.c.name.label("b"),
            p.kind,
            p.score,
            p.why,
            sa.case((ta.c.cluster == id, tb.c.cluster), else_=ta.c.cluster).label("other"),
        )
        .join_from(schema.pair, a, a.c.id == p.a)
        .join(b, b.c.id == p.b)
        .outerjoin(ta, sa.and_(ta.c.layer == "entities", ta.c.item == p.a))
        .outerjoin(tb, sa.and_(tb.c.layer == "entities", tb.c.item == p.b))
        .where(p.layer == "entities", sa.or_(p.a.in_(mine), p.b.in_(mine)))
        .order_by(p.score.desc(), p.a, p.b)
        .limit(limit * 10)
    )
    best: dict[tuple[str | None, ...], Row] = {}
    for row in rows_of(store, query):
        best.setdefault((*sorted((row["a"], row["b"])), row["kind"], row["other"]), row)
    return list(best.values())[:limit]


def statements_page(store: Store, wanted: Filter) -> Rows:
    """Statements, newest report first, each with its report and `speaker_actor` (an actor's id, where the speaker is resolved). `type` is the act."""
    s, r, t = schema.statement.c, schema.report.c, schema.cluster.c
    query = (
        sa.select(schema.statement, r.title, r.outlet, r.published, r.key)
        .join_from(schema.statement, schema.report)
        .order_by(r.published.desc().nullslast(), s.id)
    )
    rows = page(store, spoken(store, query, wanted), wanted)
    entities = sorted({row["speaker_entity"] for row in rows} - {None})
    actor_of: dict[str, str] = {}
    with store.reading() as c:
        for some in chunks(entities):
            found = sa.select(t.item, t.cluster).where(t.layer == "entities", t.item.in_(some))
            actor_of |= {x.item: x.cluster for x in c.execute(found)}
    for row in rows:
        row["speaker_actor"] = actor_of.get(row["speaker_entity"] or "")
    return rows


SPOKEN = 50_000
"""Statements among which speakers are counted: the newest that fit."""


def speakers(store: Store, wanted: Filter, limit: int = 60) -> list[Row]:
    """Who speaks in the newest statements that fit, oftenest first: id, name, type, `count`, and how many of each act in `acts`."""
    s, r, t, a = schema.statement.c, schema.report.c, schema.cluster.c, schema.actor.c
    query = sa.select(s.speaker_entity, s.act).join_from(schema.statement, schema.report).where(s.speaker_entity.is_not(None))
    query = spoken(store, query, replace(wanted, limit=SPOKEN)).order_by(r.published.desc().nullslast(), r.seq.desc()).limit(SPOKEN)
    newest = query.subquery("newest")
    counted = (
        sa.select(t.cluster, newest.c.act, sa.func.count())
        .join_from(newest, schema.cluster, sa.and_(t.layer == "entities", t.item == newest.c.speaker_entity))
        .group_by(t.cluster, newest.c.act)
    )
    found: dict[str, Row] = {}
    with store.reading() as c:
        for id, act, n in c.execute(counted):
            row = found.setdefault(id, {"id": id, "count": 0, "acts": {}})
            row["count"] += n
            row["acts"][act] = n
    best = sorted(found.values(), key=lambda row: (-row["count"], row["id"]))[:limit]
    who = {x["id"]: x for x in rows_of(store, sa.select(a.id, a.name, a.name_en, a.type).where(a.id.in_([row["id"] for row in best])))}
    return [row | who[row["id"]] for row in best if row["id"] in who]


def top_actors(store: Store, limit: int = 12) -> list[Row]:
    """The actors that most reports name."""
    a = schema.actor.c
    return rows_of(store, sa.select(a.id, a.name, a.name_en, a.type, a.country, a.reports).order_by(a.reports.desc(), a.id).limit(limit))


def names_of(store: Store, ids: list[str]) -> dict[str, str]:
    """Actors' names by id."""
    a = schema.actor.c
    return {x["id"]: x["name"] for x in rows_of(store, sa.select(a.id, a.name).where(a.id.in_(ids)))} if ids else {}

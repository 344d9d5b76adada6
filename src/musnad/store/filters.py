"""What is asked of the record, and the parts that its questions share: who is meant, which happenings fit, which page of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from musnad.grammar.folding import fold
from musnad.store import schema
from musnad.store.cursors import FIRST, walk
from musnad.store.redaction import veil_for
from musnad.store.search import matching
from musnad.store.store import Store

Row = dict[str, Any]


class Rows(list[Row]):
    """The rows of a page. `after` is the cursor of the next page (see `Filter.after`), None on the last."""

    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is wanted. `actor` and `place` are ids or (parts of) names, days are ISO and inclusive, `sources` the fewest independent sources,
    `after` the cursor that the page before gave (`Rows.after`)."""

    query: str | None = None
    type: str | None = None
    actor: str | None = None
    place: str | None = None
    since: str | None = None
    until: str | None = None
    status: str | None = None
    outlet: str | None = None
    sources: int = 0
    limit: int = 50
    after: str | None = None


def happenings(store: Store, query: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
    """A query over happening, narrowed to those that fit."""
    h, p = schema.happening.c, schema.took_part.c
    query = within(query, h.day, wanted)
    if wanted.type:
        query = query.where(h.type == wanted.type.upper())
    if wanted.status == "contested":
        query = query.where(sa.cast(h.contested, sa.Text) != "[]")
    elif wanted.status:
        query = query.where(h.status == wanted.status)
    if wanted.sources:
        query = query.where(h.independent >= wanted.sources)
    if wanted.place:
        query = query.where(sa.or_(h.place_actor == wanted.place, h.place.contains(wanted.place, autoescape=True)))
    if wanted.actor:
        with store.reading() as c:
            ids = actor_ids(c, wanted.actor)
        query = query.where(h.id.in_(sa.select(p.happening).where(p.actor.in_(ids))))
    if wanted.outlet or wanted.query:
        query = query.where(h.id.in_(_told_in(store, wanted)))
    return query


def _told_in(store: Store, wanted: Filter) -> sa.Select[Any]:
    e, r = schema.event.c, schema.report.c
    query = (
        sa.select(schema.cluster.c.cluster)
        .join(schema.event, sa.and_(schema.cluster.c.layer == "events", schema.cluster.c.item == e.id))
        .join(schema.report, r.id == e.report)
    )
    if wanted.outlet:
        query = query.where(r.outlet == wanted.outlet)
    if wanted.query:
        hits = matching(store.dialect, wanted.query)
        query = query.join(hits, hits.c.seq == r.seq)
    return query


def reported(store: Store, query: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
    """A query over report, narrowed to those that fit; the full text aside."""
    r, e, t = schema.report.c, schema.entity.c, schema.cluster.c
    query = within(query, r.published, wanted)
    if wanted.outlet:
        query = query.where(r.outlet == wanted.outlet)
    if wanted.actor:
        with store.reading() as c:
            ids = actor_ids(c, wanted.actor)
        inside = sa.select(e.report).join(schema.cluster, sa.and_(t.layer == "entities", t.item == e.id))
        query = query.where(r.id.in_(inside.where(t.cluster.in_(ids))))
    return query


def actor_ids(c: sa.Connection, name: str) -> list[str]:
    """The ids of the actors that a name or id means: the id itself, else those that bear the name exactly, else those whose names hold it."""
    a = schema.actor.c
    if c.execute(sa.select(a.id).where(a.id == name)).first():
        return [name]
    folded = fold(name)
    exact = sa.or_(a.key == folded, *(a.key.like(pattern) for pattern in (f"{folded}|%", f"%|{folded}", f"%|{folded}|%")))
    found = list(c.execute(sa.select(a.id).where(exact)).scalars())
    return found or list(c.execute(sa.select(a.id).where(named(name)).limit(500)).scalars())


def named(name: str) -> sa.ColumnElement[bool]:
    return schema.actor.c.key.contains(fold(name), autoescape=True)


def within(query: sa.Select[Any], column: sa.ColumnElement[Any], wanted: Filter) -> sa.Select[Any]:
    if wanted.since:
        query = query.where(column >= wanted.since)
    if wanted.until:
        query = query.where(column <= wanted.until + "~")  # "~" sorts after any time of that day
    return query


def page(store: Store, query: sa.Select[Any], wanted: Filter) -> Rows:
    """One page of rows, with the cursor of the next: a number of rows or, where `after` is such a one, a cursor that stays true while rows come in
    (`cursors.FIRST` asks for the first page with those). Limit 0 is everything. Raises StoreError for a cursor of another list."""
    if wanted.limit and (wanted.after or "").startswith(FIRST):
        with store.reading() as c:
            walked = walk(c, query, wanted.after or FIRST, wanted.limit)
        found = Rows(rows_of(store, walked.query.limit(wanted.limit + 1)))
        more = len(found) > wanted.limit
        del found[wanted.limit :]
        after = walked.cursor(found)
        found.after = after if more else None
        return found
    start = int(wanted.after) if wanted.after and wanted.after.isdigit() else 0
    query = query.offset(start) if start else query
    if not wanted.limit:
        return Rows(rows_of(store, query))
    found = Rows(rows_of(store, query.limit(wanted.limit + 1)))
    if len(found) > wanted.limit:
        found.pop()
        found.after = str(start + wanted.limit)
    return found


def rows_of(store: Store, query: sa.Select[Any]) -> list[Row]:
    veil = veil_for(store)
    with store.reading() as c:
        return [veil(dict(x)) for x in c.execute(query).mappings()]

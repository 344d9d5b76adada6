"""Questions to the record, the same for the command line, the exports, the API and the pages. Every row says where it stands: report, outlet, day, span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from musnad.store import schema
from musnad.store.filters import Filter, Row, Rows, actor_ids, bound, chunks, happenings, lined_up, named, page, reported, rows_of, spoken
from musnad.store.overview import actor_offices, by_day, dealings, overview, points
from musnad.store.redaction import veil_for
from musnad.store.search import RANKED, highlights, matching, meets
from musnad.store.store import Store

__all__ = (
    "Filter",
    "Row",
    "Rows",
    "actor",
    "actor_ids",
    "actor_offices",
    "actors",
    "by_day",
    "claims",
    "commitments",
    "dealings",
    "deaths",
    "events",
    "facets",
    "family",
    "lineage",
    "overview",
    "points",
    "reports",
    "statements",
    "steps",
    "tellings",
)


def reports(store: Store, wanted: Filter) -> Rows:
    """Reports that fit, best first where there is a query (each with `marks`, the ranges of the title that it meets), else newest first."""
    r = schema.report.c
    query: sa.Select[Any] = sa.select(r.seq, r.id, r.key, r.title, r.outlet, r.republisher, r.published, r.url)
    if wanted.query:
        rows = page(store, ranked(store, query, wanted), wanted)
    else:
        query = reported(store, query, wanted).order_by(r.published.desc().nulls_last(), r.seq.desc())
        rows = page(store, query, wanted)
    for row in rows:
        row["marks"] = highlights(row["title"], wanted.query) if wanted.query and row["title"] else []
    return rows


def ranked(store: Store, query: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
    """A query over report, narrowed to what fits a search, the best first."""
    r = schema.report.c
    among = reported(store, sa.select(r.seq), wanted) if any((wanted.outlet, wanted.actor, wanted.since, wanted.until)) else None
    hits = matching(store.dialect, wanted.query or "", among, RANKED[store.dialect] if wanted.limit else None)
    return query.join(hits, hits.c.seq == r.seq).order_by(hits.c.rank, r.seq)


def facets(store: Store, wanted: Filter, column: str = "outlet", limit: int = 20) -> list[tuple[str, int]]:
    """How many of the reports that fit fall on each value of a column of report (`outlet`, or `year`); what is wanted of that column itself doesn't
    narrow them, so that another value can be chosen."""
    r = schema.report.c
    wanted = replace(wanted, since=None, until=None) if column == "year" else replace(wanted, outlet=None)
    value = sa.func.substr(r.published, 1, 4) if column == "year" else r[column]

    def count() -> list[tuple[str, int]]:
        query = reported(store, sa.select(value, sa.func.count()), wanted)
        with store.reading() as c:
            if wanted.query:
                query = query.where(meets(c, wanted.query, r.seq))
            found = c.execute(query.group_by(value).order_by(sa.func.count().desc(), value).limit(limit))
            return [(str(v), n) for v, n in found if v]

    return list(store.kept(("facets", column, limit, replace(wanted, limit=0, after=None)), count))


def events(store: Store, wanted: Filter) -> Rows:
    """Happenings, newest first, each with who took part by role."""
    h, p = schema.happening.c, schema.took_part.c
    query = happenings(store, sa.select(schema.happening).order_by(h.day.desc().nulls_last(), h.id), wanted)
    rows, veil = page(store, query, wanted), veil_for(store)
    with store.reading() as c:
        parties = c.execute(
            sa.select(schema.took_part).where(p.happening.in_([row["id"] for row in rows])).order_by(p.role, p.name)
        ).mappings()
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            row["actors"], row["recipients"] = [], []
        for x in parties:
            by_id[x["happening"]][f"{x['role']}s"].append({"id": x["actor"], "name": veil(x["name"])})
    return rows


def tellings(store: Store, happening: str) -> list[Row]:
    """The events that a happening was merged from, oldest report first: trigger, days, status, place, report, and the chain they came through."""
    e, r, s = schema.event.c, schema.report.c, schema.statement.c
    query = (
        sa.select(
            *(x for x in schema.event.c),
            r.title,
            r.outlet,
            r.published,
            r.url,
            r.key,
            s.speaker,
            s.chain,
        )
        .join(schema.cluster, sa.and_(schema.cluster.c.layer == "events", schema.cluster.c.item == e.id))
        .join(schema.report, r.id == e.report)
        .outerjoin(schema.statement, s.id == e.statement)
        .where(schema.cluster.c.cluster == happening)
        .order_by(r.published, e.id)
    )
    return rows_of(store, query)


def actors(store: Store, wanted: Filter) -> Rows:
    """Actors, most often named first. `type` is PER, ORG, LOC or NORP."""
    a = schema.actor.c
    query = sa.select(schema.actor).order_by(a.reports.desc(), a.id)
    if wanted.type:
        query = query.where(a.type == wanted.type.upper())
    name = wanted.actor or wanted.query
    if name:
        query = query.where(named(name))
    if wanted.place:
        query = query.where(a.country == wanted.place.upper())
    return page(store, query, wanted)


def statements(store: Store, wanted: Filter) -> Rows:
    """Statements, newest report first. `type` is the act, `actor` the speaker."""
    s, r = schema.statement.c, schema.report.c
    query = (
        sa.select(schema.statement, r.title, r.outlet, r.published, r.key)
        .join_from(schema.statement, schema.report)
        .order_by(r.published.desc().nulls_last(), s.id)
    )
    return page(store, spoken(store, query, wanted), wanted)


def commitments(store: Store, wanted: Filter, on: str | None = None) -> Rows:
    """Matters by deadline, those without one last. With `on`, those whose deadline has passed by that day without an end are `overdue`."""
    m = schema.matter.c
    query = bound(store, sa.select(schema.matter).order_by(m.deadline_to.asc().nulls_last(), m.id), wanted)
    late = sa.and_(m.deadline_to < on, m.state.not_in(("fulfilled", "withdrawn"))) if on else sa.false()
    if wanted.status == "overdue":
        query = query.where(late)
    elif wanted.status:
        query = query.where(m.state == wanted.status, sa.or_(m.deadline_to.is_(None), sa.not_(late)))
    rows = page(store, query, wanted)
    for row in rows:
        if on and row["deadline_to"] and row["deadline_to"] < on and row["state"] not in ("fulfilled", "withdrawn"):
            row["state"] = "overdue"
    return rows


def steps(store: Store, ids: Sequence[str]) -> list[Row]:
    """The commitments of these ids, oldest report first, with their evidence."""
    m, r = schema.commitment.c, schema.report.c
    query = (
        sa.select(schema.commitment, r.title, r.outlet, r.published, r.key)
        .join_from(schema.commitment, schema.report)
        .where(m.id.in_(ids))
        .order_by(r.published, m.id)
    )
    with store.reading() as c:
        veil = veil_for(store)
        rows = [veil(dict(x)) for x in c.execute(query).mappings()]
        p = schema.party.c
        parties = c.execute(sa.select(p.item, p.role, p.text).where(p.item.in_(ids)).order_by(p.n)).all()
    for row in rows:
        row["by"] = [veil(x.text) for x in parties if x.item == row["id"] and x.role == "by"]
        row["to"] = [veil(x.text) for x in parties if x.item == row["id"] and x.role == "to"]
    return rows


def claims(store: Store, wanted: Filter) -> Rows:
    """Lines of the ledger, most independent sources first, each with its claims. `type` is the unit, `status` may be contested."""
    t = schema.ledger.c
    query = sa.select(schema.ledger).order_by(t.independent.desc(), t.count.desc(), t.id)
    rows = page(store, lined_up(store, query, wanted), wanted)
    f, r, a = schema.figure.c, schema.report.c, schema.actor.c
    shown = {i for row in rows for i in row["claims"]}
    subjects = {i for row in rows for i in row["subject"].split("+")}
    told = sa.select(schema.figure, r.outlet, r.published, r.key, r.title).join_from(schema.figure, schema.report)
    veil = veil_for(store)
    with store.reading() as c:
        figures = {x["id"]: dict(x) for some in chunks(shown) for x in c.execute(told.where(f.id.in_(some))).mappings()}
        names = {x.id: x.name for some in chunks(subjects) for x in c.execute(sa.select(a.id, a.name).where(a.id.in_(some)))}
    for row in rows:
        row["claims"] = [veil(figures[i]) for i in row["claims"] if i in figures]
        row["about"] = veil([names[i] for i in row["subject"].split("+") if i in names])
    return rows


def lineage(store: Store, wanted: Filter) -> Rows:
    """Pairs of copied reports by the keys that the input gave, surest first; `type` is copy, excerpt or update."""
    p, a, b = schema.pair.c, schema.report.alias("ra"), schema.report.alias("rb")
    query = (
        sa.select(
            a.c.key.label("a"),
            b.c.key.label("b"),
            p.kind,
            sa.case((p.original == p.a, a.c.key), (p.original == p.b, b.c.key), else_=None).label("original"),
            p.score,
            p.why,
        )
        .join(a, a.c.id == p.a)
        .join(b, b.c.id == p.b)
        .where(p.layer == "reports")
        .order_by(p.score.desc(), p.a, p.b)
    )
    if wanted.type:
        query = query.where(p.kind == wanted.type)
    return page(store, query, wanted)


def family(store: Store, report: str) -> list[Row]:
    """The reports of one report's family, oldest first."""
    t, r = schema.cluster.c, schema.report.c
    mine = sa.select(t.cluster).where(t.layer == "reports", t.item == report).scalar_subquery()
    query = (
        sa.select(r.id, r.key, r.title, r.outlet, r.republisher, r.published)
        .join(schema.cluster, sa.and_(t.layer == "reports", t.item == r.id))
        .where(t.cluster == mine)
        .order_by(r.published, r.seq)
    )
    return rows_of(store, query)


def actor(store: Store, id: str) -> Row | None:
    """One actor, or None."""
    found = rows_of(store, sa.select(schema.actor).where(schema.actor.c.id == id))
    return found[0] if found else None


def deaths(store: Store, told: Sequence[Row]) -> tuple[float | None, float | None, float | None]:
    """Lowest, best and highest number of dead that the tellings give; best is the last published. None where no telling gives any."""
    ids = [f for t in told for f in t["data"]["figures"]]
    f, r = schema.figure.c, schema.report.c
    with store.reading() as c:
        rows = c.execute(
            sa.select(f.low, f.high)
            .join_from(schema.figure, schema.report)
            .where(f.id.in_(ids), f.unit == "person killed")
            .order_by(r.published)
        ).all()
    if not rows:
        return None, None, None
    return min(x.low for x in rows), rows[-1].high, max(x.high for x in rows)

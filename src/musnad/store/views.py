"""What the pages about happenings ask beyond `queries`: in any order, with who took part, through which chains told, and why merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from musnad.grammar.folding import fold
from musnad.store import schema
from musnad.store.filters import Filter, Row, Rows, each, happenings, page, reported, rows_of
from musnad.store.redaction import Veil, veil_for
from musnad.store.search import hits, meets
from musnad.store.store import Store

ORDERS = ("day", "oldest", "sources", "tellings", "doubt")
"""How happenings can be put in order: newest or oldest first, most independent sources, most tellings, least certain."""


_COUNTED = 1000
"""How far is counted what a list holds: nobody reads on to its end, but how long it is may take long to find out."""


def happenings_page(store: Store, wanted: Filter, order: str = "day") -> Rows:
    """Happenings that fit, in an order of ORDERS, each with its `actors` and `recipients` (id, name)."""
    h = schema.happening.c
    newest = (h.day.desc().nullslast(), h.id)
    orders = {
        "day": newest,
        "oldest": (h.day.asc().nullslast(), h.id),
        "sources": (h.independent.desc(), h.tellings.desc(), *newest),
        "tellings": (h.tellings.desc(), *newest),
        "doubt": (h.confidence, h.id),
    }
    rows = page(store, happenings(store, sa.select(schema.happening).order_by(*orders.get(order, newest)), wanted), wanted)
    with_parties(store, rows)
    return rows


def with_parties(store: Store, rows: list[Row]) -> list[Row]:
    """Happenings with their `actors` and `recipients`."""
    p, a = schema.took_part.c, schema.actor.c
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        row["actors"], row["recipients"] = [], []
    query = (
        sa.select(p.happening, p.role, p.actor, p.name, a.id.label("known"))
        .outerjoin(schema.actor, a.id == p.actor)
        .where(p.happening.in_(list(by_id)))
        .order_by(p.role, p.name)
    )
    for x in rows_of(store, query) if rows else ():
        by_id[x["happening"]][f"{x['role']}s"].append({"id": x["known"], "name": x["name"]})
    return rows


def with_words(store: Store, rows: list[Row]) -> list[Row]:
    """Happenings with the words of their first telling: its `report`, `trigger` and `sentence` (a happening has the id of one of its tellings)."""
    e = schema.event.c
    query = sa.select(e.id, e.report, e.text, e.sentence).where(e.id.in_([row["id"] for row in rows]))
    told = {x["id"]: x for x in rows_of(store, query)} if rows else {}
    for row in rows:
        x = told.get(row["id"], {})
        row["report"], row["trigger"], row["sentence"] = x.get("report"), x.get("text"), x.get("sentence")
    return rows


def happening(store: Store, id: str) -> Row | None:
    """One happening with who took part, or None. The id of any of its tellings will do."""
    t = schema.cluster.c
    member = sa.select(t.cluster).where(t.layer == "events", t.item == id).scalar_subquery()
    found = rows_of(store, sa.select(schema.happening).where(schema.happening.c.id == sa.func.coalesce(member, id)))
    return with_parties(store, found)[0] if found else None


def how_many(store: Store, query: sa.Select[Any], most: int = _COUNTED) -> tuple[int, bool]:
    """How many rows a query has, counted up to `most`, and whether there are more."""
    with store.reading() as c:
        n = c.execute(sa.select(sa.func.count()).select_from(query.order_by(None).limit(most + 1).subquery())).scalar_one()
    return min(n, most), n > most


def count_happenings(store: Store, wanted: Filter) -> tuple[int, bool]:
    """How many happenings fit, counted up to a thousand."""
    return how_many(store, happenings(store, sa.select(schema.happening.c.id), replace(wanted, limit=_COUNTED + 1)))


def count_reports(store: Store, wanted: Filter) -> tuple[int, bool]:
    """How many reports a search finds in full text, counted up to a thousand. Raises StoreError where there is nothing to search for."""
    r = schema.report.c
    query = reported(store, sa.select(r.seq), wanted)
    with store.reading() as c:
        if not any((wanted.outlet, wanted.actor, wanted.since, wanted.until)):
            n = hits(c, wanted.query or "", _COUNTED + 1)
            return min(n, _COUNTED), n > _COUNTED
        query = query.where(meets(c, wanted.query or "", r.seq))
    return how_many(store, query)


def types_found(store: Store, wanted: Filter) -> list[tuple[str, int]]:
    """In how many of the reports that a search finds there are events of each type; for searches that find few."""
    e, r = schema.event.c, schema.report.c
    found = reported(store, sa.select(r.id), wanted)
    with store.reading() as c:
        found = found.where(meets(c, wanted.query or "", r.seq))
        query = sa.select(e.type, sa.func.count(e.report.distinct())).where(e.report.in_(found)).group_by(e.type)
        return sorted(((str(type), int(n)) for type, n in c.execute(query)), key=lambda x: (-x[1], x[0]))


def lines(store: Store, ids: Sequence[str]) -> dict[str, bytes]:
    """The packed lines of reports by id."""
    r = schema.report.c
    with store.reading() as c:
        return {x.id: x.line for x in c.execute(sa.select(r.id, r.line).where(r.id.in_(ids)))}


def with_chains(store: Store, told: list[Row]) -> list[Row]:
    """Tellings, each with its parties (`actors`, `recipients`), its figures, and `source`: what it counts as among independent chains, which is the
    agency it comes through, else its report's family of copies."""
    items = [x["id"] for x in told]
    p, t, f, a = schema.party.c, schema.cluster.c, schema.figure.c, schema.actor.c
    of: defaultdict[str, list[Row]] = defaultdict(list)
    parties = (
        sa.select(p.item, p.role, p.text, t.cluster.label("id"))
        .outerjoin(schema.cluster, sa.and_(t.layer == "entities", t.item == p.entity))
        .where(p.item.in_(items))
        .order_by(p.n)
    )
    for x in rows_of(store, parties):
        of[x["item"]].append(x)
    figures = {
        x["id"]: x for x in rows_of(store, sa.select(schema.figure).where(f.id.in_([i for x in told for i in x["data"]["figures"]])))
    }
    claimed = {i for x in told for i in x["data"]["claimed_by"]}
    holders = sa.select(t.item, a.id, a.name).join_from(schema.cluster, schema.actor, a.id == t.cluster)
    names = {x["item"]: x for x in rows_of(store, holders.where(t.layer == "entities", t.item.in_(claimed)))} if claimed else {}
    families = sa.select(t.item, t.cluster).where(t.layer == "reports", t.item.in_({x["report"] for x in told}))
    with store.reading() as c:
        family = {x.item: x.cluster for x in c.execute(families)}
    for x in told:
        for role in ("actor", "recipient"):
            x[f"{role}s"] = [y for y in of[x["id"]] if y["role"] == role]
        x["figures"] = [figures[i] for i in x["data"]["figures"] if i in figures]
        x["claimed_by"] = [names[i] for i in x["data"]["claimed_by"] if i in names]
        agency = next((link["name"] for link in x["chain"] or () if link["link"] == "agency"), None)
        x["agency"] = agency
        x["source"] = fold(agency) if agency else family.get(x["report"], x["report"])
    return told


def merges(store: Store, layer: str, members: Iterable[str], limit: int = 60) -> list[Row]:
    """The machine's pairs about items, surest first: a, b, kind, score, why, and the cluster that each of the two is in now."""
    p, ids = schema.pair, list(members)
    ta, tb = schema.cluster.alias("ta"), schema.cluster.alias("tb")
    query = (
        sa.select(p.c.a, p.c.b, p.c.kind, p.c.score, p.c.why, ta.c.cluster.label("in_a"), tb.c.cluster.label("in_b"))
        .outerjoin(ta, sa.and_(ta.c.layer == layer, ta.c.item == p.c.a))
        .outerjoin(tb, sa.and_(tb.c.layer == layer, tb.c.item == p.c.b))
        .where(p.c.layer == layer, sa.or_(p.c.a.in_(ids), p.c.b.in_(ids)))
        .order_by(p.c.score.desc(), p.c.a, p.c.b)
        .limit(limit)
    )
    return rows_of(store, query)


def brief_events(store: Store, ids: Iterable[str]) -> dict[str, Row]:
    """Events as told, by id: type, trigger, day, report and outlet."""
    e, r = schema.event.c, schema.report.c
    query = sa.select(e.id, e.type, e.text, e["from"], e.report, r.outlet, r.published, r.title, r.key).join_from(
        schema.event, schema.report
    )
    return {x["id"]: x for x in rows_of(store, query.where(e.id.in_(list(ids))))}


def place_of(store: Store, actor: str | None) -> Row | None:
    """Where an actor that is a place lies: lat, lon, country and why; None where that isn't known."""
    if not actor:
        return None
    with store.reading() as c:
        found: Row | None = c.execute(sa.select(schema.actor.c.place).where(schema.actor.c.id == actor)).scalar()
    return found


def least_certain(store: Store) -> Row | None:
    """The event that the reader was least certain of and nobody has judged yet, with its report."""
    e, r, j = schema.event.c, schema.report.c, schema.judgement.c
    query = (
        sa.select(schema.event, r.title, r.outlet, r.published, r.key)
        .join_from(schema.event, schema.report)
        .where(~sa.exists().where(j.item == e.id, j.verdict.in_(schema.OF_ITEMS)))
        .order_by(e.confidence, e.id)
        .limit(1)
    )
    found = rows_of(store, query)
    return found[0] if found else None


def over_time(store: Store) -> list[Row]:
    """How many reports were published by `day`, oldest first; by month or year where the record runs long. Gaps are left out."""
    published = schema.report.c.published
    dated = sa.select(published).where(published.is_not(None)).limit(1)
    with store.reading() as c:
        first, last = (c.execute(dated.order_by(order)).scalar() for order in (published.asc(), published.desc()))
        if not first or not last:
            return []
        years = int(last[:4]) - int(first[:4])
        cut = 4 if years > 11 else 7 if first[:7] != last[:7] else 10
        day = sa.func.substr(published, 1, cut)
        query = sa.select(day, sa.func.count()).where(published >= first).group_by(day)
        return sorted(({"day": str(d), "count": int(n)} for d, n in c.execute(query)), key=lambda row: str(row["day"]))


def outlets(store: Store) -> list[str]:
    """The outlets of the record, by name."""
    with store.reading() as c:
        return each(c, schema.report.c.outlet)


def veil(store: Store) -> Veil:
    """A function that veils the names that are taken out, in texts that come straight from lines."""
    return veil_for(store)

"""The record from above: what is new, contested and due, and happenings counted by day, place and pair of actors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from musnad.codes import plover
from musnad.store import schema
from musnad.store.filters import Filter, Row, happenings, rows_of
from musnad.store.redaction import veil_for
from musnad.store.store import Store

SOON = 30
"""Days ahead in which a commitment falls due "soon"."""
LONG = 200
"""Days of a range from which happenings are counted by month."""
_ENDED = ("fulfilled", "withdrawn")


def overview(store: Store, on: str | None = None, limit: int = 8) -> Row:
    """The record at a glance on a day (today where none is given): `counts` of each layer, `days` (day of publication, reports: the latest thirty that
    have any), the `newest` reports, the `contested` happenings and `claims`, and the commitments `due` within thirty days and `overdue`."""
    today = on or date.today().isoformat()
    soon = (date.fromisoformat(today[:10]) + timedelta(days=SOON)).isoformat()
    r, h, t, m = schema.report.c, schema.happening.c, schema.ledger.c, schema.matter.c
    published = sa.func.substr(r.published, 1, 10)
    layers = {
        "reports": schema.report,
        "actors": schema.actor,
        "events": schema.happening,
        "statements": schema.statement,
        "commitments": schema.matter,
        "claims": schema.ledger,
    }
    with store.reading() as c:
        counts = {name: c.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for name, table in layers.items()}
        by_day = sa.select(published, sa.func.count()).where(r.published.is_not(None)).group_by(published).order_by(published.desc())
        days = [(str(day), int(n)) for day, n in c.execute(by_day.limit(30))]
    newest = sa.select(r.id, r.key, r.title, r.outlet, r.republisher, r.published, r.url)
    contested = sa.select(schema.happening).where(sa.cast(h.contested, sa.Text) != "[]").order_by(h.independent.desc(), h.day.desc(), h.id)
    lines = sa.select(schema.ledger).where(t.contested).order_by(t.independent.desc(), t.count.desc(), t.id)
    open_ = sa.select(schema.matter).where(m.state.not_in(_ENDED))
    return {
        "on": today,
        "counts": counts,
        "days": days,
        "newest": rows_of(store, newest.order_by(sa.func.coalesce(r.published, "").desc(), r.seq.desc()).limit(limit)),
        "contested": rows_of(store, contested.limit(limit)),
        "claims": rows_of(store, lines.limit(limit)),
        "due": rows_of(store, open_.where(m.deadline_to.between(today, soon)).order_by(m.deadline_to, m.id).limit(limit)),
        "overdue": rows_of(store, open_.where(m.deadline_to < today).order_by(m.deadline_to.desc(), m.id).limit(limit)),
    }


def by_day(store: Store, wanted: Filter) -> list[Row]:
    """How many of the happenings that fit there are by `day` and `type`, oldest first. Over long ranges `day` is a month (`2014-09`)."""
    h = schema.happening.c
    with store.reading() as c:
        first, last = c.execute(happenings(store, sa.select(sa.func.min(h.day), sa.func.max(h.day)), wanted)).one()
        if not first:
            return []
        long = (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days > LONG
        day = sa.func.substr(h.day, 1, 7 if long else 10)
        query = sa.select(day.label("day"), h.type, sa.func.count().label("count")).where(h.day.is_not(None))
        query = happenings(store, query, wanted).group_by(day, h.type).order_by(day, h.type)
        return [dict(x) for x in c.execute(query).mappings()]


def points(store: Store, wanted: Filter, limit: int = 2000) -> list[Row]:
    """The happenings that fit and whose place has coordinates, newest first: id, type, mode, status, day, place, `place_actor`, `lat`, `lon` (degrees),
    `precision` (place, or country where only the country is known), tellings, independent."""
    h, a = schema.happening.c, schema.actor.c
    query = sa.select(
        h.id, h.type, h.mode, h.status, h.day, h.place, h.place_actor, h.tellings, h.independent, a.place.label("at"), a.known
    ).join_from(schema.happening, schema.actor, a.id == h.place_actor)
    query = happenings(store, query, wanted).where(sa.cast(a.place, sa.Text) != "null")
    rows = rows_of(store, query.order_by(sa.func.coalesce(h.day, "").desc(), h.id).limit(limit))
    for row in rows:
        at, known = row.pop("at"), row.pop("known")
        row["lat"], row["lon"] = at["lat"], at["lon"]
        row["precision"] = "country" if known and known == at["country"] else "place"
    return rows


def dealings(store: Store, wanted: Filter, limit: int = 60) -> Row:
    """Who deals with whom in the happenings that fit: `edges` (a, b, count, and quad class → count in `quads`), the busiest first, and their `nodes`
    (id, name, type, country, count). Direction is left out; with an actor in the filter these are his dealings, and those of his partners in them."""
    h, p, a = schema.happening.c, schema.took_part.c, schema.actor.c
    query = sa.select(h.id, h.type, p.actor).join_from(schema.happening, schema.took_part, p.happening == h.id)
    query = happenings(store, query, wanted).where(p.actor.in_(sa.select(a.id))).distinct().order_by(h.id)
    together: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    with store.reading() as c:
        for id, type, who in c.execute(query):
            together[id, type].add(who)
        found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for (_, type), actors in together.items():
            for x, y in _pairs(sorted(actors)):
                found[x, y][plover()[type].quad] += 1
        edges = sorted(found.items(), key=lambda e: (-e[1].total(), e[0]))[:limit]
        weight: Counter[str] = Counter()
        for pair, quads in edges:
            weight.update(dict.fromkeys(pair, quads.total()))
        named = sa.select(a.id, a.name, a.name_en, a.type, a.country).where(a.id.in_(list(weight)))
        nodes = [dict(x) | {"count": weight[x["id"]]} for x in c.execute(named).mappings()]
    return {
        "nodes": veil_for(store)(sorted(nodes, key=lambda n: (-n["count"], n["id"]))),
        "edges": [{"a": x, "b": y, "count": quads.total(), "quads": dict(quads)} for (x, y), quads in edges],
    }


def _pairs(actors: list[str]) -> Iterable[tuple[str, str]]:
    return ((x, y) for i, x in enumerate(actors) for y in actors[i + 1 :])


def actor_offices(store: Store, id: str) -> list[Row]:
    """The offices that reports give an actor, by the first day they do: `title` (as written most often), `of` (id and name, or None), `first` and `last`
    day of publication, and the `reports` that say so, oldest first, with the words' place (report, key, outlet, published, start, end, text)."""
    e, r, t, a = schema.entity.c, schema.report.c, schema.cluster.c, schema.actor.c
    mine = sa.select(t.item).where(t.layer == "entities", t.cluster == id)
    query = (
        sa.select(e.data, r.id, r.key, r.outlet, r.published)
        .join_from(schema.entity, schema.report)
        .where(e.id.in_(mine))
        .order_by(r.published, r.id)
    )
    found: defaultdict[tuple[str, str | None], list[Row]] = defaultdict(list)
    with store.reading() as c:
        said = [(office, x) for x in c.execute(query) for office in x.data["offices"]]
        holders = {office["of"] for office, _ in said if office["of"]}
        cluster_of = {x.item: x.cluster for x in c.execute(sa.select(t.item, t.cluster).where(t.layer == "entities", t.item.in_(holders)))}
        names = {x.id: x.name for x in c.execute(sa.select(a.id, a.name).where(a.id.in_(set(cluster_of.values()))))}
    for office, x in said:
        place = {"report": x.id, "key": x.key, "outlet": x.outlet, "published": x.published}
        span = {k: office[k] for k in ("start", "end", "text")}
        found[office["title"], cluster_of.get(office["of"])].append(place | span)
    rows: list[dict[str, Any]] = []
    for (title, of), reports in found.items():
        days = sorted(x["published"] for x in reports if x["published"])
        rows.append(
            {
                "title": title,
                "of": {"id": of, "name": names.get(of, "")} if of else None,
                "first": days[0] if days else None,
                "last": days[-1] if days else None,
                "reports": reports,
            }
        )
    rows.sort(key=lambda row: (row["first"] or "", row["title"]))
    return [veil_for(store)(row) for row in rows]

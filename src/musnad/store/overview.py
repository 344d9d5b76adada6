"""The record from above: what is new, contested and due, and happenings counted by day, place and pair of actors."""

from __future__ import annotations

from collections import Counter, defaultdict
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import sqlalchemy as sa

from musnad.codes import plover
from musnad.store import schema
from musnad.store.filters import Filter, Row, chunks, happenings, rows_of
from musnad.store.redaction import veil_for
from musnad.store.store import Store

SOON = 30
"""Days ahead in which a commitment falls due "soon"."""
LONG = 7
"""Months of a range from which happenings are counted by month."""
_DEALINGS = 2000
"""Happenings from which dealings are drawn."""
_ENDED = ("fulfilled", "withdrawn")


def overview(store: Store, on: str | None = None, limit: int = 8) -> Row:
    """The record at a glance on a day (today where none is given): `counts` of each layer, `days` (day of publication, reports: the latest thirty that
    have any), the `newest` reports, the newest `contested` happenings, the `claims` that most sources contest, and the commitments `due` within thirty
    days and `overdue`, the latest first."""
    today = on or date.today().isoformat()
    return deepcopy(store.kept(("overview", today, limit), lambda: _overview(store, today, limit)))


def _overview(store: Store, today: str, limit: int) -> Row:
    soon = (date.fromisoformat(today[:10]) + timedelta(days=SOON)).isoformat()
    r, h, t, m = schema.report.c, schema.happening.c, schema.ledger.c, schema.matter.c
    newest = sa.select(r.id, r.key, r.title, r.outlet, r.republisher, r.published, r.url)
    contested = sa.select(schema.happening).where(schema.CONTESTED).order_by(h.day.desc().nulls_last(), h.id)
    lines = sa.select(schema.ledger).where(t.contested).order_by(t.independent.desc(), t.count.desc(), t.id)
    open_ = sa.select(schema.matter).where(m.state.not_in(_ENDED))
    return {
        "on": today,
        "counts": counts(store),
        "days": _latest_days(store),
        "newest": rows_of(store, newest.order_by(r.published.desc().nulls_last(), r.seq.desc()).limit(limit)),
        "contested": rows_of(store, contested.limit(limit)),
        "claims": rows_of(store, lines.limit(limit)),
        "due": rows_of(store, open_.where(m.deadline_to.between(today, soon)).order_by(m.deadline_to, m.id).limit(limit)),
        "overdue": rows_of(store, open_.where(m.deadline_to < today).order_by(m.deadline_to.desc(), m.id).limit(limit)),
    }


def counts(store: Store) -> dict[str, int]:
    """How much there is in each layer: reports, actors, events (happenings), statements, commitments (matters) and claims (lines of the ledger)."""
    layers = {
        "reports": schema.report,
        "actors": schema.actor,
        "events": schema.happening,
        "statements": schema.statement,
        "commitments": schema.matter,
        "claims": schema.ledger,
    }

    def count() -> dict[str, int]:
        with store.reading() as c:
            return {name: c.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for name, table in layers.items()}

    return dict(store.kept("counts", count))


def _latest_days(store: Store, most: int = 30) -> list[tuple[str, int]]:
    """The latest days on which reports came out, each with their number; walks down the index from day to day."""
    published = schema.report.c.published
    out: list[tuple[str, int]] = []
    before = "~"
    with store.reading() as c:
        while len(out) < most and (last := c.execute(sa.select(sa.func.max(published)).where(published < before)).scalar()):
            day = last[:10]
            query = sa.select(sa.func.count()).select_from(schema.report).where(published >= day, published <= day + "~")
            out.append((day, c.execute(query).scalar_one()))
            before = day
    return out


def by_day(store: Store, wanted: Filter) -> list[Row]:
    """How many of the happenings that fit there are by `day` and `type`, oldest first. Over long ranges `day` is a month (`2014-09`)."""
    asked = replace(wanted, limit=0, after=None)

    def count() -> list[tuple[str, str, int]]:
        day = sa.func.substr(schema.happening.c.day, 1, 10)
        if asked.since and asked.until and 0 <= _months(asked.until) - _months(asked.since) <= LONG:
            return _counted(store, asked, day)
        months = _by_month(store, asked)
        short = months and _months(months[-1][0]) - _months(months[0][0]) <= LONG
        return _counted(store, asked, day) if short else months

    return [{"day": day, "type": type, "count": n} for day, type, n in store.kept(("by_day", asked), count)]


def _by_month(store: Store, wanted: Filter) -> list[tuple[str, str, int]]:
    """By month. What all have by type is counted once for all types."""
    every = Filter(limit=0)
    if not wanted.type or replace(wanted, type=None) != every:
        return _counted(store, wanted, schema.MONTH)
    type, months = wanted.type.upper(), store.kept("months", lambda: _counted(store, every, schema.MONTH))
    return [x for x in months if x[1] == type]


def _counted(store: Store, wanted: Filter, day: sa.ColumnElement[str]) -> list[tuple[str, str, int]]:
    h = schema.happening.c
    query = happenings(store, sa.select(day, h.type, sa.func.count()), wanted)
    with store.reading() as c:
        # What has no day is left out here: to ask for it would cost a look at each row beside the index.
        return sorted((str(x[0]), str(x[1]), int(x[2])) for x in c.execute(query.group_by(day, h.type)) if x[0])


def _months(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7])


def points(store: Store, wanted: Filter, limit: int = 2000) -> list[Row]:
    """The happenings that fit and whose place has coordinates, newest first: id, type, mode, status, day, place, `place_actor`, `lat`, `lon` (degrees),
    `precision` (place, or country where only the country is known), tellings, independent."""
    asked = replace(wanted, limit=limit, after=None)
    return [dict(row) for row in store.kept(("points", asked), lambda: _points(store, asked))]


def _points(store: Store, wanted: Filter) -> list[Row]:
    h, a = schema.happening.c, schema.actor.c
    query = sa.select(h.id, h.type, h.mode, h.status, h.day, h.place, h.place_actor, h.tellings, h.independent)
    query = happenings(store, query, wanted).where(h.place_actor.is_not(None)).order_by(h.day.desc().nulls_last(), h.id)
    places: dict[str, Row | None] = {}
    out: list[Row] = []
    veil = veil_for(store)
    with store.reading() as c, store.reading() as aside:
        result = c.execution_options(yield_per=500).execute(query)
        names = list(result.keys())
        for some in result.partitions(500):
            new = {x.place_actor for x in some} - places.keys()
            places |= dict.fromkeys(new)
            for x in aside.execute(sa.select(a.id, a.known, a.place).where(a.id.in_(new), sa.cast(a.place, sa.Text) != "null")):
                precision = "country" if x.known and x.known == x.place["country"] else "place"
                places[x.id] = {"lat": x.place["lat"], "lon": x.place["lon"], "precision": precision}
            out += [veil(dict(zip(names, x, strict=True))) | at for x in some if (at := places[x.place_actor])]
            if len(out) >= wanted.limit:
                break
    return out[: wanted.limit]


def dealings(store: Store, wanted: Filter, limit: int = 60) -> Row:
    """Who deals with whom in the happenings that fit, the newest two thousand of them: `edges` (a, b, count, and quad class → count in `quads`), the
    busiest first, and their `nodes` (id, name, type, country, count). Direction is left out; with an actor in the filter these are his dealings, and
    those of his partners in them."""
    asked = replace(wanted, limit=0, after=None)
    return deepcopy(store.kept(("dealings", asked, limit), lambda: _dealings(store, asked, limit)))


def _dealings(store: Store, wanted: Filter, limit: int) -> Row:
    h, p, a = schema.happening.c, schema.took_part.c, schema.actor.c
    newest = (
        happenings(store, sa.select(h.id, h.type), replace(wanted, limit=_DEALINGS))
        .order_by(h.day.desc().nulls_last(), h.id)
        .limit(_DEALINGS)
    )
    together: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    with store.reading() as c:
        these = newest.subquery("newest")
        for x in c.execute(sa.select(these.c.id, these.c.type, p.actor).join_from(these, schema.took_part, p.happening == these.c.id)):
            together[x.id, x.type].add(x.actor)
        found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for (_, type), actors in together.items():
            for pair in combinations(sorted(actors), 2):
                found[pair][plover()[type].quad] += 1
        # Phrases that stand for nobody known are no nodes; some more edges are taken than are shown, so that enough are left without theirs.
        busiest = sorted(found.items(), key=lambda e: (-e[1].total(), e[0]))
        shown: list[tuple[tuple[str, str], Counter[str]]] = []
        names: dict[str, Row | None] = {}
        for n in range(0, len(busiest), 200):
            some_edges = busiest[n : n + 200]
            new = {x for pair, _ in some_edges for x in pair} - names.keys()
            names |= dict.fromkeys(new)
            named = sa.select(a.id, a.name, a.name_en, a.type, a.country).where(a.id.in_(new))
            names |= {x["id"]: dict(x) for x in c.execute(named).mappings()}
            shown += [(pair, quads) for pair, quads in some_edges if names[pair[0]] and names[pair[1]]]
            if len(shown) >= limit:
                break
    shown = shown[:limit]
    weight: Counter[str] = Counter()
    for pair, quads in shown:
        weight.update(dict.fromkeys(pair, quads.total()))
    nodes = [node | {"count": n} for id, n in weight.items() if (node := names[id])]
    return {
        "nodes": veil_for(store)(sorted(nodes, key=lambda node: (-node["count"], node["id"]))),
        "edges": [{"a": x, "b": y, "count": quads.total(), "quads": dict(quads)} for (x, y), quads in shown],
    }


def actor_offices(store: Store, id: str) -> list[Row]:
    """The offices that reports give an actor, by the first day they do: `title` (as written most often), `of` (id and name, or None), `first` and `last`
    day of publication, and the `reports` that say so, oldest first, with the words' place (report, key, outlet, published, start, end, text)."""
    return deepcopy(store.kept(("offices", id), lambda: _offices(store, id)))


def _offices(store: Store, id: str) -> list[Row]:
    e, r, t, a = schema.entity.c, schema.report.c, schema.cluster.c, schema.actor.c
    mine = sa.select(t.item).where(t.layer == "entities", t.cluster == id)
    query = sa.select(e.data, r.id, r.key, r.outlet, r.published).join_from(schema.entity, schema.report)
    found: defaultdict[tuple[str, str | None], list[Row]] = defaultdict(list)
    with store.reading() as c:
        # Found in the index first: few of those that name an actor give him an office.
        some = chunks(c.execute(sa.select(e.id).where(e.id.in_(mine), schema.HOLDS_OFFICE)).scalars())
        told = [x for ids in some for x in c.execute(query.where(e.id.in_(ids)))]
        said = [(office, x) for x in sorted(told, key=lambda x: (x.published or "", x.id)) for office in x.data["offices"]]
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

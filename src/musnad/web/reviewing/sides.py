"""Two actors or two happenings beside each other, so that a person can see whether they are one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from musnad.store import schema
from musnad.store.filters import Row
from musnad.store.redaction import Veil, veil_for
from musnad.store.store import Store

_SENTENCES = 3
_SPELLINGS = 40
_AROUND = 80
"""Letters shown on either side of a name."""
_LONGEST = 80
"""Letters of the longest name that may be cut in two at a piece's end."""
_MEMBERS = 400
"""Entities of one actor that are looked at for its spellings and sentences."""


def sides_of(store: Store, layer: str, pairs: Sequence[tuple[str, str]]) -> list[tuple[Row | None, Row | None]]:
    """For each pair of entities the two actors they are now, each as in `actor_side`."""
    if layer != "entities" or not pairs:
        return []
    items = {x for p in pairs for x in p}
    t = schema.cluster.c
    with store.reading() as c:
        where = {x.item: x.cluster for x in c.execute(sa.select(t.item, t.cluster).where(t.layer == "entities", t.item.in_(items)))}
        e = schema.entity.c
        named = {x.id: (x.name, x.report) for x in c.execute(sa.select(e.id, e.name, e.report).where(e.id.in_(items)))}
    sides = {id: actor_side(store, id) for id in set(where.values())}

    def side(item: str) -> Row | None:
        found = sides.get(where.get(item, ""))
        return found and {**found, "item": item, "item_name": named.get(item, (found["name"], ""))[0]}

    return [(side(a), side(b)) for a, b in pairs]


def actor_side(store: Store, id: str) -> Row | None:
    """An actor with its spellings (name, reports, an item that stands for it) and a few sentences that it is named in; None where there is none."""
    a, t, e, r = schema.actor, schema.cluster.c, schema.entity.c, schema.report.c
    veil = veil_for(store)
    with store.reading() as c:
        row = c.execute(sa.select(a).where(a.c.id == id)).mappings().first()
        if row is None:
            return None
        mine = sa.select(t.item).where(t.layer == "entities", t.cluster == id).limit(_MEMBERS)
        query = sa.select(e.id, e.name, e.report, e.start, e.end, r.title, r.outlet, r.published, r.key).join_from(
            schema.entity, schema.report
        )
        found = (
            c.execute(query.where(e.id.in_(list(c.execute(mine).scalars()))).order_by(r.published.desc().nulls_last(), e.id))
            .mappings()
            .all()
        )
        spellings: defaultdict[str, list[Any]] = defaultdict(list)
        for x in found:
            spellings[x["name"]].append(x)
        shown = [x for x in found if x["start"] is not None][:_SENTENCES]
        sentences = [_sentence(c, x, veil) for x in shown]
    return dict(veil({
        **row,
        "spellings": [
            {"name": name, "reports": len(xs), "item": min(x["id"] for x in xs), "members": [dict(x) for x in xs[:20]]}
            for name, xs in sorted(spellings.items(), key=lambda s: (-len(s[1]), s[0]))[:_SPELLINGS]
        ],
        "sentences": sentences,
    }))  # fmt: skip


def _sentence(c: sa.Connection, x: Any, veil: Veil) -> Row:
    """The words around an entity's first mention, without unpacking the report. What is veiled is veiled before the piece is cut: half of a name is
    no name that a veil would know."""
    p, r = schema.page.c, schema.report.c
    first = max(0, x["start"] - _AROUND)
    start, size = max(0, first - _LONGEST), x["end"] - x["start"]
    query = sa.select(sa.func.substr(p.source, start + 1, 2 * (_AROUND + _LONGEST) + size)).join(schema.report, r.page == p.sha256)
    text = veil(c.execute(query.where(r.id == x["report"])).scalar() or "")
    at = x["start"] - start
    return {
        **{k: x[k] for k in ("report", "id", "outlet", "title", "key", "published")},
        "before": text[first - start : at],
        "words": text[at : at + size],
        "after": text[at + size : at + size + _AROUND],
    }


def together(a: Row, b: Row) -> Row:
    """What two actors would be as one: whose name stays, how many reports, which days."""
    names = Counter({s["name"]: s["reports"] for s in a["spellings"]}) + Counter({s["name"]: s["reports"] for s in b["spellings"]})
    days = sorted(d for d in (a["first"], b["first"], a["last"], b["last"]) if d)
    return {
        "name": max(names, key=lambda n: (len(n.split()) > 1, names[n], len(n), n)) if names else a["name"],
        "reports": a["reports"] + b["reports"],
        "first": days[0] if days else None,
        "last": days[-1] if days else None,
    }


def tellings_side(store: Store, id: str) -> Row | None:
    """A happening with its tellings; None where there is none."""
    h, t, e, r = schema.happening, schema.cluster.c, schema.event, schema.report.c
    veil = veil_for(store)
    with store.reading() as c:
        row = c.execute(sa.select(h).where(h.c.id == id)).mappings().first()
        if row is None:
            return None
        items = list(c.execute(sa.select(t.item).where(t.layer == "events", t.cluster == id).limit(60)).scalars())
        told = sa.select(e, r.title, r.outlet, r.published, r.key).join_from(e, schema.report).where(e.c.id.in_(items))
        tellings = [dict(x) for x in c.execute(told.order_by(r.published, e.c.id)).mappings()]
        parties = _took_part(c, [id])
    return dict(veil({**row, **parties.get(id, {"actors": [], "recipients": []}), "told": tellings}))


def _took_part(c: sa.Connection, ids: Collection[str]) -> dict[str, dict[str, list[Row]]]:
    p = schema.took_part.c
    out: dict[str, dict[str, list[Row]]] = {}
    for x in c.execute(sa.select(schema.took_part).where(p.happening.in_(ids)).order_by(p.role, p.name)).mappings():
        held = out.setdefault(x["happening"], {"actors": [], "recipients": []})
        held[f"{x['role']}s"].append({"id": x["actor"], "name": x["name"]})
    return out


def like_happening(store: Store, side: Row, limit: int = 12) -> list[Row]:
    """Happenings of the same type that share a party with this one and lie within a week of it."""
    from datetime import date, timedelta

    h, p = schema.happening, schema.took_part.c
    keys = [x["id"] for x in (*side["actors"], *side["recipients"])]
    if not side["day"] or not keys:
        return []
    day = date.fromisoformat(side["day"][:10])
    first, last = (day - timedelta(days=7)).isoformat(), (day + timedelta(days=7)).isoformat()
    shares = sa.exists().where(p.happening == h.c.id, p.actor.in_(keys))
    query = sa.select(h).where(h.c.type == side["type"], h.c.day.between(first, last + "~"), h.c.id != side["id"], shares)
    veil = veil_for(store)
    with store.reading() as c:
        rows = [dict(x) for x in c.execute(query.order_by(h.c.day, h.c.id).limit(limit)).mappings()]
        parties = _took_part(c, [row["id"] for row in rows])
    return [dict(veil({**row, **parties.get(row["id"], {"actors": [], "recipients": []})})) for row in rows]

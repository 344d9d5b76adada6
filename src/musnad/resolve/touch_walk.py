"""How far one act reaches: the clusters that kept pairs and judgements tie to what was touched; and how groups that changed are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from musnad.resolve import gather
from musnad.store import schema
from musnad.store.judgements import pairs_judged

REACH = {"entities": 100_000, "events": 600, "commitments": 600, "reports": 1_000}
"""Items beyond which no further cluster is looked at: what lies there is left as it is."""

Pairs = list[tuple[str, str]]


class Groups(NamedTuple):
    """What changed when items were grouped anew: the ids of groups whose rows must go, and of those whose rows must be written."""

    gone: set[str]
    made: set[str]


def walk(c: sa.Connection, layer: str, seeds: Collection[str]) -> dict[str, str]:
    """Item → cluster, of all items that could be one with the seeds: their clusters, and those that pairs decided or judged to be one lead to."""
    same, _ = pairs_judged(c, layer)
    out = {x: x for x in seeds} if layer == "reports" else {}
    out |= gather.clusters(c, layer, seeds)
    frontier = set(out.values())
    seen = set(frontier)
    while frontier:
        fresh = gather.members(c, layer, frontier)
        out |= fresh
        if len(out) > REACH[layer]:
            break
        near = _linked(c, layer, fresh) | {b for a, b in same if a in out} | {a for a, b in same if b in out}
        if layer == "reports":
            out |= {x: x for x in near - set(out)}
        frontier = set(gather.clusters(c, layer, near - set(out)).values()) - seen
        seen |= frontier
    return out


def _linked(c: sa.Connection, layer: str, items: Collection[str]) -> set[str]:
    """The items that a decision to join ties to these."""
    p, wanted = schema.pair.c, list(items)
    found: set[str] = set()
    for here, there in ((p.a, p.b), (p.b, p.a)):
        query = sa.select(there).where(p.layer == layer, p.kind == "same" if layer != "reports" else p.kind != "update")
        for n in range(0, len(wanted), 500):
            found |= set(c.execute(query.where(here.in_(wanted[n : n + 500]))).scalars())
    return found


def judged_near(c: sa.Connection, layer: str, items: Mapping[str, Any]) -> tuple[Pairs, Pairs]:
    """The pairs judged same and different that lie among the items."""
    same, different = pairs_judged(c, layer)
    return [p for p in same if p[0] in items and p[1] in items], [p for p in different if p[0] in items and p[1] in items]


def enter(c: sa.Connection, layer: str, changed: Iterable[str], present: Collection[str]) -> tuple[dict[str, str], set[str]]:
    """Clusters of items that came or went: who is new gets one of his own, who is gone leaves his. Gives the clusters of those that were there before,
    and the items from which to walk: what is present, and who shared a cluster with what is gone."""
    t, changed = schema.cluster, set(changed)
    held = gather.clusters(c, layer, changed)
    gone, fresh = changed - set(present), set(present) - set(held)
    if gone:
        c.execute(sa.delete(t).where(t.c.layer == layer, t.c.item.in_(gone)))
    if fresh:
        c.execute(sa.insert(t), [{"layer": layer, "item": x, "cluster": x} for x in fresh])
    return held, {*present, *gather.members(c, layer, {held[x] for x in gone & set(held)})}


def write_groups(
    c: sa.Connection, layer: str, old: Mapping[str, str], new: Mapping[str, str], again: Collection[str], lost: Collection[str]
) -> Groups:
    """Write the clusters that differ. `again` are items whose groups' rows must be written in any case, `lost` the clusters of items that are gone."""
    t = schema.cluster
    before, after = Counter(old.values()), Counter(new.values())
    made = {y for x, y in new.items() if x in again or old[x] != y or before[old[x]] != after[y] or y in lost}
    gone = {old[x] for x, y in new.items() if y in made} | set(lost)
    moved: dict[str, list[str]] = {}
    for x, y in new.items():
        if old[x] != y:
            moved.setdefault(y, []).append(x)
    for y, items in moved.items():
        c.execute(sa.update(t).where(t.c.layer == layer, t.c.item.in_(items)).values(cluster=y))
    return Groups(gone, made)

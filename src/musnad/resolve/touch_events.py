"""Happenings after one act: the tellings that changed are compared again with those near them, and their groups made anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from musnad.resolve import events, gather
from musnad.resolve.derive import happening_rows
from musnad.resolve.events import Decision, Telling
from musnad.resolve.refresh import decision_rows
from musnad.resolve.touch_walk import enter, judged_near, walk, write_groups
from musnad.store import schema

NEAR = 3000
"""Tellings that one telling is compared with."""
_BEFORE, _AFTER = timedelta(days=48), timedelta(days=4)


@dataclass(slots=True)
class Shift:
    """What moved: happenings (old and new ids) whose rows were written anew, and the events whose happening is another."""

    happenings: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)


def merge_again(c: sa.Connection, changed: Collection[str], stale: Collection[str], seeds: Collection[str]) -> Shift:
    """Group anew what these events hang together with, and write the rows of the happenings that differ. `changed` tellings (also those that came or
    are gone) are compared again, `stale` ones only shown again, from `seeds` only the groups are made anew."""
    if not changed and not stale and not seeds:
        return Shift()
    told = gather.tellings_of(c, changed) if changed else []
    held, start = enter(c, "events", changed, [t.id for t in told])
    _compare(c, changed, told)
    old = walk(c, "events", {*start, *stale, *seeds})
    tellings = gather.tellings_of(c, old)
    same, different = judged_near(c, "events", old)
    new = events.group(tellings, _kept(c, old), same, different)
    lost = {held[x] for x in changed if x in held and x not in new}
    groups = write_groups(c, "events", old, new, {*changed, *stale}, lost)
    for table, key in ((schema.took_part, schema.took_part.c.happening), (schema.happening, schema.happening.c.id)):
        c.execute(sa.delete(table).where(key.in_(groups.gone | groups.made)))
    _write(c, [t for t in tellings if new[t.id] in groups.made], new)
    return Shift(groups.gone | groups.made, {x for x, y in new.items() if old[x] != y} | set(changed))


def _write(c: sa.Connection, tellings: list[Telling], merged: dict[str, str]) -> None:
    ids = [t.id for t in tellings]
    if not ids:
        return
    named = gather.names(c, {p for t in tellings for p in (*t.parties, t.place) if p})
    family = gather.sources(c, {t.report for t in tellings})
    rows, parties = happening_rows(tellings, merged, family.__getitem__, gather.credits(c, ids), gather.certainty(c, ids), named)
    c.execute(sa.insert(schema.happening), rows)
    if parties:
        c.execute(sa.insert(schema.took_part), parties)


def _compare(c: sa.Connection, changed: Collection[str], told: list[Telling]) -> None:
    """Decide anew about the pairs of the changed tellings, and keep what is worth it."""
    if not changed:
        return
    p = schema.pair
    for column in (p.c.a, p.c.b):
        c.execute(sa.delete(p).where(p.c.layer == "events", column.in_(list(changed))))
    near = {id for t in told for id in _near(c, t)} - {t.id for t in told}
    others = [*gather.tellings_of(c, near), *told]
    found: dict[tuple[str, str], Decision] = {}
    for t in told:
        for other in others:
            if other.id != t.id and other.type == t.type and t.sought & other.sought and _meet(t, other):
                d = events.judge(t, other)
                if d.score >= events.WORTH:
                    found[d.a, d.b] = d
    if found:
        c.execute(sa.insert(p), decision_rows("events", found.values()))


def _meet(a: Telling, b: Telling) -> bool:
    x, y = a.days(), b.days()
    return not x or not y or (x[0] <= y[1] and y[0] <= x[1])


def _near(c: sa.Connection, t: Telling) -> Collection[str]:
    """The events whose happenings are of the telling's type, share a party with it and lie near its days."""
    h, p = schema.happening.c, schema.took_part.c
    keys, days = list(t.sought), t.days()
    if not keys:
        return ()
    when = [h.day.is_(None), h.day.between(_before(days[0]), _after(days[1]) + "~")] if days else [sa.true()]
    found: set[str] = set()
    # Asked apart: each of the four is answered from an index.
    for shares in (sa.exists().where(p.happening == h.id, p.actor.in_(keys)), h.place_actor.in_(keys)):
        for condition in when:
            found |= set(c.execute(sa.select(h.id).where(h.type == t.type, shares, condition).limit(NEAR)).scalars())
    return gather.members(c, "events", found)


def _before(day: date) -> str:
    return (day - _BEFORE).isoformat() if day - date.min > _BEFORE else date.min.isoformat()


def _after(day: date) -> str:
    return (day + _AFTER).isoformat() if date.max - day > _AFTER else date.max.isoformat()


def _kept(c: sa.Connection, items: Collection[str]) -> list[Decision]:
    """The decisions to join among the items, the surest first."""
    p = schema.pair.c
    query = sa.select(p.a, p.b, p.score).where(p.layer == "events", p.kind == "same", p.a.in_(list(items)))
    found = [Decision(x.a, x.b, x.score, {}) for x in c.execute(query) if x.b in items]
    return sorted(found, key=lambda d: (-d.score, d.a, d.b))

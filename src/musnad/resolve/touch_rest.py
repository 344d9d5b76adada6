"""Threads of commitments and lines of the ledger after one act."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from musnad.resolve import claims, commitments, gather
from musnad.resolve.claims import PARTS, Claim
from musnad.resolve.commitments import Step
from musnad.resolve.derive import ledger_rows, matter_rows
from musnad.resolve.refresh import EVERYDAY
from musnad.resolve.touch_events import Shift
from musnad.resolve.touch_walk import enter, judged_near, walk, write_groups
from musnad.store import schema

NEAR = 500
"""Commitments of a party that one commitment is compared with."""
_SEARCHED = 300
"""Reports of the rarest of a line's actors in which further figures are looked for."""
_SUMS = {unit: frozenset({total, *parts}) for total, parts in PARTS.items() for unit in (total, *parts)}

Line = tuple[str, frozenset[str]]
"""A line of the ledger: its subject, and its unit with those that it adds up with."""


def thread_again(c: sa.Connection, changed: Collection[str], seeds: Collection[str], shift: Shift, stale: Collection[str] = ()) -> None:
    """Thread anew what these commitments hang together with, and write the matters that differ; see `merge_again`."""
    m = schema.commitment.c
    if shift.events:
        beside = gather.members(c, "events", shift.happenings)
        changed = {*changed, *c.execute(sa.select(m.id).where(m.event.in_({*beside, *shift.events}))).scalars()}
    if not changed and not seeds and not stale:
        return
    steps = gather.steps_of(c, changed) if changed else []
    held, start = enter(c, "commitments", changed, [s.id for s in steps])
    common = set(json.loads(c.execute(sa.select(schema.meta.c.value).where(schema.meta.c.key == EVERYDAY)).scalar() or "[]"))
    near = _near(c, steps, common)
    old = walk(c, "commitments", {*start, *near, *seeds, *stale})
    found = gather.steps_of(c, old)
    same, different = judged_near(c, "commitments", old)
    new = commitments.threads(found, same, different, common)
    groups = write_groups(c, "commitments", old, new, {*changed, *stale}, {held[x] for x in changed if x in held and x not in new})
    c.execute(sa.delete(schema.matter).where(schema.matter.c.id.in_(groups.gone | groups.made)))
    again = [s for s in found if new[s.id] in groups.made]
    if again:
        named = gather.names(c, {p for s in again for p in s.by})
        c.execute(sa.insert(schema.matter), matter_rows(again, new, gather.actions(c, [s.id for s in again]), named))


def _near(c: sa.Connection, steps: list[Step], common: set[str]) -> list[str]:
    """The commitments of the same parties that are about the same matter as one of the steps."""
    p, t = schema.party.c, schema.cluster.c
    keys = {key for s in steps for key in s.by | s.to}
    if not keys:
        return []
    items = sa.select(t.item).where(t.layer == "entities", t.cluster.in_(keys)).limit(NEAR * 2)
    query = sa.select(p.item).distinct().where(p.entity.in_(list(c.execute(items).scalars())), p.role.in_(("by", "to"))).limit(NEAR)
    mine = {s.id for s in steps}
    others = gather.steps_of(c, set(c.execute(query).scalars()) - mine)
    return [o.id for o in others if any(commitments.one_matter(s, o, common) for s in steps)]


def line_up_again(c: sa.Connection, figures: Mapping[str, tuple[Claim | None, Claim | None]], shift: Shift) -> None:
    """Write the lines of the ledger anew that changed figures (as they were and are) or happenings stand in."""
    happenings, loose = set(shift.happenings), defaultdict[Line, set[str]](set)
    for id, versions in figures.items():
        for claim in filter(None, versions):
            if claim.happening:
                happenings.add(claim.happening)
            elif claim.about:
                loose[_line(claim)].add(id)
    t, v = schema.ledger, schema.event.c
    if happenings:
        data = c.execute(sa.select(v.data).where(v.id.in_(gather.members(c, "events", happenings)))).scalars()
        found = [x for x in gather.claims_of(c, {f for d in data for f in d["figures"]}) if x.happening in happenings]
        c.execute(sa.delete(t).where(t.c.subject.in_(happenings)))
        _insert(c, found)
    for (subject, units), ids in loose.items():
        _write_loose(c, subject, units, ids)


def _line(claim: Claim) -> Line:
    return "+".join(sorted(claim.about)), _SUMS.get(claim.unit, frozenset({claim.unit}))


def _write_loose(c: sa.Connection, subject: str, units: frozenset[str], ids: Collection[str]) -> None:
    """A line whose subject is who is named in the sentence: from the figures it has, those given, and those of the rarest actor's reports."""
    t, a, e, f = schema.ledger, schema.actor.c, schema.entity.c, schema.figure.c
    there = sa.and_(t.c.subject == subject, t.c.unit.in_(units))
    wanted = {*ids, *(x for found in c.execute(sa.select(t.c.claims).where(there)).scalars() for x in found)}
    rarest = c.execute(sa.select(a.id).where(a.id.in_(subject.split("+")), a.reports <= _SEARCHED).order_by(a.reports).limit(1)).scalar()
    if rarest:
        items = sa.select(schema.cluster.c.item).where(schema.cluster.c.layer == "entities", schema.cluster.c.cluster == rarest)
        reports = sa.select(e.report).where(e.id.in_(items))
        wanted |= set(c.execute(sa.select(f.id).where(f.report.in_(reports), f.unit.in_(units))).scalars())
    found = [x for x in gather.claims_of(c, wanted) if not x.happening and x.about and _line(x) == (subject, units)]
    c.execute(sa.delete(t).where(there))
    _insert(c, found)


def _insert(c: sa.Connection, found: list[Claim]) -> None:
    rows = ledger_rows(claims.ledger(found))
    if rows:
        c.execute(sa.insert(schema.ledger), rows)


def rename_subjects(c: sa.Connection, renamed: Mapping[str, str]) -> None:
    """Actors' new ids in the subjects of the ledger. A line that stands there under such an id already was the other actor's: its figures are looked at
    again by whoever calls this."""
    t = schema.ledger
    query = sa.select(t.c.id, t.c.subject, t.c.unit).where(sa.or_(*(t.c.subject.contains(was) for was in renamed)))
    moved: dict[str, dict[str, str]] = {}
    for x in c.execute(query).all():
        subject = "+".join(sorted({renamed.get(part, part) for part in x.subject.split("+")}))
        moved.setdefault(f"{subject}:{x.unit}", {"was": x.id, "becomes": f"{subject}:{x.unit}", "about": subject})
    if moved:
        c.execute(sa.delete(t).where(t.c.id.in_(set(moved) - {x["was"] for x in moved.values()})))
        statement = sa.update(t).where(t.c.id == sa.bindparam("was"))
        c.execute(statement.values(id=sa.bindparam("becomes"), subject=sa.bindparam("about")), list(moved.values()))

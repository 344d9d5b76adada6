"""After one act of a person: the derived tables brought up to date where the act reaches, and only there, so that its effect is seen at once.

What is compared before and after is a *view* of the reports touched: their entities, tellings, steps and claims as decisions see them. Where a view
changed, the clusters that hold it are decided anew from the pairs that are kept, and the rows that hang on them are written. `refresh` does
everything and is never wrong; here, three things wait for it: pairs of entities that nothing kept suggests (a corrected name joins whoever bears
that very name), pairs with more candidates than `NEAR` (a party named everywhere), and groups larger than `REACH`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from musnad.record.errors import StoreError
from musnad.resolve import entities, gather
from musnad.resolve.claims import Claim
from musnad.resolve.commitments import Step
from musnad.resolve.entities import Local
from musnad.resolve.events import Telling
from musnad.resolve.lineage import families
from musnad.resolve.refresh import STALE, actor_rows, known_copies, set_value
from musnad.resolve.touch_events import Shift, merge_again
from musnad.resolve.touch_rest import line_up_again, rename_subjects, thread_again
from musnad.resolve.touch_walk import judged_near, walk
from musnad.store import schema

T = TypeVar("T")
FOLLOWED = 40
"""Reports whose tellings are looked at again when their actors change; beyond, `STALE` is set, and the next `refresh` sees to the rest."""


@dataclass(frozen=True, slots=True)
class View:
    """What decisions see of some reports: each item, and of events (`beside`) what only their happening's row shows."""

    entities: dict[str, Local]
    events: dict[str, Telling]
    beside: dict[str, Any]
    steps: dict[str, tuple[Step, str]]
    claims: dict[str, Claim]


def after_change(c: sa.Connection, reports: Collection[str], change: Callable[[], T]) -> T:
    """Make a change to the items of some reports (their rows), and to everything derived from them; gives what the change gives."""
    before = view(c, reports)
    made = change()
    locals_ = {x.id: x for x in gather.locals_of(c, _ids(c, schema.entity, reports))[0]}
    moved = _changed(before.entities, locals_)
    if moved:
        _regroup_entities(c, before.entities, locals_, moved)
    _follow(c, reports, before)
    return made


def after_pair(c: sa.Connection, layer: str, items: Collection[str]) -> None:
    """Bring up to date what two items (of entities, events, commitments or reports) that were judged same or different, or no longer are, hang on."""
    if layer == "entities":
        _recluster(c, items)
    elif layer == "events":
        shift = merge_again(c, (), (), items)
        thread_again(c, (), (), shift)
        line_up_again(c, {}, shift)
    elif layer == "commitments":
        thread_again(c, (), items, Shift())
    elif layer == "reports":
        _regroup_reports(c, items)
    else:
        raise StoreError(f"pairs are judged of entities, events, commitments or reports, not of {layer}")


def follow_since(c: sa.Connection, newest: int) -> None:
    """Bring up to date what judgements after `newest` reach, whatever the derived tables say of it: they may have been written from what was read
    before those judgements were made."""
    j = schema.judgement.c
    items: defaultdict[str, set[str]] = defaultdict(set)
    for x in c.execute(sa.select(j.layer, j.item, j.other, j.report).where(j.id > newest).order_by(j.id)).all():
        if x.other:
            after_pair(c, x.layer, (x.item, x.other))
        elif x.report:
            items[x.report].add(x.item)
            if x.layer == "entities":
                set_value(c, STALE, "entities")
    for report, judged in items.items():
        now = view(c, [report])
        shift = merge_again(c, judged | set(now.events), (), ())
        thread_again(c, judged | set(now.steps), (), shift)
        line_up_again(c, {x: (None, claim) for x, claim in view(c, [report]).claims.items()}, shift)


def view(c: sa.Connection, reports: Collection[str]) -> View:
    """The view of some reports as the record stands."""
    events = _ids(c, schema.event, reports)
    tellings = {t.id: t for t in gather.tellings_of(c, events)}
    source, credit, sure = gather.sources(c, reports), gather.credits(c, events), gather.certainty(c, events)
    return View(
        {x.id: x for x in gather.locals_of(c, _ids(c, schema.entity, reports))[0]},
        tellings,
        {id: (source[t.report], credit.get(id), sure[id]) for id, t in tellings.items()},
        _steps(c, reports),
        _claims(c, reports),
    )


def _steps(c: sa.Connection, reports: Collection[str]) -> dict[str, tuple[Step, str]]:
    commitments = _ids(c, schema.commitment, reports)
    words = gather.actions(c, commitments)
    return {s.id: (s, words[s.id]) for s in gather.steps_of(c, commitments)}


def _claims(c: sa.Connection, reports: Collection[str]) -> dict[str, Claim]:
    return {x.id: x for x in gather.claims_of(c, _ids(c, schema.figure, reports))}


def _follow(c: sa.Connection, reports: Collection[str], before: View, of: Collection[str] = ()) -> None:
    """Whatever hangs on reports whose view was `before`: happenings, then threads, then lines of the ledger. What names one of the entities `of` is
    looked at in any case: its actor may be another under the same id."""
    after = view(c, reports)
    involved = _involved(c, of)
    told, beside = _changed(before.events, after.events) | involved & set(after.events), _changed(before.beside, after.beside)
    shift = merge_again(c, told, beside - told, ())
    # Steps and claims name happenings, which may be others by now.
    steps, counted = (_steps(c, reports), _claims(c, reports)) if shift.events else (after.steps, after.claims)
    thread_again(c, _changed(before.steps, steps) | involved & set(steps), (), shift)
    figures = _changed(before.claims, counted) | involved & set(counted)
    line_up_again(c, {x: (before.claims.get(x), counted.get(x)) for x in figures}, shift)


def _involved(c: sa.Connection, of: Collection[str]) -> set[str]:
    """The events, commitments and figures that name one of these entities."""
    if not of:
        return set()
    p, v, f, e = schema.party.c, schema.event.c, schema.figure.c, schema.entity.c
    reports = sa.select(e.report).where(e.id.in_(list(of)))
    out = set(c.execute(sa.select(p.item).where(p.entity.in_(list(of)))).scalars())
    out |= set(c.execute(sa.select(v.id).where(v.report.in_(reports), v.place_entity.in_(list(of)))).scalars())
    return out | {x.id for x in c.execute(sa.select(f.id, f.about).where(f.report.in_(reports))) if not set(of).isdisjoint(x.about)}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {id for id in {*before, *after} if before.get(id) != after.get(id)}


def _ids(c: sa.Connection, table: sa.Table, reports: Collection[str]) -> list[str]:
    return list(c.execute(sa.select(table.c.id).where(table.c.report.in_(reports))).scalars())


def _regroup_entities(c: sa.Connection, before: Mapping[str, Local], after: Mapping[str, Local], changed: Collection[str]) -> None:
    """Entities of a report that came, went or changed: each goes to those who bear its name, and the actors it left and joined are made anew."""
    t = schema.cluster
    held = gather.clusters(c, "entities", changed)
    _hand_on_pairs(c, [before[x] for x in changed if x in before], after)
    c.execute(sa.delete(t).where(t.c.layer == "entities", t.c.item.in_(list(changed))))
    seeds = set(gather.members(c, "entities", set(held.values())))
    for id in changed:
        if id in after:
            seeds |= {id, *_namesakes(c, after[id])}
    rows = [{"layer": "entities", "item": x, "cluster": x} for x in changed if x in after]
    if rows:
        c.execute(sa.insert(t), rows)
    _recluster(c, seeds, set(held.values()))


def _hand_on_pairs(c: sa.Connection, gone: Iterable[Local], after: Mapping[str, Local]) -> None:
    """Decisions about a profile are kept under its smallest item: where that one leaves, under the next."""
    p = schema.pair
    for x in gone:
        rows = c.execute(sa.select(p).where(p.c.layer == "entities", sa.or_(p.c.a == x.id, p.c.b == x.id))).mappings().all()
        if not rows:
            continue
        c.execute(sa.delete(p).where(p.c.layer == "entities", sa.or_(p.c.a == x.id, p.c.b == x.id)))
        heirs = sorted(i for i in _namesakes(c, x) if i != x.id and (i not in after or _key(after[i]) == _key(x)))
        for row in rows if heirs else ():
            a, b = sorted(heirs[0] if i == x.id else i for i in (row["a"], row["b"]))
            there = c.execute(sa.select(p.c.a).where(p.c.layer == "entities", p.c.a == a, p.c.b == b)).first()
            if a != b and not there:
                c.execute(sa.insert(p), [{**row, "a": a, "b": b}])


def _key(x: Local) -> tuple[str, ...]:
    return entities.profile_key(x.id, x.type, x.name, x.country, x.known)


def _namesakes(c: sa.Connection, x: Local) -> list[str]:
    """The first items (by id) that are one profile with this one, as far as they bear the same spelling."""
    e = schema.entity.c
    query = sa.select(e.id, e.type, e.name, e.country, e.known).order_by(e.id).limit(20)
    rows = c.execute(query.where(e.known == x.known) if x.known else query.where(e.name == x.name, e.type == x.type)).all()
    return [r.id for r in rows if entities.profile_key(r.id, r.type, r.name, r.country, r.known) == _key(x)]


def _recluster(c: sa.Connection, seeds: Collection[str], left: Collection[str] = ()) -> None:
    """Decide anew which actors the items are, from the pairs that are kept and what people judged; write what moved, and what hangs on it."""
    items = walk(c, "entities", seeds)
    e = schema.entity.c
    rows = c.execute(sa.select(e.id, e.report, e.type, e.name, e.country, e.known).where(e.id.in_(list(items)))).all()
    made: dict[tuple[str, ...], entities.Profile] = {}
    for x in sorted(rows, key=lambda x: str(x.id)):
        key = entities.profile_key(x.id, x.type, x.name, x.country, x.known)
        made.setdefault(key, entities.Profile(x.id, x.type, x.name, [], set())).items.append(x.id)
    owner = {item: p.id for p in made.values() for item in p.items}
    same, different = judged_near(c, "entities", owner)
    decisions = _kept(c, owner)
    new = entities.cluster(list(made.values()), decisions, same, different)
    _write_actors(c, items, new, {x.id: x.report for x in rows}, left)


def _kept(c: sa.Connection, owner: Mapping[str, str]) -> list[entities.Decision]:
    """The decisions to join among the profiles, the surest first."""
    p = schema.pair.c
    query = sa.select(p.a, p.b, p.score).where(p.layer == "entities", p.kind == "same", p.a.in_(list(owner)))
    found = [
        entities.Decision(min(owner[x.a], owner[x.b]), max(owner[x.a], owner[x.b]), x.score, {})
        for x in c.execute(query)
        if x.b in owner and owner[x.a] != owner[x.b]
    ]
    return sorted(found, key=lambda d: (-d.score, d.a, d.b))


def _write_actors(
    c: sa.Connection, old: Mapping[str, str], new: Mapping[str, str], report_of: Mapping[str, str], left: Collection[str]
) -> None:
    """Write the clusters that differ. The greatest part of each old actor keeps its place in everything (under its new id); what moved is followed."""
    parts = Counter((old[x], new[x]) for x in new)
    stays: dict[str, str] = {}
    for (was, becomes), _ in sorted(parts.items(), key=lambda p: (-p[1], p[0])):
        if was not in stays and becomes not in stays.values():
            stays[was] = becomes
    moved = [x for x in new if stays.get(old[x]) != new[x]]
    whole = {was: becomes for was, becomes in parts if parts[was, becomes] == sum(n for (o, _), n in parts.items() if o == was)}
    renamed = {was: becomes for was, becomes in {**whole, **stays}.items() if was != becomes}
    if not moved and not renamed and not left:
        return
    reports = sorted({report_of[x] for x in moved})
    if len(reports) > FOLLOWED:
        set_value(c, STALE, "entities")
        reports = reports[:FOLLOWED]
        moved = [x for x in moved if report_of[x] in set(reports)]
    before = view(c, reports)
    t = schema.cluster
    for becomes, part in _by_value({x: new[x] for x in new if old[x] != new[x]}).items():
        c.execute(sa.update(t).where(t.c.layer == "entities", t.c.item.in_(part)).values(cluster=becomes))
    if renamed:
        again = gather.clusters(c, "events", _involved(c, moved) & set(before.events))
        c.execute(sa.delete(schema.took_part).where(schema.took_part.c.happening.in_(set(again.values()))))
        _rename(c, renamed)
    _derive_actors(c, {*(old[x] for x in moved), *(new[x] for x in moved), *renamed, *renamed.values(), *left}, set(renamed.values()))
    _follow(c, reports, before, moved)


def _rename(c: sa.Connection, renamed: Mapping[str, str]) -> None:
    """An actor's new id wherever its old one stands in derived rows; in two steps, since one's new id may be another's old one."""
    p, q, h = schema.took_part, schema.took_part.alias(), schema.happening
    for step in ({was: "~" + becomes for was, becomes in renamed.items()}, {"~" + becomes: becomes for becomes in renamed.values()}):
        for was, becomes in step.items():
            there = sa.select(q.c.role).where(q.c.happening == p.c.happening, q.c.role == p.c.role, q.c.actor == becomes)
            c.execute(sa.delete(p).where(p.c.actor == was, there.exists()))
            c.execute(sa.update(p).where(p.c.actor == was).values(actor=becomes))
            c.execute(sa.update(h).where(h.c.place_actor == was).values(place_actor=becomes))
    rename_subjects(c, renamed)


def _derive_actors(c: sa.Connection, ids: Collection[str], renamed: Collection[str]) -> None:
    """The rows of these actors anew, and their names wherever happenings and matters show them. `renamed` are ids that were another's."""
    a, p, h = schema.actor, schema.took_part, schema.happening
    shown = gather.names(c, ids)
    clusters = gather.members(c, "entities", ids)
    locals_, places = gather.locals_of(c, clusters)
    rows = actor_rows(locals_, clusters, places)
    c.execute(sa.delete(a).where(a.c.id.in_(list(ids))))
    if rows:
        c.execute(sa.insert(a), rows)
    other = [row for row in rows if row["id"] in renamed or shown.get(row["id"]) != row["name"]]
    for row in other:
        c.execute(sa.update(p).where(p.c.actor == row["id"]).values(name=row["name"]))
        c.execute(sa.update(h).where(h.c.place_actor == row["id"]).values(place=row["name"]))
    bound, t = schema.party.c, schema.cluster.c
    items = list(
        c.execute(sa.select(t.item).where(t.layer == "entities", t.cluster.in_([row["id"] for row in other])).limit(1000)).scalars()
    )
    query = sa.select(bound.item).distinct().where(bound.entity.in_(items), bound.role == "by").limit(FOLLOWED)
    thread_again(c, (), (), Shift(), set(c.execute(query).scalars()))


def _regroup_reports(c: sa.Connection, items: Collection[str]) -> None:
    """The families of reports anew, and what counts their independent sources."""
    found = walk(c, "reports", items)
    before = view(c, list(found))
    same, different = judged_near(c, "reports", found)
    t = schema.cluster
    new = families(known_copies(c, same, different, list(found)))
    c.execute(sa.delete(t).where(t.c.layer == "reports", t.c.item.in_(list(found))))
    if new:
        c.execute(sa.insert(t), [{"layer": "reports", "item": x, "cluster": y} for x, y in new.items()])
    _follow(c, list(found), before)


def _by_value(pairs: Mapping[str, str]) -> dict[str, list[str]]:
    out: defaultdict[str, list[str]] = defaultdict(list)
    for key, value in pairs.items():
        out[value].append(key)
    return out

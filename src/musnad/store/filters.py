"""What is asked of the record, and the parts that its questions share: who is meant, which happenings fit, which page of the rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from musnad.grammar.folding import fold
from musnad.store import schema
from musnad.store.cursors import FIRST, walk
from musnad.store.redaction import veil_for
from musnad.store.search import hits
from musnad.store.search import meets as matches
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


FEW = 1500
"""Rows up to which a question goes from them to what they belong to; from more on, the list is walked in its order and each row looked at."""


def happenings(store: Store, query: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
    """A query over happening, narrowed to those that fit. `wanted.limit` says how many are going to be taken (0: all): of a few among many, the list is
    walked; else it begins with those that fit."""
    h, p = schema.happening.c, schema.took_part.c
    query = within(query, h.day, wanted)
    if wanted.type:
        query = query.where(h.type == wanted.type.upper())
    if wanted.status == "contested":
        query = query.where(schema.CONTESTED)
    elif wanted.status:
        query = query.where(h.status == wanted.status)
    if wanted.sources:
        query = query.where(h.independent >= wanted.sources)
    with store.reading() as c:
        if wanted.place:
            query = query.where(_at(c, wanted.place))
        if wanted.actor:
            theirs = p.actor.in_(actor_ids(c, wanted.actor))
            if wanted.limit and not few(c, sa.select(p.happening).where(theirs), _worth(wanted)):
                query = query.where(sa.exists().where(p.happening == h.id, theirs))
            else:
                query = query.where(h.id.in_(sa.select(p.happening).where(theirs)))
        if wanted.outlet:
            query = query.where(_told_by(c, wanted.outlet))
        if wanted.query:
            query = query.where(_told_in(c, wanted))
    return query


def _at(c: sa.Connection, place: str) -> sa.ColumnElement[bool]:
    """Happenings at a place by id or name; where nothing happened at one that is called so, at places whose names hold it."""
    h, a = schema.happening.c, schema.actor.c
    ids = actor_ids(c, place)
    if ids == [place]:
        return h.place_actor == place
    there = h.place_actor.in_([*c.execute(sa.select(a.id).where(a.id.in_(ids), a.type == "LOC")).scalars(), fold(place)])
    if c.execute(sa.select(h.id).where(there).limit(1)).first():
        return there
    # Phrases for which no actor stands are looked through in the index alone.
    phrases = sa.select(h.place_actor).where(h.place_actor > "", h.place_actor.contains(fold(place), autoescape=True)).distinct()
    like = sa.select(a.id).where(named(place), a.type == "LOC")
    return h.place_actor.in_([x for query in (phrases, like) for x in c.execute(query.limit(FEW)).scalars()])


def _told_by(c: sa.Connection, outlet: str) -> sa.ColumnElement[bool]:
    """Happenings that an outlet tells."""
    h, r = schema.happening.c, schema.report.c
    if few(c, sa.select(r.id).where(r.outlet == outlet), FEW // 2):
        return h.id.in_(_of_reports(r.outlet == outlet))
    return sa.cast(h.outlets, sa.Text).contains(json.dumps(outlet, ensure_ascii=False), autoescape=True)


def _worth(wanted: Filter) -> int:
    """Rows up to which it is less work to look them all up than to walk a long list until enough of them have come: the geometric mean of the two."""
    return int((wanted.limit * _LONG) ** 0.5)


_LONG = 150_000
"""Happenings of a large record, a quarter of them, since walking past one takes a quarter of the time of looking one up."""


def _told_in(c: sa.Connection, wanted: Filter) -> sa.ColumnElement[bool]:
    """Happenings that reports tell which fit a search."""
    h, e, r, t = schema.happening.c, schema.event.c, schema.report.c, schema.cluster.c
    query = wanted.query or ""
    some = _worth(wanted) // 8 + 1  # a report tells about eight happenings
    if not wanted.limit or hits(c, query, some) < some:
        return h.id.in_(_of_reports(matches(c, query, r.seq)))
    inside: sa.Select[Any] = (
        sa.select(sa.literal_column("1")).join_from(schema.cluster, schema.event, e.id == t.item).join(schema.report, r.id == e.report)
    )
    return sa.exists(inside.where(t.layer == "events", t.cluster == h.id, matches(c, query, r.seq + 0)))


def _of_reports(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The happenings that these reports tell; list in list, so that no store begins at the other end."""
    e, r, t = schema.event.c, schema.report.c, schema.cluster.c
    told = sa.select(e.id).where(e.report.in_(sa.select(r.id).where(which)))
    return sa.select(t.cluster).where(t.layer == "events", t.item.in_(told))


def reported(store: Store, query: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
    """A query over report, narrowed to those that fit; the full text aside."""
    r, e, t = schema.report.c, schema.entity.c, schema.cluster.c
    query = within(query, r.published, wanted)
    if wanted.outlet:
        query = query.where(r.outlet == wanted.outlet)
    if wanted.actor:
        with store.reading() as c:
            ids = actor_ids(c, wanted.actor)
            theirs = sa.and_(t.layer == "entities", t.cluster.in_(ids))
            if few(c, sa.select(t.item).where(theirs)):
                query = query.where(r.id.in_(sa.select(e.report).where(e.id.in_(sa.select(t.item).where(theirs)))))
            else:
                named_in: sa.Select[Any] = sa.select(sa.literal_column("1")).join_from(schema.entity, schema.cluster, t.item == e.id)
                query = query.where(sa.exists(named_in.where(e.report == r.id, t.layer == "entities", _by_hand(t.cluster).in_(ids))))
    return query


def spoken(store: Store, query: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
    """A query over statement and its report, narrowed to those that fit. `type` is the act, `actor` the speaker."""
    s, r, t = schema.statement.c, schema.report.c, schema.cluster.c
    query = within(query, r.published, wanted)
    if wanted.outlet:
        query = query.where(r.outlet == wanted.outlet)
    with store.reading() as c:
        if wanted.type:
            act = s.act == wanted.type.lower()
            query = query.where(act if few(c, sa.select(s.id).where(act)) else _by_hand(s.act) == wanted.type.lower())
        if wanted.query:
            query = query.where(matches(c, wanted.query, r.seq))
        if wanted.actor:
            ids = actor_ids(c, wanted.actor)
            theirs = sa.select(t.item).where(t.layer == "entities", t.cluster.in_(ids))
            said: sa.ColumnElement[bool] = s.speaker_entity.in_(theirs)
            narrow = wanted.type or wanted.since or wanted.until or wanted.outlet or wanted.query or not wanted.limit
            spoke = list(c.execute(sa.select(s.id).where(said).limit(FEW + 1)).scalars())
            if len(spoke) <= FEW:
                # Named one by one, so that PostgreSQL, which can't know how few they are, doesn't walk through all reports for them.
                said = s.id.in_(spoke)
            elif not narrow or not few(c, sa.select(s.id).where(said), 10 * FEW):
                said = _by_hand(s.speaker_entity).in_(theirs)
            if ids != [wanted.actor]:
                # An id is nobody's words: only a name is also looked for in the phrases of speakers that aren't resolved.
                said = sa.or_(said, s.speaker == wanted.actor) if ids else s.speaker.contains(wanted.actor, autoescape=True)
            query = query.where(said)
    return query


def _by_hand(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column in a form that no index knows: of many rows that fit, the newest are walked instead of all looked up and put in order."""
    return sa.func.coalesce(column, "")


def bound(store: Store, query: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
    """A query over matter, narrowed to those by an actor, in words and days that fit."""
    m, p, t = schema.matter.c, schema.party.c, schema.cluster.c
    query = within(query, m.last, wanted)
    if wanted.query:
        query = query.where(m.action.contains(wanted.query, autoescape=True))
    if wanted.actor:
        with store.reading() as c:
            ids = actor_ids(c, wanted.actor)
            who = sa.select(t.item).where(t.layer == "entities", t.cluster.in_(ids))
            what = sa.select(p.item).where(schema.IS_BOUND, p.entity.in_(who))
            if not ids:
                theirs = sa.cast(m.by, sa.Text).contains(wanted.actor, autoescape=True)
            elif not wanted.limit or few(c, what, 10 * FEW):
                theirs = m.id.in_(sa.select(t.cluster).where(t.layer == "commitments", t.item.in_(what)))
            else:
                mine, he = schema.cluster.alias("mine").c, schema.cluster.alias("he").c
                theirs = sa.exists().where(
                    mine.layer == "commitments",
                    mine.cluster == m.id,
                    p.item == mine.item,
                    p.role == "by",
                    he.layer == "entities",
                    he.item == p.entity,
                    _by_hand(he.cluster).in_(ids),
                )
        query = query.where(theirs)
    return query


def lined_up(store: Store, query: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
    """A query over ledger, narrowed to the lines that fit. `type` is the unit, `status` may be contested."""
    t, p = schema.ledger.c, schema.took_part.c
    if wanted.type:
        query = query.where(t.unit == wanted.type)
    if wanted.status == "contested":
        query = query.where(t.contested)
    if wanted.sources:
        query = query.where(t.independent >= wanted.sources)
    if wanted.actor:
        with store.reading() as c:
            ids = actor_ids(c, wanted.actor)
        part = sa.select(p.happening).where(p.actor.in_(ids))
        query = query.where(sa.or_(t.subject.in_(part), *(t.subject.contains(i) for i in ids[:_SUBJECTS])))
    return query


_SUBJECTS = 10
"""Actors that a name may mean in the subjects of the ledger: each is a walk through all of them."""


def each(c: sa.Connection, column: sa.Column[str]) -> list[str]:
    """The values of an indexed column, in order; from one to the next along the index, since they are few among many rows."""
    walked = sa.select(sa.func.min(column).label("value")).cte("walked", recursive=True)
    further = sa.select(sa.func.min(column)).where(column > walked.c.value).scalar_subquery()
    walked = walked.union_all(sa.select(further).where(walked.c.value.is_not(None)))
    return [str(x) for x in c.execute(sa.select(walked.c.value).where(walked.c.value.is_not(None)).order_by(walked.c.value)).scalars()]


def few(c: sa.Connection, query: sa.Select[Any], most: int = FEW) -> bool:
    """Whether a query has few rows; counts no further than that."""
    return c.execute(sa.select(sa.func.count()).select_from(query.limit(most + 1).subquery())).scalar_one() <= most


def actor_ids(c: sa.Connection, name: str) -> list[str]:
    """The ids of the actors that a name or id means: the id itself, else those that bear the name exactly, else those whose names hold it."""
    a = schema.actor.c
    if c.execute(sa.select(a.id).where(a.id == name)).first():
        return [name]
    folded = fold(name)
    found = c.execute(sa.select(a.id, a.key).where(named(name))).all() if folded else []
    return [x.id for x in found if folded in x.key.split("|")] or [x.id for x in found[:500]]


def named(name: str) -> sa.ColumnElement[bool]:
    """The condition that one of an actor's names holds this."""
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
        found = Rows()
        for part in walked.queries:
            found += rows_of(store, part.limit(wanted.limit + 1 - len(found)))
            if len(found) > wanted.limit:
                break
        more = len(found) > wanted.limit
        del found[wanted.limit :]
        after = walked.cursor(found)
        found.after = after if more else None
        return found
    said = wanted.after or ""
    start = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
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


def chunks(ids: Iterable[str], size: int = 5000) -> Iterator[list[str]]:
    """Ids in lists short enough for one question."""
    found = list(ids)
    return (found[n : n + size] for n in range(0, len(found), size))

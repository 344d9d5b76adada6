"""What the pages about commitments, figures and copies ask: a board of matters on a day, one line of the ledger, the families of copied reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from musnad.store import schema
from musnad.store.filters import Filter, Row, Rows, bound, chunks, each, lined_up, page, rows_of
from musnad.store.people import names_of
from musnad.store.store import Store
from musnad.store.views import how_many, with_words

COLUMNS = ("open", "overdue", "fulfilled", "denied")
"""The columns of the board. Open and overdue are pledged, reaffirmed or extended; what was withdrawn stands with what was denied."""
_OPEN = ("pledged", "reaffirmed", "extended")
_ENDED = {"fulfilled": ("fulfilled",), "denied": ("denied", "withdrawn")}


def matters(store: Store, wanted: Filter, on: str) -> Rows:
    """Matters by deadline, those without one last; `status` is a column of the board or a stance. Each has its `column` on that day and `left`, the days
    until its deadline (less than none where it has passed)."""
    m = schema.matter.c
    order: tuple[Any, ...] = (m.deadline_to.asc().nullslast(), m.last.desc().nullslast(), m.id)
    if wanted.status in _ENDED:
        order = (m.last.desc().nullslast(), m.id, m.deadline_to)
    if wanted.status == "overdue":
        order = (m.deadline_to.desc(), m.id, m.last)
    rows = page(store, _matters(store, sa.select(schema.matter).order_by(*order), wanted, on), wanted)
    for row in rows:
        row["column"] = column_of(row, on)
        row["left"] = _days(on, row["deadline_to"])
    return rows


def board(store: Store, wanted: Filter, on: str, cards: int) -> dict[str, Row]:
    """The columns of the board on a day: `rows`, the first cards of each, and `count`, how many stand in it."""
    asked = replace(wanted, status=None, limit=0, after=None)
    if wanted.actor or wanted.query:
        dealt = store.kept(("board", on, cards, asked), lambda: _dealt(store, asked, on, cards))
        return {name: {"rows": matters_by_id(store, ids, on), "count": count} for name, (ids, count) in dealt.items()}
    counts = store.kept(("board", on, asked), lambda: _counts(store, asked, on))
    return {name: {"rows": matters(store, replace(wanted, status=name, limit=cards), on), "count": counts[name]} for name in COLUMNS}


def _dealt(store: Store, wanted: Filter, on: str, cards: int) -> dict[str, tuple[list[str], int]]:
    """The ids of the first cards of each column, and how many there are. Who is bound takes long to find out: it is asked once for all columns."""
    m = schema.matter.c
    columns: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for row in rows_of(store, bound(store, sa.select(m.id, m.state, m.deadline_to, m.last), wanted)):
        columns[column_of(row, on)].append(row)
    for name, rows in columns.items():
        rows.sort(key=lambda row: row["id"])
        rows.sort(key=lambda row: row["last"] or "", reverse=True)
        if name == "open":
            rows.sort(key=lambda row: row["deadline_to"] or "9999")
        elif name == "overdue":
            rows.sort(key=lambda row: row["deadline_to"], reverse=True)
    return {name: ([row["id"] for row in rows[:cards]], len(rows)) for name, rows in columns.items()}


def _counts(store: Store, wanted: Filter, on: str) -> dict[str, int]:
    m = schema.matter.c
    ended = [(m.state.in_(states), column) for column, states in _ENDED.items()]
    column = sa.case(*ended, (m.deadline_to < on, "overdue"), else_="open").label("column")
    query = bound(store, sa.select(column, sa.func.count()), wanted).group_by(column)
    with store.reading() as c:
        found = {str(name): int(n) for name, n in c.execute(query)}
    return {name: found.get(name, 0) for name in COLUMNS}


def column_of(row: Row, on: str) -> str:
    """The column of the board that a matter stands in on a day."""
    for column, states in _ENDED.items():
        if row["state"] in states:
            return column
    return "overdue" if row["deadline_to"] and row["deadline_to"] < on else "open"


def _days(on: str, deadline: str | None) -> int | None:
    try:
        return (date.fromisoformat(deadline[:10]) - date.fromisoformat(on)).days if deadline else None
    except ValueError:
        return None


def _matters(store: Store, query: sa.Select[Any], wanted: Filter, on: str) -> sa.Select[Any]:
    m = schema.matter.c
    query = bound(store, query, wanted)
    status = wanted.status
    if status == "open":
        query = query.where(m.state.in_(_OPEN), sa.or_(m.deadline_to.is_(None), m.deadline_to >= on))
    elif status == "overdue":
        query = query.where(m.state.in_(_OPEN), m.deadline_to < on)
    elif status:
        query = query.where(m.state.in_(_ENDED.get(status, (status,))))
    return query


def matter(store: Store, id: str) -> Row | None:
    """One matter, or None. The id of any of its steps will do."""
    t = schema.cluster.c
    thread = sa.select(t.cluster).where(t.layer == "commitments", t.item == id).scalar_subquery()
    found = rows_of(store, sa.select(schema.matter).where(schema.matter.c.id == sa.func.coalesce(thread, id)))
    return found[0] if found else None


def of_actor(store: Store, id: str, limit: int = 12) -> list[str]:
    """The matters in which an actor is bound: their ids, newest first."""
    p, t, m = schema.party.c, schema.cluster.alias("who"), schema.matter.c
    thread = schema.cluster.alias("thread")
    query = (
        sa.select(m.id)
        .join_from(t, schema.party, p.entity == t.c.item)
        .join(thread, sa.and_(thread.c.layer == "commitments", thread.c.item == p.item))
        .join(schema.matter, m.id == thread.c.cluster)
        .where(t.c.layer == "entities", t.c.cluster == id, schema.IS_BOUND)
        .group_by(m.id, m.last)
        .order_by(m.last.desc().nullslast(), m.id)
        .limit(limit)
    )
    with store.reading() as c:
        return [str(x) for x in c.execute(query).scalars()]


def matters_by_id(store: Store, ids: list[str], on: str) -> list[Row]:
    """Matters of these ids with column and days left, as they are given."""
    rows = {x["id"]: x for x in rows_of(store, sa.select(schema.matter).where(schema.matter.c.id.in_(ids)))}
    return [rows[i] | {"column": column_of(rows[i], on), "left": _days(on, rows[i]["deadline_to"])} for i in ids if i in rows]


def ledger(store: Store, wanted: Filter) -> Rows:
    """Lines of the ledger, most independent sources first, each with `about`: its happening, or the actors that its figures are told with."""
    t = schema.ledger.c
    query = sa.select(schema.ledger).order_by(t.independent.desc(), t.count.desc(), t.id)
    rows = page(store, lined_up(store, query, wanted), wanted)
    about(store, rows)
    return rows


def count_lines(store: Store, wanted: Filter) -> tuple[int, bool]:
    """How many lines of the ledger fit, counted up to a thousand."""
    return how_many(store, lined_up(store, sa.select(schema.ledger.c.id), wanted))


def line(store: Store, id: str, most: int = 300) -> Row | None:
    """One line of the ledger with its latest `figures` (claims with their reports, oldest first) and `about`, or None."""
    f, r, e, s = schema.figure.c, schema.report.c, schema.event, schema.statement
    found = about(store, rows_of(store, sa.select(schema.ledger).where(schema.ledger.c.id == id)))
    if not found:
        return None
    row = found[0]
    query = (
        sa.select(schema.figure, r.outlet, r.published, r.key, r.title)
        .join_from(schema.figure, schema.report)
        .where(f.id.in_(row["claims"][-most:]))
        .order_by(r.published, f.id)
    )
    row["figures"] = rows_of(store, query)
    reports = {x["report"] for x in row["figures"]}
    told = sa.select(e.c.data, e.c.sentence, s.c.speaker).outerjoin(s, s.c.id == e.c.statement).where(e.c.report.in_(reports))
    said = {figure: x for x in rows_of(store, told) for figure in x["data"]["figures"]}
    for x in row["figures"]:
        x["speaker"], x["sentence"] = (said[x["id"]]["speaker"], said[x["id"]]["sentence"]) if x["id"] in said else (None, None)
    return row


def claims_of(store: Store, rows: Rows) -> Rows:
    """The figures of lines of the ledger, line by line in order of publication, each with its `ledger` and whether that is `contested`."""
    f, r = schema.figure.c, schema.report.c
    ids = [i for row in rows for i in row["claims"]]
    found: dict[str, Row] = {}
    query = sa.select(schema.figure, r.outlet, r.published, r.key, r.title).join_from(schema.figure, schema.report)
    for some in chunks(ids):
        found |= {x["id"]: x for x in rows_of(store, query.where(f.id.in_(some)))}
    out = Rows(found[i] | {"ledger": row["id"], "contested": row["contested"]} for row in rows for i in row["claims"] if i in found)
    out.after = rows.after
    return out


def about(store: Store, rows: list[Row]) -> list[Row]:
    """Lines of the ledger with what they are about: `happening` (a row with its words, or None) and `actors` (id, name)."""
    subjects = {i for row in rows for i in row["subject"].split("+")}
    h = schema.happening.c
    told = with_words(store, rows_of(store, sa.select(h.id, h.type, h.mode, h.day, h.place).where(h.id.in_(subjects)))) if rows else []
    events = {x["id"]: x for x in told}
    names = names_of(store, sorted(subjects))
    for row in rows:
        row["happening"] = events.get(row["subject"])
        row["actors"] = [{"id": i, "name": names[i]} for i in row["subject"].split("+") if i in names]
    return rows


def lines_of(store: Store, happening: str) -> list[Row]:
    """The ledger's lines about a happening."""
    t = schema.ledger.c
    return rows_of(store, sa.select(schema.ledger).where(t.subject == happening).order_by(t.unit))


def units(store: Store) -> list[str]:
    """The units that the ledger counts, by name."""
    with store.reading() as c:
        return each(c, schema.ledger.c.unit)


def families(store: Store, wanted: Filter) -> Rows:
    """Families of copied reports, biggest first: `reports` (oldest first), `pairs` (a, b, kind, score, original, why, and the `names` of the three) and their
    number `size`."""
    t, r, p = schema.cluster.c, schema.report.c, schema.pair.c
    size = sa.func.count().label("size")
    query = (
        sa.select(t.cluster, size)
        .where(t.layer == "reports")
        .group_by(t.cluster)
        .having(sa.func.count() > 1)
        .order_by(size.desc(), t.cluster)
    )
    if wanted.type or wanted.outlet:
        inside = sa.select(t.cluster).where(t.layer == "reports")
        if wanted.outlet:
            inside = inside.join(schema.report, r.id == t.item).where(r.outlet == wanted.outlet)
        if wanted.type:
            inside = inside.join(schema.pair, sa.and_(p.layer == "reports", p.a == t.item)).where(p.kind == wanted.type)
        query = query.where(t.cluster.in_(inside.correlate(None)))
    rows = page(store, query, wanted)
    ids = [row["cluster"] for row in rows]
    members = (
        sa.select(t.cluster, r.id, r.key, r.title, r.outlet, r.republisher, r.published)
        .join(schema.report, r.id == t.item)
        .where(t.layer == "reports", t.cluster.in_(ids))
        .order_by(r.published, r.seq)
    )
    pairs = (
        sa.select(t.cluster, p.a, p.b, p.kind, p.score, p.original, p.why)
        .join(schema.pair, sa.and_(p.layer == "reports", p.a == t.item))
        .where(t.layer == "reports", t.cluster.in_(ids))
        .order_by(p.score.desc(), p.a, p.b)
    )
    by_id: dict[str, Row] = {row["cluster"]: row | {"reports": [], "pairs": []} for row in rows}
    for name, found in (("reports", members), ("pairs", pairs)):
        for x in rows_of(store, found) if ids else ():
            by_id[x["cluster"]][name].append(x)
    for row in by_id.values():
        told = {x["id"]: x["outlet"] or x["title"] or x["key"] for x in row["reports"]}
        for x in row["pairs"]:
            x["names"] = {side: told.get(x[side]) for side in ("a", "b", "original")}
    rows[:] = by_id.values()
    return rows

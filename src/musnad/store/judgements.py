"""What people decided: rows that are only ever added; an undo is a row too."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from musnad.record.errors import StoreError
from musnad.store import sayable, schema
from musnad.store.clock import now

if TYPE_CHECKING:
    from musnad.store.store import Store

VERDICTS = (*schema.OF_ITEMS, "same", "different", "redact", "comment")


def judge(
    store: Store | sa.Connection,
    by: str,
    layer: str,
    item: str,
    verdict: str,
    *,
    other: str | None = None,
    report: str | None = None,
    before: Any = None,
    after: Any = None,
    why: str | None = None,
) -> int:
    """Add a judgement and give its id, in a transaction of its own or, with a connection, in that one. `other` is the second item of same and different,
    `report` the one that the item stands in. Raises StoreError for an unknown verdict."""
    if verdict not in VERDICTS:
        raise StoreError(f"a verdict is one of {', '.join(VERDICTS)}, not {verdict!r}")
    if (verdict in ("same", "different")) != bool(other) or other == item:
        raise StoreError("same and different, and only they, are about two items")
    for value in (layer, item, other, report, why):
        sayable.text(value or "")
    row = {
        "at": now(),
        "by": by,
        "layer": layer,
        "item": item,
        "other": other,
        "report": report,
        "verdict": verdict,
        "before": before,
        "after": after,
        "why": why or None,
    }
    with writing(store) as c:
        return int(c.execute(sa.insert(schema.judgement).returning(schema.judgement.c.id), [row]).scalar_one())


def undo(store: Store | sa.Connection, id: int, by: str, why: str | None = None) -> int:
    """Take a judgement back (its row stays); gives the id of the undo. Raises StoreError where there is none, or it is undone already."""
    j = schema.judgement
    sayable.text(why or "")
    with writing(store) as c:
        row = c.execute(sa.select(j).where(j.c.id == id)).mappings().first()
        if row is None or row["verdict"] == "undo":
            raise StoreError(f"there is no judgement {id}")
        if c.execute(sa.select(j.c.id).where(j.c.undoes == id)).first():
            raise StoreError(f"judgement {id} is undone already")
        made = {
            **{k: row[k] for k in ("layer", "item", "other", "report")},
            "at": now(),
            "by": by,
            "verdict": "undo",
            "why": why or None,
            "undoes": id,
        }
        return int(c.execute(sa.insert(j).returning(j.c.id), [made]).scalar_one())


def writing(store: Store | sa.Connection) -> AbstractContextManager[sa.Connection]:
    """A transaction of its own or, with a connection, the one that is open."""
    return nullcontext(store) if isinstance(store, sa.Connection) else store.writing()


def held() -> sa.ColumnElement[bool]:
    """The condition that a row of `judgement` holds: it is no undo, and no undo names it."""
    j, u = schema.judgement.c, schema.judgement.alias("u")
    return sa.and_(j.verdict != "undo", ~sa.exists().where(u.c.undoes == j.id))


def standing(
    c: sa.Connection, layer: str | None = None, item: str | None = None, *, report: str | None = None, verdicts: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The judgements that hold (not undone, no undo among them), oldest first."""
    j = schema.judgement.c
    query = sa.select(schema.judgement).where(held()).order_by(j.id)
    if layer:
        query = query.where(j.layer == layer)
    if item:
        query = query.where(sa.or_(j.item == item, j.other == item))
    if report:
        query = query.where(j.report == report)
    if verdicts:
        query = query.where(j.verdict.in_(verdicts))
    return [dict(row) for row in c.execute(query).mappings()]


def pairs_judged(c: sa.Connection, layer: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The pairs of items that people judged (same, different) in a layer; of two judgements about one pair the later holds."""
    verdict: dict[tuple[str, str], str] = {}
    for row in standing(c, layer, verdicts=("same", "different")):
        a, b = sorted((row["item"], row["other"]))
        verdict.pop((a, b), None)
        verdict[a, b] = row["verdict"]
    return [p for p, v in verdict.items() if v == "same"], [p for p, v in verdict.items() if v == "different"]

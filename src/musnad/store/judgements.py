"""What people decided: rows that are only ever added; an undo is a row too."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from musnad.record.errors import StoreError
from musnad.store import schema
from musnad.store.store import Store, now

VERDICTS = ("accept", "reject", "correct", "add", "same", "different", "redact", "comment")


def judge(
    store: Store,
    by: str,
    layer: str,
    item: str,
    verdict: str,
    *,
    other: str | None = None,
    before: Any = None,
    after: Any = None,
    why: str | None = None,
) -> int:
    """Add a judgement and give its id. `other` is the second item of same and different. Raises StoreError for an unknown verdict."""
    if verdict not in VERDICTS:
        raise StoreError(f"a verdict is one of {', '.join(VERDICTS)}, not {verdict!r}")
    if (verdict in ("same", "different")) != bool(other):
        raise StoreError("same and different, and only they, are about two items")
    row = {
        "at": now(),
        "by": by,
        "layer": layer,
        "item": item,
        "other": other,
        "verdict": verdict,
        "before": before,
        "after": after,
        "why": why,
    }
    with store.writing() as c:
        return int(c.execute(sa.insert(schema.judgement).returning(schema.judgement.c.id), [row]).scalar_one())


def undo(store: Store, id: int, by: str, why: str | None = None) -> int:
    """Take a judgement back (its row stays); gives the id of the undo. Raises StoreError where there is none, or it is undone already."""
    j = schema.judgement
    with store.writing() as c:
        row = c.execute(sa.select(j).where(j.c.id == id)).mappings().first()
        if row is None:
            raise StoreError(f"there is no judgement {id}")
        if c.execute(sa.select(j.c.id).where(j.c.undoes == id)).first():
            raise StoreError(f"judgement {id} is undone already")
        made = {
            "at": now(),
            "by": by,
            "layer": row["layer"],
            "item": row["item"],
            "other": row["other"],
            "verdict": "undo",
            "why": why,
            "undoes": id,
        }
        return int(c.execute(sa.insert(j).returning(j.c.id), [made]).scalar_one())


def standing(c: sa.Connection, layer: str | None = None, item: str | None = None) -> list[dict[str, Any]]:
    """The judgements that hold (not undone, no undo among them), oldest first."""
    j = schema.judgement
    undone = sa.select(j.c.undoes).where(j.c.undoes.is_not(None))
    query = sa.select(j).where(j.c.verdict != "undo", j.c.id.not_in(undone)).order_by(j.c.id)
    if layer:
        query = query.where(j.c.layer == layer)
    if item:
        query = query.where(sa.or_(j.c.item == item, j.c.other == item))
    return [dict(row) for row in c.execute(query).mappings()]


def pairs_judged(c: sa.Connection, layer: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The pairs of items that people judged (same, different) in a layer; of two judgements about one pair the later holds."""
    verdict: dict[tuple[str, str], str] = {}
    for row in standing(c, layer):
        if row["verdict"] in ("same", "different"):
            a, b = sorted((row["item"], row["other"]))
            verdict[a, b] = row["verdict"]
    return [p for p, v in verdict.items() if v == "same"], [p for p, v in verdict.items() if v == "different"]

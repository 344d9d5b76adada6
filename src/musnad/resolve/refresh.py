"""Brings the decisions of a record up to date with its reports: run after every `add`, incremental, safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import sqlalchemy as sa

from musnad.grammar.folding import fold
from musnad.grammar.shingles import Hashes, shingles
from musnad.resolve.lineage import Pair, Telling, families, find_pairs
from musnad.store import schema
from musnad.store.reports import text_of
from musnad.store.store import Store

T = TypeVar("T")
_COMPARED = "lineage.compared"


def refresh_lineage(store: Store) -> int:
    """Compare the reports that are new since the last time with all; returns how many pairs were found. Families are derived anew."""
    r = schema.report.c
    with store.reading() as c:
        done = int(c.execute(sa.select(schema.meta.c.value).where(schema.meta.c.key == _COMPARED)).scalar() or 0)
        rows = c.execute(sa.select(r.seq, r.id, r.shingles, r.published, r.outlet, r.republisher, r.credits).order_by(r.seq)).all()
        fresh = [n for n, row in enumerate(rows) if row.seq > done]
        if not fresh:
            return 0
        pairs = list(find_pairs([_telling(c, row) for row in rows], fresh if done else None))
    with store.writing() as c:
        write_pairs(c, pairs)
        c.execute(sa.delete(schema.meta).where(schema.meta.c.key == _COMPARED))
        c.execute(sa.insert(schema.meta), [{"key": _COMPARED, "value": str(rows[-1].seq)}])
        _write_families(c)
    return len(pairs)


def _telling(c: sa.Connection, row: Any) -> Telling:
    def whole() -> Hashes:
        return shingles(text_of(c, row.id))

    return Telling(
        id=row.id,
        sketch=np.frombuffer(row.shingles, dtype=np.uint64),
        shingles=whole,
        published=row.published,
        outlet=fold(row.outlet) if row.outlet else None,
        credits=frozenset(row.credits),
        republished=bool(row.republisher),
    )


def write_pairs(c: sa.Connection, pairs: Sequence[Pair]) -> None:
    """Write lineage pairs, a < b, replacing what was decided of the same two before."""
    table = schema.pair
    for chunk in _chunks(pairs, 500):
        keys = [tuple(sorted((p.a, p.b))) for p in chunk]
        c.execute(sa.delete(table).where(table.c.layer == "reports", sa.tuple_(table.c.a, table.c.b).in_(keys)))
        rows = [
            {
                "layer": "reports",
                "a": a,
                "b": b,
                "kind": p.kind,
                "original": p.original,
                "score": p.score,
                "features": {"jaccard": p.jaccard, "containment": p.containment},
                "why": " ".join(p.why),
            }
            for (a, b), p in zip(keys, chunk, strict=True)
        ]
        if rows:
            c.execute(sa.insert(table), rows)


def _write_families(c: sa.Connection) -> None:
    p = schema.pair.c
    found = [
        Pair(a=r.a, b=r.b, kind=r.kind, original=r.original, score=r.score, jaccard=0.0, containment=0.0)
        for r in c.execute(sa.select(p.a, p.b, p.kind, p.original, p.score).where(p.layer == "reports"))
    ]
    c.execute(sa.delete(schema.cluster).where(schema.cluster.c.layer == "reports"))
    rows = [{"layer": "reports", "item": item, "cluster": family} for item, family in families(found).items()]
    for chunk in _chunks(rows, 1000):
        c.execute(sa.insert(schema.cluster), chunk)


def _chunks(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (items[i : i + size] for i in range(0, len(items), size))

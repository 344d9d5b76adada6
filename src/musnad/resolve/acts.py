"""What people do to a record, and all that follows from it at once: one transaction an act, its judgement and the derived rows that it changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa

from musnad.record.errors import StoreError
from musnad.resolve.touch import after_change, after_pair
from musnad.store import batches, corrections, judgements, schema
from musnad.store.store import Store

_ACTS = 0x6D736E6461
"""The number of the lock on PostgreSQL."""
PAIRED = {"entities": schema.entity, "events": schema.event, "commitments": schema.commitment, "reports": schema.report}
"""Layers whose items people judge the same or different."""


@contextmanager
def _alone(store: Store) -> Iterator[sa.Connection]:
    """A transaction that no other act is in at the same time: acts of two people may reach the same clusters. SQLite has one writer anyway."""
    with store.writing() as c:
        if store.dialect != "sqlite":
            c.execute(sa.select(sa.func.pg_advisory_xact_lock(_ACTS)))
        yield c


def correct(
    store: Store, by: str, report: str, layer: str, item: str, verdict: str, after: dict[str, Any] | None = None, why: str | None = None
) -> int:
    """Accept, reject or correct an item of a report; gives the judgement's id. See `corrections.correct`."""
    with _alone(store) as c:
        return after_change(c, [report], lambda: corrections.correct(c, by, report, layer, item, verdict, after, why))


def add(store: Store, by: str, report: str, layer: str, value: dict[str, Any], why: str | None = None) -> tuple[int, str]:
    """Add an item that the machine missed; gives the judgement's id and the item's. See `corrections.add`."""
    with _alone(store) as c:
        return after_change(c, [report], lambda: corrections.add(c, by, report, layer, value, why))


class Judged(NamedTuple):
    """A judgement about an item of a report that is still to be written; of an addition `after` is the item."""

    by: str
    report: str
    layer: str
    item: str
    verdict: str
    after: dict[str, Any] | None
    why: str | None


def many(store: Store, judged: Iterable[Judged]) -> int:
    """Write many judgements, report by report; gives how many could be: what somebody has taken out meanwhile is gone, there is nothing left to judge."""
    by_report: defaultdict[str, list[Judged]] = defaultdict(list)
    for j in judged:
        by_report[j.report].append(j)
    count = 0
    for report, found in by_report.items():
        with _alone(store) as c:
            count += after_change(c, [report], partial(_write_all, c, report, found))
    return count


def _write_all(c: sa.Connection, report: str, judged: Iterable[Judged]) -> int:
    count = 0
    for j in judged:
        with suppress(StoreError):
            if j.verdict == "add":
                corrections.add(c, j.by, report, j.layer, j.after or {}, j.why, index=False)
            else:
                corrections.correct(c, j.by, report, j.layer, j.item, j.verdict, j.after, j.why, index=False)
            count += 1
    corrections.reindex(c, report)
    return count


def settle(store: Store, batch: int, by: str, decided: dict[str, tuple[str, dict[str, Any] | None]]) -> int:
    """Close a batch with an editor's word where coders differ; gives the number of judgements. See `batches.settled`."""
    count = many(store, [Judged(*row) for row in batches.settled(store, batch, by, decided)])
    batches.close(store, batch)
    return count


def pair(store: Store, by: str, layer: str, a: str, b: str, verdict: str, why: str | None = None) -> int:
    """Say that two items of a layer are the same, or different; gives the judgement's id. Raises StoreError where one isn't there."""
    if layer not in PAIRED:
        raise StoreError(f"pairs are judged of {', '.join(PAIRED)}, not of {layer}")
    table = PAIRED[layer].c
    with _alone(store) as c:
        there = set(c.execute(sa.select(table.id).where(table.id.in_((a, b)))).scalars())
        if {a, b} - there:
            raise StoreError(f"no {layer} {' or '.join(sorted({a, b} - there))} in this record")
        made = judgements.judge(c, by, layer, a, verdict, other=b, why=why)
        after_pair(c, layer, (a, b))
    return made


def comment(store: Store, by: str, layer: str, item: str, text: str, report: str | None = None) -> int:
    """Say something about an item; gives the judgement's id. Raises StoreError where nothing is said."""
    if not text.strip():
        raise StoreError("a comment says something")
    return judgements.judge(store, by, layer, item, "comment", report=report, why=text.strip())


def undo(store: Store, id: int, by: str, why: str | None = None) -> int:
    """Take a judgement back, and everything that followed from it; gives the undo's id. See `judgements.undo`."""
    j = schema.judgement.c
    with _alone(store) as c:
        row = c.execute(sa.select(j.layer, j.item, j.other, j.report, j.verdict).where(j.id == id)).first()
        made = judgements.undo(c, id, by, why)
        assert row is not None  # else undo has raised
        if row.verdict in ("same", "different"):
            after_pair(c, row.layer, (row.item, row.other))
        elif row.verdict in schema.OF_ITEMS and row.report:
            after_change(c, [row.report], lambda: corrections.reindex(c, row.report))
    return made

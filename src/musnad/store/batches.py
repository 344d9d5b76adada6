"""Blind double coding: a batch of items that several coders judge without seeing each other, and an editor who settles where they differ.

Until a batch is settled, what its coders say stands in table `coding` and touches nothing. Settled, what all of them said stands as each one's
judgement, and where they differed the editor's does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from musnad.record.errors import StoreError
from musnad.store import sayable, schema
from musnad.store.clock import now
from musnad.store.corrections import added, fit, held_item
from musnad.store.filters import Row
from musnad.store.redaction import veil_for
from musnad.store.review import TABLES
from musnad.store.store import Store

CODED = ("accept", "reject", "correct", "add")
LARGEST = 5000
"""Items in one batch."""


def make_batch(store: Store, by: str, name: str, items: Sequence[tuple[str, str, str]], coders: Sequence[str]) -> int:
    """A new batch of items (layer, item, report) for two or more coders; gives its id. Raises StoreError."""
    coders = list(dict.fromkeys(x.strip() for x in coders if x.strip()))
    if len(coders) < 2:
        raise StoreError("a batch is for two coders or more")
    if not name.strip() or not items:
        raise StoreError("a batch has a name and at least one item")
    for value in (name, *coders):
        sayable.text(value, 200)
    if len(items) > LARGEST:
        raise StoreError(f"a batch holds {LARGEST} items at most, not {len(items)}")
    with store.writing() as c:
        if c.execute(sa.select(schema.batch.c.id).where(schema.batch.c.name == name.strip())).first():
            raise StoreError(f"there is a batch {name.strip()} already")
        row = {"name": name.strip(), "by": by, "at": now(), "coders": coders, "closed": None}
        id = int(c.execute(sa.insert(schema.batch).returning(schema.batch.c.id), [row]).scalar_one())
        unique = {item: (layer, report) for layer, item, report in items}
        c.execute(
            sa.insert(schema.batch_item),
            [{"batch": id, "item": x, "n": n, "layer": layer, "report": report} for n, (x, (layer, report)) in enumerate(unique.items())],
        )
    return id


def items_of_reports(store: Store, reports: Collection[str], layers: Collection[str]) -> list[tuple[str, str, str]]:
    """(layer, item, report) of all items of these layers in these reports, report by report in the order of the text."""
    found: list[tuple[str, int, str, str]] = []
    with store.reading() as c:
        for layer in layers:
            t = TABLES[layer].c
            found += [
                (x.report, x.start or 0, layer, x.id) for x in c.execute(sa.select(t.report, t.start, t.id).where(t.report.in_(reports)))
            ]
    order = {r: n for n, r in enumerate(reports)}
    return [(layer, item, report) for report, _, layer, item in sorted(found, key=lambda x: (order[x[0]], *x[1:]))]


def batches(store: Store) -> list[Row]:
    """All batches, newest first, with the number of items, and how many each coder has judged."""
    b, i, k = schema.batch, schema.batch_item.c, schema.coding.c
    with store.reading() as c:
        rows = [dict(x) for x in c.execute(sa.select(b).order_by(b.c.id.desc())).mappings()]
        size = {x[0]: x[1] for x in c.execute(sa.select(i.batch, sa.func.count()).group_by(i.batch))}
        done = {(x.batch, x.by): x.n for x in c.execute(sa.select(k.batch, k.by, _items(k).label("n")).group_by(k.batch, k.by))}
    for row in rows:
        row["items"] = size.get(row["id"], 0)
        row["done"] = {coder: done.get((row["id"], coder), 0) for coder in row["coders"]}
        row["complete"] = row["items"] > 0 and all(n >= row["items"] for n in row["done"].values())
    return rows


def _items(k: Any) -> sa.ColumnElement[int]:
    """Items that were there when the batch was made: what a coder added counts for nothing."""
    return sa.func.count(sa.distinct(sa.case((k.verdict != "add", k.item))))


def batch_of(store: Store, id: int) -> Row:
    """One batch as in `batches`; raises StoreError where there is none."""
    found = next((row for row in batches(store) if row["id"] == id), None)
    if found is None:
        raise StoreError(f"there is no batch {id}")
    return found


def to_code(store: Store, id: int, coder: str, limit: int = 20, undone: bool = True, item: str | None = None) -> list[Row]:
    """What a coder sees of a batch: its items in order (or one of them), each with his own last coding (`mine`) and nobody else's; with `undone`, only
    those left."""
    i, k = schema.batch_item.c, schema.coding.c
    mine = sa.exists().where(k.batch == i.batch, k.item == i.item, k.by == coder)
    query = sa.select(i.item.label("id"), i.layer, i.report, i.n).where(i.batch == id).order_by(i.n)
    with store.reading() as c:
        rows = [dict(x) for x in c.execute((query.where(~mine) if undone else query).limit(limit or None)).mappings()]
        said = {
            x["item"]: dict(x) for x in c.execute(sa.select(schema.coding).where(k.batch == id, k.by == coder).order_by(k.id)).mappings()
        }
    return [{**row, "mine": said.get(row["id"])} for row in rows]


def code(store: Store, id: int, coder: str, item: str, verdict: str, after: dict[str, Any] | None = None, why: str | None = None) -> int:
    """A coder's answer about an item of an open batch; a later one takes its place. Corrections are checked as if they were made. Raises StoreError."""
    if verdict not in CODED[:3]:
        raise StoreError(f"an item is coded {', '.join(CODED[:3])}, not {verdict!r}")
    with store.writing() as c:
        _open_for(c, id, coder)
        i = schema.batch_item.c
        row = c.execute(sa.select(i.layer, i.report).where(i.batch == id, i.item == item)).first()
        if row is None:
            raise StoreError(f"no item {item} in batch {id}")
        if verdict == "correct":
            after = fit(c, row.report, row.layer, msgspec.to_builtins(held_item(c, row.report, row.layer, item)), after)
        return _say(c, id, coder, item, verdict, after if verdict == "correct" else None, why)


def code_added(store: Store, id: int, coder: str, report: str, layer: str, value: dict[str, Any], why: str | None = None) -> str:
    """An item that a coder finds missing in a report of an open batch; gives its id. Raises StoreError."""
    with store.writing() as c:
        _open_for(c, id, coder)
        i = schema.batch_item.c
        if not c.execute(sa.select(i.n).where(i.batch == id, i.report == report).limit(1)).first():
            raise StoreError(f"report {report} isn't in batch {id}")
        item = added(c, report, layer, value)
        _say(c, id, coder, item, "add", {"report": report, "layer": layer, "value": value}, why)
    return item


def _say(c: sa.Connection, id: int, coder: str, item: str, verdict: str, after: Any, why: str | None) -> int:
    sayable.text(why or "")
    row = {"batch": id, "item": item, "by": coder, "at": now(), "verdict": verdict, "after": after, "why": why or None}
    return int(c.execute(sa.insert(schema.coding).returning(schema.coding.c.id), [row]).scalar_one())


def _open_for(c: sa.Connection, id: int, coder: str) -> None:
    row = c.execute(sa.select(schema.batch.c.coders, schema.batch.c.closed).where(schema.batch.c.id == id)).first()
    if row is None:
        raise StoreError(f"there is no batch {id}")
    if row.closed:
        raise StoreError("this batch is settled")
    if coder not in row.coders:
        raise StoreError(f"{coder} is no coder of this batch")


def compared(store: Store, id: int) -> list[Row]:
    """For the editor, once all coders are done: every item with each coder's answer, and whether they agree. Raises StoreError before that."""
    batch = batch_of(store, id)
    if not batch["complete"]:
        raise StoreError("the coders aren't done: nobody sees what they said before")
    k, i = schema.coding, schema.batch_item
    answers: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    with store.reading() as c:
        for x in c.execute(sa.select(k).where(k.c.batch == id).order_by(k.c.id)).mappings():
            answers[x["item"]][x["by"]] = dict(x)
        rows = [
            {"id": x.item, "layer": x.layer, "report": x.report}
            for x in c.execute(sa.select(i.c.item, i.c.layer, i.c.report).where(i.c.batch == id).order_by(i.c.n))
        ]
    known = {row["id"] for row in rows}
    for item, said in answers.items():
        if item not in known:
            first = next(iter(said.values()))["after"]
            rows.append({"id": item, "layer": first["layer"], "report": first["report"]})
    veil = veil_for(store)
    for row in rows:
        said = answers[row["id"]]
        row["answers"] = veil(said)
        row["agreed"] = set(said) == set(batch["coders"]) and len({_same(x) for x in said.values()}) == 1
    return rows


def _same(x: Row) -> bytes:
    return msgspec.json.encode([x["verdict"], x["after"]], order="deterministic")


Settled = tuple[str, str, str, str, str, dict[str, Any] | None, str]
"""Who says of an item of a report, in which layer, what: by, report, layer, item, verdict, after, why."""


def settled(store: Store, id: int, by: str, decided: dict[str, tuple[str, dict[str, Any] | None]]) -> list[Settled]:
    """The judgements that a batch comes to: what all coders said becomes each one's; for the rest `decided` (item → verdict and, where corrected, what
    changes) is the editor's word, `add` keeping what a coder added and `reject` leaving it out. Raises StoreError where an item is left undecided."""
    batch, rows = batch_of(store, id), compared(store, id)
    if batch["closed"]:
        raise StoreError("this batch is settled")
    missing = [row["id"] for row in rows if not row["agreed"] and row["id"] not in decided]
    if missing:
        raise StoreError(f"{len(missing)} items wait for a decision")
    return [
        (
            who,
            row["report"],
            row["layer"],
            row["id"],
            verdict,
            after["value"] if verdict == "add" and after else after,
            f"batch {batch['name']}",
        )
        for row in rows
        for who, verdict, after in _standing(row, row["answers"], by, decided)
    ]


def close(store: Store, id: int) -> None:
    """Mark a batch as settled."""
    with store.writing() as c:
        c.execute(sa.update(schema.batch).where(schema.batch.c.id == id).values(closed=now()))


def _standing(row: Row, said: dict[str, Row], by: str, decided: dict[str, tuple[str, Any]]) -> list[tuple[str, str, Any]]:
    """Who says what of an item in the end."""
    if row["agreed"]:
        answers = [(coder, x["verdict"], x["after"]) for coder, x in said.items()]
        # One and the same rejection or correction can be made once only: the rest of the coders are in the batch's own rows.
        return answers if answers[0][1] == "accept" else answers[:1]
    verdict, after = decided[row["id"]]
    if verdict == "add":
        return [(by, "add", next(x["after"] for x in said.values()))]
    return [] if next(iter(said.values()))["verdict"] == "add" else [(by, verdict, after)]

"""A report's line as people left it: what was rejected is gone, what was corrected or added stands as they said.

The machine's line is never changed. The item tables of the record are an index of the corrected line, so every question sees people's decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from musnad.document import check_evidence
from musnad.record.errors import BadRecord, StoreError
from musnad.record.ids import make_id
from musnad.record.kinds import LAYERS, Found, Line
from musnad.store import schema
from musnad.store.judgements import judge, standing
from musnad.store.reports import line_of
from musnad.store.rows import item_rows
from musnad.store.store import Store

BY_PEOPLE = "people"
"""`found_by` of what people corrected or added; its confidence is 1."""


def corrected(line: Line, judgements: Iterable[dict[str, Any]]) -> Line:
    """The line with the standing judgements about its items applied in order. A correction that no longer fits the text is passed over."""
    layers: dict[str, dict[str, Found]] = {name: {item.id: item for item in getattr(line, name)} for name in LAYERS}
    for j in judgements:
        layer = layers.get(j["layer"])
        if layer is None:
            continue
        if j["verdict"] == "reject":
            layer.pop(j["item"], None)
        elif j["verdict"] == "add" and j["after"].get("report") == line.report.id:
            layer[j["item"]] = _made(j["layer"], {**j["after"]["value"], "id": j["item"]})
        elif j["verdict"] == "correct" and j["item"] in layer:
            layer[j["item"]] = _made(j["layer"], {**msgspec.to_builtins(layer[j["item"]]), **j["after"]})
        elif j["verdict"] == "accept" and j["item"] in layer:
            item = layer[j["item"]]
            layer[j["item"]] = msgspec.structs.replace(item, confidence=1.0)
    return msgspec.structs.replace(line, **{name: tuple(items.values()) for name, items in layers.items()})


def _made(layer: str, value: dict[str, Any]) -> Found:
    try:
        return msgspec.convert({**value, "found_by": BY_PEOPLE, "confidence": 1.0}, LAYERS[layer])
    except msgspec.ValidationError as error:
        raise StoreError(f"that is no {layer.removesuffix('s')}: {error}") from error


def correct(
    store: Store, by: str, report: str, layer: str, item: str, verdict: str, after: dict[str, Any] | None = None, why: str | None = None
) -> int:
    """Accept, reject or correct an item of a report, and index the report anew; gives the judgement's id. `after` holds the fields that change, as in
    the record's JSON; spans are checked against the source. Raises StoreError."""
    with store.reading() as c:
        line, source = line_of(c, report), source_of(c, report)
        held = corrected(line, standing_of(c, line))
    before = next((x for x in getattr(held, layer, ()) if x.id == item), None)
    if before is None:
        raise StoreError(f"no {layer} {item} in report {report}")
    old = msgspec.to_builtins(before)
    if verdict == "correct":
        if not after:
            raise StoreError("a correction says what changes")
        unknown = set(after) - set(old)
        if unknown:
            raise StoreError(f"{layer} have no {', '.join(sorted(unknown))}")
        _check(source, _made(layer, {**old, **after}))
    made = judge(store, by, layer, item, verdict, before={k: old[k] for k in after or old}, after=after, why=why)
    reindex(store, report)
    return made


def add(store: Store, by: str, report: str, layer: str, value: dict[str, Any], why: str | None = None) -> tuple[int, str]:
    """Add an item that the machine missed; gives the judgement's id and the item's. Raises StoreError where its evidence isn't in the source."""
    with store.reading() as c:
        source = source_of(c, report)
    span = value.get("trigger") or value.get("cue") or value.get("action") or value
    item = make_id(report, layer, BY_PEOPLE, span.get("start"), span.get("end"), value.get("type"))
    _check(source, _made(layer, {**value, "id": item}))
    made = judge(store, by, layer, item, "add", after={"report": report, "value": value}, why=why)
    reindex(store, report)
    return made, item


def _check(source: str, item: Found) -> None:
    try:
        check_evidence(source, item)
    except BadRecord as error:
        raise StoreError(str(error)) from error


def source_of(c: sa.Connection, report: str) -> str:
    """The source text of the page that a report stands in."""
    found = c.execute(
        sa.select(schema.page.c.source)
        .join(schema.report, schema.report.c.page == schema.page.c.sha256)
        .where(schema.report.c.id == report)
    ).scalar()
    if found is None:
        raise StoreError(f"no report {report} in this record")
    return str(found)


def standing_of(c: sa.Connection, line: Line) -> list[dict[str, Any]]:
    """The standing judgements about one report's items."""
    ids = {item.id for layer in LAYERS for item in getattr(line, layer)}
    j = schema.judgement.c
    added = sa.and_(j.verdict == "add", sa.cast(j.after, sa.Text).contains(line.report.id))
    touched = (
        set(c.execute(sa.select(j.item).where(sa.or_(added, j.item.in_(ids)))).scalars())
        if ids
        else set(c.execute(sa.select(j.item).where(added)).scalars())
    )
    if not touched:
        return []
    return [row for layer in LAYERS for row in standing(c, layer) if row["item"] in touched]


def corrected_line(store: Store, report: str) -> Line:
    """A report's line as people left it."""
    with store.reading() as c:
        line = line_of(c, report)
        return corrected(line, standing_of(c, line))


def reindex(store: Store, report: str) -> None:
    """Write the item tables of one report anew from its corrected line."""
    rows = item_rows(corrected_line(store, report))
    with store.writing() as c:
        for table in schema.EVIDENCE:
            c.execute(sa.delete(table).where(table.c.report == report))
            if rows[table.name]:
                c.execute(sa.insert(table), rows[table.name])

"""A report's line as people left it: what was rejected is gone, what was corrected or added stands as they said.

The machine's line is never changed. The item tables of the record are an index of the corrected line, so every question sees people's decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from musnad.document import check_evidence
from musnad.record.errors import BadRecord, StoreError
from musnad.record.ids import make_id
from musnad.record.kinds import LAYERS, Found, Line
from musnad.store import sayable, schema
from musnad.store.judgements import judge, standing, writing
from musnad.store.reports import line_of
from musnad.store.rows import item_rows

if TYPE_CHECKING:
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
        item = layer.get(j["item"])
        with suppress(StoreError):
            if j["verdict"] == "reject":
                layer.pop(j["item"], None)
            elif j["verdict"] == "add":
                layer[j["item"]] = _made(j["layer"], {**j["after"]["value"], "id": j["item"]})
            elif j["verdict"] == "correct" and item is not None:
                layer[j["item"]] = _made(j["layer"], {**msgspec.to_builtins(item), **j["after"]})
            elif j["verdict"] == "accept" and item is not None:
                layer[j["item"]] = msgspec.structs.replace(item, confidence=1.0)
    return msgspec.structs.replace(line, **{name: tuple(items.values()) for name, items in layers.items()})


def _made(layer: str, value: dict[str, Any]) -> Found:
    try:
        return msgspec.convert({**value, "found_by": BY_PEOPLE, "confidence": 1.0}, LAYERS[layer])
    except (msgspec.ValidationError, OverflowError) as error:
        raise StoreError(f"that is no {layer.removesuffix('s')}: {error}") from error


def correct(
    store: Store | sa.Connection,
    by: str,
    report: str,
    layer: str,
    item: str,
    verdict: str,
    after: dict[str, Any] | None = None,
    why: str | None = None,
    index: bool = True,
) -> int:
    """Accept, reject or correct an item of a report, and index the report anew (unless the caller does, after several); gives the judgement's id.
    `after` holds the fields that change, as in the record's JSON; spans are checked against the source. Raises StoreError."""
    with writing(store) as c:
        before = held_item(c, report, layer, item)
        old = msgspec.to_builtins(before)
        if verdict == "correct":
            after = fit(c, report, layer, old, after)
        made = judge(c, by, layer, item, verdict, report=report, before={k: old[k] for k in after or old}, after=after, why=why)
        if index:
            reindex(c, report)
    return made


def fit(c: sa.Connection, report: str, layer: str, old: dict[str, Any], after: dict[str, Any] | None) -> dict[str, Any]:
    """A correction as it may be written down: only what changes. Raises StoreError where nothing does, or it is no item of the layer, or its spans
    aren't in the source."""
    after = after or {}
    _only(layer, after)
    made = _made(layer, {**old, **after})
    new = msgspec.to_builtins(made)
    changed = {k: new[k] for k in after if new[k] != old[k]}
    if not changed:
        raise StoreError("a correction says what changes")
    sayable.changes(changed)
    sayable.in_order(new, set(changed))
    _check(source_of(c, report), made)
    return changed


def added(c: sa.Connection, report: str, layer: str, value: dict[str, Any]) -> str:
    """The id of an item that somebody adds to a report. Raises StoreError where it is no item of the layer, sets what nobody sets, or its evidence isn't in the
    source."""
    _only(layer, value)
    sayable.changes(value)
    made = _made(layer, {**value, "id": ""})
    sayable.in_order(msgspec.to_builtins(made), set(value))
    _check(source_of(c, report), made)
    span = value.get("trigger") or value.get("cue") or value.get("action") or value
    return make_id(report, layer, BY_PEOPLE, span.get("start"), span.get("end"), value.get("type"))


def _only(layer: str, value: dict[str, Any]) -> None:
    """Raise StoreError for fields that items of the layer don't have, and those that nobody sets."""
    if layer not in LAYERS:
        raise StoreError(f"a layer is one of {', '.join(LAYERS)}")
    unknown = set(value) - {f.encode_name for f in msgspec.structs.fields(LAYERS[layer])}
    if unknown:
        raise StoreError(f"{layer} have no {', '.join(sorted(unknown))[:200]}")
    if fixed := sayable.FIXED & set(value):
        raise StoreError(f"{', '.join(sorted(fixed))} can't be changed")


def add(
    store: Store | sa.Connection, by: str, report: str, layer: str, value: dict[str, Any], why: str | None = None, index: bool = True
) -> tuple[int, str]:
    """Add an item that the machine missed; gives the judgement's id and the item's. Raises StoreError where its evidence isn't in the source."""
    with writing(store) as c:
        item = added(c, report, layer, value)
        made = judge(c, by, layer, item, "add", report=report, after={"report": report, "value": value}, why=why)
        if index:
            reindex(c, report)
    return made, item


def _check(source: str, item: Found) -> None:
    try:
        check_evidence(source, item)
    except BadRecord as error:
        # The error says what stands there, which may be a name that is veiled from who asks.
        told = (
            "a record has evidence in the text"
            if str(error).startswith("a record without")
            else "a span says other words than those where the source has it"
        )
        raise StoreError(told) from error


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


def as_people_left_it(c: sa.Connection, line: Line) -> Line:
    """The line with what stands of people's judgements about its items."""
    judged = standing(c, report=line.report.id, verdicts=schema.OF_ITEMS)
    return corrected(line, judged) if judged else line


def corrected_line(store: Store | sa.Connection, report: str) -> Line:
    """A report's line as people left it. Raises StoreError where there is none."""
    with nullcontext(store) if isinstance(store, sa.Connection) else store.reading() as c:
        return as_people_left_it(c, line_of(c, report))


def held_item(c: sa.Connection, report: str, layer: str, item: str) -> Found:
    """An item of a report as it stands; raises StoreError where there is none."""
    items: tuple[Found, ...] = getattr(corrected_line(c, report), layer) if layer in LAYERS else ()
    found = next((x for x in items if x.id == item), None)
    if found is None:
        raise StoreError(f"no {layer} {item} in report {report}")
    return found


def reindex(store: Store | sa.Connection, report: str) -> None:
    """Write the item tables of one report anew from its corrected line."""
    with writing(store) as c:
        rows = item_rows(corrected_line(c, report))
        for table in schema.EVIDENCE:
            c.execute(sa.delete(table).where(table.c.report == report))
            if rows[table.name]:
                c.execute(sa.insert(table), rows[table.name])

"""An item as reviewers see it: its words in their sentence, its fields, what was decided about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from musnad.record.errors import StoreError
from musnad.record.kinds import LAYERS, Commitment, Event, Figure, Found, Line, Statement
from musnad.store import review, schema
from musnad.store.corrections import BY_PEOPLE, as_people_left_it
from musnad.store.filters import Row
from musnad.store.redaction import Veil, veil_for
from musnad.store.reports import unpack
from musnad.store.rows import sentence_of
from musnad.web.desk import Desk
from musnad.web.reading.sheet import veiled

_FAR = 700
"""Code points around an item's own words within which its other words are shown."""
_AROUND = 240
"""Code points before and after the sentence that are shown softly."""


class Piece(NamedTuple):
    """Words of the source; `start` counts code points, `classes` say what they are to the item."""

    start: int
    text: str
    classes: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report that items are shown from: its row, the page's text, its line as people left it and as the machine wrote it."""

    row: Row
    source: str
    line: Line
    machine: Line


@dataclass(slots=True)
class Shown:
    """An item with what is shown around it. `value` is None where nobody knows it any more."""

    layer: str
    id: str
    sheet: Sheet
    value: Found | None
    gone: bool
    pieces: list[Piece] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)
    mine: Row | None = None
    """The reviewer's own last judgement, where it stands."""
    batch: int | None = None
    coded: Row | None = None
    happening: str | None = None

    @property
    def report(self) -> str:
        return str(self.sheet.row["id"])

    @property
    def sure(self) -> int:
        return round(self.value.confidence * 100) if self.value else 0

    @property
    def fields(self) -> dict[str, Any]:
        """The item's fields as in the record's JSON."""
        return dict(msgspec.to_builtins(self.value)) if self.value else {}

    @property
    def by_people(self) -> bool:
        return bool(self.value and self.value.found_by == BY_PEOPLE)


def open_sheets(c: sa.Connection, reports: Iterable[str], veil: Veil | None = None) -> dict[str, Sheet]:
    """The sheets of these reports: for showing under the veil, for corrections (which are made from what is really there) without."""
    r, p = schema.report.c, schema.page.c
    query = sa.select(r.id, r.title, r.outlet, r.published, r.key, r.line, p.source).join_from(schema.report, schema.page)
    out = {}
    for x in c.execute(query.where(r.id.in_(set(reports)))).mappings():
        machine = unpack(x["line"])
        row = {k: x[k] for k in ("id", "title", "outlet", "published", "key")}
        line, source = as_people_left_it(c, machine), str(x["source"])
        if veil is not None and (shown := veil(source)) != source:
            row, source, line, machine = veil(row), shown, veiled(line, shown, veil), veiled(machine, shown, veil)
        out[str(x["id"])] = Sheet(row, source, line, machine)
    return out


def show(desk: Desk, wanted: Iterable[tuple[str, str, str]], batch: int | None = None) -> list[Shown]:
    """Items (layer, id, report) as they are shown to this reviewer, in the order given; reports that are gone are left out."""
    wanted, veil = list(wanted), veil_for(desk.store)
    with desk.store.reading() as c:
        sheets = open_sheets(c, {report for _, _, report in wanted}, veil)
        out = [_shown(c, sheets[report], layer, id, veil) for layer, id, report in wanted if report in sheets]
        t = schema.cluster.c
        query = sa.select(t.item, t.cluster).where(t.layer == "events", t.item.in_([x.id for x in out if x.layer == "events"]))
        merged = {x.item: x.cluster for x in c.execute(query)}
    # Coders in a batch don't see what anybody else has said.
    histories = {} if batch else review.histories(desk.store, {x.id for x in out}, desk.user.name)
    for x in out:
        x.batch, x.happening = batch, merged.get(x.id)
        x.history = histories.get(x.id, [])
        own = [h for h in x.history if h["by"] == desk.user.name and h["id"] and not h["undone_by"] and h["verdict"] in schema.OF_ITEMS]
        x.mine = own[-1] if own else None
    return out


def _shown(c: sa.Connection, sheet: Sheet, layer: str, id: str, veil: Veil) -> Shown:
    here = _find(sheet.line, layer, id)
    value = here or _find(sheet.machine, layer, id) or _once_added(c, layer, id, veil)
    return Shown(layer, id, sheet, value, here is None, list(around(sheet, value)) if value else [])


def _find(line: Line, layer: str, id: str) -> Found | None:
    items: tuple[Found, ...] = getattr(line, layer) if layer in LAYERS else ()
    return next((x for x in items if x.id == id), None)


def _once_added(c: sa.Connection, layer: str, id: str, veil: Veil) -> Found | None:
    """What somebody added and somebody took back, or what a coder would add."""
    j, k = schema.judgement.c, schema.coding.c
    made = c.execute(sa.select(j.after).where(j.item == id, j.verdict == "add")).scalar()
    made = made or c.execute(sa.select(k.after).where(k.item == id, k.verdict == "add")).scalar()
    if not made or layer not in LAYERS:
        return None
    return msgspec.convert({**veil(made["value"]), "id": id, "found_by": BY_PEOPLE, "confidence": 1.0}, LAYERS[layer])


def report_of(c: sa.Connection, layer: str, item: str) -> str | None:
    """The report that an item stands in, wherever that is still known."""
    tables = {t.name: t for t in schema.EVIDENCE}
    found: str | None = None
    name = {"entities": "entity"}.get(layer, layer.removesuffix("s"))
    if name in tables:
        found = c.execute(sa.select(tables[name].c.report).where(tables[name].c.id == item)).scalar()
    j, i = schema.judgement.c, schema.batch_item.c
    return (
        found
        or c.execute(sa.select(j.report).where(j.item == item, j.report.is_not(None))).scalar()
        or c.execute(sa.select(i.report).where(i.item == item)).scalar()
    )


def phrases(value: Found) -> Iterator[tuple[int, int, str]]:
    """The words of an item and what they are to it; its own first."""
    if isinstance(value, Event):
        yield value.trigger.start, value.trigger.end, "w-own"
        yield from ((p.start, p.end, "w-actor") for p in value.actors)
        yield from ((p.start, p.end, "w-recipient") for p in value.recipients)
        if value.place:
            yield value.place.start, value.place.end, "w-place"
    elif isinstance(value, Statement):
        yield value.cue.start, value.cue.end, "w-own"
        if value.speaker:
            yield value.speaker.start, value.speaker.end, "w-actor"
        yield from ((s.start, s.end, "w-content") for s in value.content)
        yield from ((k.start, k.end, "w-chain") for k in value.chain if k.start is not None and k.end is not None and k.link != "speaker")
    elif isinstance(value, Commitment):
        yield value.action.start, value.action.end, "w-own"
        yield from ((p.start, p.end, "w-actor") for p in value.by)
        yield from ((p.start, p.end, "w-recipient") for p in value.to)
        if value.deadline and value.deadline.start is not None and value.deadline.end is not None:
            yield value.deadline.start, value.deadline.end, "w-place"
    elif getattr(value, "start", None) is not None:
        yield value.start, value.end, "w-own"  # type: ignore[attr-defined]


def anchor(value: Found) -> int:
    """Where an item's own words begin."""
    return next((start for start, _, _ in phrases(value)), 0)


def around(sheet: Sheet, value: Found) -> Iterator[Piece]:
    """An item's words in their sentence, with a little of the text before and after (class w-soft)."""
    found = list(phrases(value))
    if not found:
        return
    own = found[0]
    near = [(a, b, kind) for a, b, kind in found if a >= own[0] - _FAR and b <= own[1] + _FAR]
    starts, ends = zip(*(sentence_of(msgspec.structs.replace(_NOTHING, start=a, end=b), sheet.line)[:2] for a, b, _ in near), strict=True)
    first, last = min(starts), max(ends)
    inside = [s for s in sheet.line.report.segments if s.start <= first < s.end or s.start < last <= s.end]
    floor, ceiling = min((s.start for s in inside), default=first), max((s.end for s in inside), default=last)
    before, after = max(floor, first - _AROUND), min(ceiling, last + _AROUND)
    yield from _cut(sheet.source, before, first, [], "w-soft")
    yield from _cut(sheet.source, first, last, near, "")
    yield from _cut(sheet.source, last, after, [], "w-soft")


_NOTHING = Figure(id="", found_by="", confidence=0.0, start=0, end=0, text="", low=0.0, high=0.0)


def _cut(source: str, first: int, last: int, marks: list[tuple[int, int, str]], base: str) -> Iterator[Piece]:
    edges = sorted({first, last, *(e for a, b, _ in marks for e in (a, b) if first < e < last)})
    for a, b in pairwise(edges):
        if a < b:
            kinds = " ".join(dict.fromkeys(kind for x, y, kind in marks if x <= a and b <= y))
            yield Piece(a, source[a:b], kinds or base)


def whole_text(sheet: Sheet) -> list[list[Piece]]:
    """The kept text of a report, a list of pieces a paragraph, for selecting words in it."""
    out = []
    for segment in sheet.line.report.segments:
        at = segment.start
        for part in segment.text.split("\n"):
            if part.strip():
                out.append([Piece(at, part, segment.kind)])
            at += len(part) + 1
    return out


def item_at(c: sa.Connection, report: str, layer: str, id: str) -> tuple[Sheet, Found]:
    """An item as it stands, with its sheet. Raises StoreError where it isn't there."""
    sheet = open_sheets(c, [report]).get(report)
    value = _find(sheet.line, layer, id) if sheet else None
    if sheet is None or value is None:
        raise StoreError(f"no {layer} {id} in report {report}")
    return sheet, value

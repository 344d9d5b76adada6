"""From the fields of a form to the fields of an item: words become spans of the source, what was left as it was stays as it was.

A span is said as `START-END` in code points of the source (what the page's script sends for a selection, and what each kept phrase carries), or as
words of the text; words that stand there more than once mean those nearest to the item.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from starlette.datastructures import FormData

from musnad.export import labels
from musnad.record.errors import StoreError
from musnad.record.kinds import Entity, Found
from musnad.store.redaction import Veil
from musnad.web.reviewing.items import Sheet, anchor

_RANGE = re.compile(r"\s*(\d{1,9})-(\d{1,9})\s*")
_EVENT_PARTS = ("actors", "recipients")


class Reader:
    """Reads one form about an item of a report; `near` is where its words are looked for first. What the form showed stood under `veil`."""

    def __init__(self, form: FormData, sheet: Sheet, old: dict[str, Any], near: int, veil: Veil) -> None:
        self.form = form
        self.veil = veil
        self.sheet = sheet
        self.old = old
        self.near = near

    def said(self, name: str) -> str:
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def all(self, name: str) -> list[str]:
        return [v.strip() for v in self.form.getlist(name) if isinstance(v, str) and v.strip()]

    def choice(self, name: str, table: str) -> str:
        value = self.said(name)
        if value not in getattr(labels, table):
            raise StoreError(f"{name} is one of {', '.join(getattr(labels, table))}")
        return value

    def day(self, name: str) -> str | None:
        value = self.said(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as error:
            raise StoreError(f"a day is written as 2016-01-22, not {value}") from error

    def number(self, name: str) -> float:
        try:
            value = float(self.said(name).replace(",", ""))
        except ValueError as error:
            raise StoreError(f"that is no number: {self.said(name)}") from error
        if not math.isfinite(value):
            raise StoreError(f"that is no number: {self.said(name)}")
        return value

    def days(self) -> tuple[str | None, str | None]:
        start, end = self.day("from"), self.day("to")
        if start and end and start > end:
            raise StoreError("the first day comes after the last")
        return start, end

    def span(self, value: str) -> dict[str, Any]:
        """What was said as a span of the source. Raises StoreError where the text doesn't have it."""
        source = self.sheet.source
        if m := _RANGE.fullmatch(value):
            start, end = int(m[1]), int(m[2])
            text = source[start:end]
            if not (start < end <= len(source)) or not text.strip():
                raise StoreError(f"the text has no words at {value}")
            start, end = start + len(text) - len(text.lstrip()), end - (len(text) - len(text.rstrip()))
            return {"start": start, "end": end, "text": source[start:end]}
        hits = [s.start + m.start() for s in self.sheet.line.report.segments for m in re.finditer(re.escape(value), s.text) if value]
        if not hits:
            raise StoreError(f"the report doesn't say «{value[:80]}»")
        start = min(hits, key=lambda h: abs(h - self.near))
        return {"start": start, "end": start + len(value), "text": value}

    def one(self, name: str) -> dict[str, Any] | None:
        """A single span: as it was where it was left, None where the field is empty."""
        value = self.said(name)
        if not value:
            return None
        old = self.old.get(name)
        return dict(old) if old and self.is_still(value, old) else self.span(value)

    def is_still(self, value: str, old: dict[str, Any]) -> bool:
        """Whether a field says what it said before."""
        return value in (_range(old), old["text"], self.veil(old["text"]), self.veil(self.sheet.source)[old["start"] : old["end"]])

    def needed(self, name: str) -> dict[str, Any]:
        found = self.one(name)
        if found is None:
            raise StoreError(f"{name} needs words of the text")
        return {k: found[k] for k in ("start", "end", "text")}

    def party(self, value: str, old: list[dict[str, Any]]) -> dict[str, Any]:
        """A phrase that names a party: as it was where it was left, else with whom its last name stands for."""
        for p in old:
            if value == _range(p):
                return dict(p)
        span = self.span(value)
        held = next((p for p in old if p["start"] == span["start"] and p["end"] == span["end"]), None)
        return dict(held) if held else {**span, **self._who(span)}

    def _who(self, span: dict[str, Any]) -> dict[str, Any]:
        inside = [m for m in self.sheet.line.mentions if m.entity and span["start"] <= m.start and m.end <= span["end"]]
        entity = next((e for e in self.sheet.line.entities if inside and e.id == inside[-1].entity), None)
        return {"entity": entity.id if entity else None, **_code(entity)}

    def parties(self, name: str, said_as: str | None = None) -> list[dict[str, Any]]:
        """Several phrases; `said_as` is the form's name for them where it isn't the record's."""
        old = self.old.get(name) or []
        found = [self.party(v, old) for v in self.all(said_as or name)]
        return list({(p["start"], p["end"]): p for p in found}.values())


def _code(entity: Entity | None) -> dict[str, Any]:
    if entity is None:
        return {"country": None, "sector": None}
    return {"country": entity.country, "sector": "/".join(entity.sectors) or None}


def _range(span: dict[str, Any]) -> str:
    return f"{span['start']}-{span['end']}"


def correction(form: FormData, sheet: Sheet, layer: str, value: Found, veil: Veil) -> dict[str, Any]:
    """The fields of an item as a form says them. Raises StoreError."""
    old = msgspec.to_builtins(value)
    return dict(_FIELDS[layer](Reader(form, sheet, old, anchor(value), veil)))


def addition(form: FormData, sheet: Sheet, layer: str, veil: Veil) -> dict[str, Any]:
    """A new item as a form says it. Raises StoreError."""
    own = {"events": "trigger", "statements": "cue", "commitments": "action", "figures": "span"}[layer]
    reader = Reader(form, sheet, {}, 0, veil)
    reader.near = reader.span(reader.said(own))["start"] if reader.said(own) else 0
    return dict(_FIELDS[layer](reader))


def _event(r: Reader) -> Iterator[tuple[str, Any]]:
    yield "type", r.choice("type", "EVENT_TYPES")
    yield "mode", r.said("mode") or None
    yield "status", r.choice("status", "STATUSES")
    yield "trigger", r.needed("trigger")
    for name in _EVENT_PARTS:
        yield name, r.parties(name)
    place = r.said("place")
    old = r.old.get("place")
    yield "place", (dict(old) if old and r.is_still(place, old) else r.party(place, [])) if place else None
    start, end = r.days()
    yield "from", start
    yield "to", end or start


def _statement(r: Reader) -> Iterator[tuple[str, Any]]:
    yield "act", r.choice("act", "ACTS")
    if r.said("kind") not in ("direct", "indirect"):
        raise StoreError("a statement is direct or indirect")
    yield "kind", r.said("kind")
    yield "cue", r.needed("cue")
    speaker = r.said("speaker")
    old = r.old.get("speaker")
    yield "speaker", (dict(old) if old and r.is_still(speaker, old) else r.party(speaker, [])) if speaker else None
    content = [{k: s[k] for k in ("start", "end", "text")} for s in r.parties("content")]
    if not content:
        raise StoreError("a statement says something: content needs words of the text")
    yield "content", sorted(content, key=lambda s: s["start"])
    yield "chain", list(_chain(r))


def _chain(r: Reader) -> Iterator[dict[str, Any]]:
    """Links as pairs of fields; a link without a kind or words is left out."""
    held = r.old.get("chain") or []
    kinds = [v if isinstance(v, str) else "" for v in r.form.getlist("chain_kind")]
    words = [v.strip() if isinstance(v, str) else "" for v in r.form.getlist("chain_words")]
    for n, (kind, said) in enumerate(zip(kinds, words, strict=False)):
        if not kind or not said:
            continue
        if kind not in labels.LINKS:
            raise StoreError(f"a link is one of {', '.join(labels.LINKS)}")
        old = held[n] if n < len(held) else None
        if old and said in (old["name"], old.get("text"), r.veil(old["name"])):
            yield {**old, "link": kind}
        else:
            span = r.span(said)
            yield {"link": kind, "name": span["text"], **span, "entity": r.party(_range(span), [])["entity"]}


def _commitment(r: Reader) -> Iterator[tuple[str, Any]]:
    yield "stance", r.choice("stance", "STANCES")
    yield "action", r.needed("action")
    by = r.parties("by")
    if not by:
        raise StoreError("a commitment binds somebody: by needs words of the text")
    yield "by", by
    yield "to", r.parties("to", "to_whom")
    start, end = r.days()
    old = r.old.get("deadline")
    if not start and not end:
        yield "deadline", None
    elif old and (old["from"], old["to"]) == (start, end):
        yield "deadline", old
    else:
        yield "deadline", {"from": start or end, "to": end or start, "start": None, "end": None, "text": None}


def _figure(r: Reader) -> Iterator[tuple[str, Any]]:
    low, high = r.number("low"), r.number("high")
    if low > high:
        raise StoreError("the lowest number comes before the highest")
    yield "low", low
    yield "high", high
    yield "bound", r.choice("bound", "BOUNDS")
    yield "unit", r.said("unit") or None
    if r.said("kind") not in ("count", "percent", "money", "measure"):
        raise StoreError("a figure is a count, a percent, money or a measure")
    yield "kind", r.said("kind")
    words = r.said("span")
    if not words:
        raise StoreError("a figure needs words of the text")
    if not r.old or not r.is_still(words, r.old):
        yield from r.span(words).items()


_FIELDS = {"events": _event, "statements": _statement, "commitments": _commitment, "figures": _figure}
EDITED = tuple(_FIELDS)
"""Layers whose items have a form."""

"""From lines of `musnad read` to rows: what `add` writes for one page."""

from __future__ import annotations

import re
import zlib
from typing import Any

import msgspec

from musnad.grammar.folding import fold
from musnad.grammar.shingles import shingles, sketch
from musnad.record.kinds import Commitment, Entity, Event, Figure, Found, Line, Mention, Party, Statement

Rows = dict[str, list[dict[str, Any]]]


def report_row(line: Line, page_sha: str) -> dict[str, Any]:
    """The row of table report. `key` is the id under which a line of input was given (after #), else the page's name."""
    r = line.report
    hashes = shingles(kept_text(line))
    return {
        "id": r.id,
        "page": page_sha,
        "part": r.part,
        "key": r.page.rpartition("#")[2] or r.page,
        "title": r.title.text if r.title else None,
        "outlet": r.outlet.name if r.outlet else None,
        "republisher": r.republisher.name if r.republisher else None,
        "published": r.published.date if r.published else None,
        "url": r.url,
        "credits": credits(line),
        "line": zlib.compress(msgspec.json.encode(line)),
        "shingles": sketch(hashes).tobytes(),
        "shingle_count": len(hashes),
    }


def credits(line: Line) -> list[str]:
    """The folded names of the agencies and outlets that the report cites, its own outlet left out, sorted."""
    own = fold(line.report.outlet.name) if line.report.outlet else None
    names = {fold(link.name) for s in line.statements for link in s.chain if link.link in ("agency", "outlet", "republisher")}
    for segment in line.report.segments:
        for m in _TAKEN_FROM.finditer(segment.text):
            at = segment.start + m.end()
            names |= {fold(x.text) for x in line.mentions if x.type == "ORG" and x.form == "name" and at <= x.start <= at + _NEAR}
    return sorted(names - {own, ""})


_TAKEN_FROM = re.compile(r"نقلاً? عن|المصدر\s*:|عن موقع|عن صحيفة|عن وكالة")
_NEAR = 12
"""Letters between "taken from" and the name: an article, a quotation mark, the word for newspaper."""


def kept_text(line: Line) -> str:
    """The kept segments, one a paragraph."""
    return "\n".join(s.text for s in line.report.segments)


def item_rows(line: Line) -> Rows:
    """The rows of the evidence tables, by table name."""
    out: Rows = {"entity": [], "figure": [], "statement": [], "event": [], "commitment": [], "party": []}
    id = line.report.id
    first = {m.entity: m for m in reversed(line.mentions)}
    named = {m.entity for m in line.mentions if m.form == "name"}
    for e in line.entities:
        out["entity"].append(_entity(e, id, first.get(e.id)) | {"named": e.id in named})
    for f in line.figures:
        out["figure"].append(_figure(f, id, _named_beside(f, line)))
    for s in line.statements:
        out["statement"].append(_statement(s, id))
    for v in line.events:
        out["event"].append(_event(v, id) | {"sentence": sentence_of(v.trigger, line)[2]})
        out["party"] += _parties(v.id, id, "actor", v.actors) + _parties(v.id, id, "recipient", v.recipients)
    for c in line.commitments:
        out["commitment"].append(_commitment(c, id))
        out["party"] += _parties(c.id, id, "by", c.by) + _parties(c.id, id, "to", c.to)
    return out


def _item(found: Found, report: str, span: Any) -> dict[str, Any]:
    return {
        "id": found.id,
        "report": report,
        "start": span.start,
        "end": span.end,
        "text": span.text,
        "found_by": found.found_by,
        "confidence": found.confidence,
    }


def _entity(e: Entity, report: str, first: Mention | None) -> dict[str, Any]:
    """An entity with its first mention as evidence."""
    return {
        "id": e.id,
        "report": report,
        "start": first.start if first else None,
        "end": first.end if first else None,
        "text": first.text if first else None,
        "found_by": e.found_by,
        "confidence": e.confidence,
        "type": e.type,
        "name": e.name,
        "name_en": e.name_en,
        "country": e.country,
        "known": e.known,
        "data": {
            "aliases": list(e.aliases),
            "sectors": list(e.sectors),
            "offices": [msgspec.to_builtins(o) for o in e.offices],
            "place": msgspec.to_builtins(e.place),
        },
    }


def _figure(f: Figure, report: str, about: list[str]) -> dict[str, Any]:
    return _item(f, report, f) | {"low": f.low, "high": f.high, "bound": f.bound, "unit": f.unit, "kind": f.kind, "about": about}


def sentence_of(span: Any, line: Line) -> tuple[int, int, str]:
    """The bounds and text of the sentence (or line) that a span stands in."""
    segment = next((s for s in line.report.segments if s.start <= span.start < s.end), None)
    if segment is None:
        return span.start, span.end, span.text
    a, b = span.start - segment.start, span.end - segment.start
    start = max((i + len(mark) for mark in _SENTENCE_ENDS if (i := segment.text.rfind(mark, 0, a)) >= 0), default=0)
    end = min((i + 1 for mark in _SENTENCE_ENDS if (i := segment.text.find(mark, b)) >= 0), default=len(segment.text))
    return segment.start + start, segment.start + end, segment.text[start:end].strip()


def _named_beside(f: Figure, line: Line) -> list[str]:
    """The entities named in the figure's sentence."""
    start, end, _ = sentence_of(f, line)
    return sorted({m.entity for m in line.mentions if m.entity and m.form == "name" and start <= m.start < end})


_SENTENCE_ENDS = (". ", ".\n", "\n", "؟", "!")


def _statement(s: Statement, report: str) -> dict[str, Any]:
    return _item(s, report, s.cue) | {
        "act": s.act,
        "kind": s.kind,
        "speaker": s.speaker.text if s.speaker else None,
        "speaker_entity": s.speaker.entity if s.speaker else None,
        "content": " … ".join(c.text for c in s.content),
        "chain": [msgspec.to_builtins(link) for link in s.chain],
    }


def _event(v: Event, report: str) -> dict[str, Any]:
    return _item(v, report, v.trigger) | {
        "type": v.type,
        "mode": v.mode,
        "from": v.from_,
        "to": v.to,
        "status": v.status,
        "statement": v.statement,
        "place": v.place.text if v.place else None,
        "place_entity": v.place.entity if v.place else None,
        "data": {"contexts": list(v.contexts), "figures": list(v.figures), "claimed_by": list(v.claimed_by), "operation": v.operation},
    }


def _commitment(c: Commitment, report: str) -> dict[str, Any]:
    return _item(c, report, c.action) | {
        "stance": c.stance,
        "deadline_from": c.deadline.from_ if c.deadline else None,
        "deadline_to": c.deadline.to if c.deadline else None,
        "statement": c.statement,
        "event": c.event,
        "data": {"condition": c.condition.text if c.condition else None},
    }


def _parties(item: str, report: str, role: str, parties: tuple[Party, ...]) -> list[dict[str, Any]]:
    return [
        {
            "item": item,
            "role": role,
            "n": n,
            "report": report,
            "start": p.start,
            "end": p.end,
            "text": p.text,
            "entity": p.entity,
            "country": p.country,
            "sector": p.sector,
        }
        for n, p in enumerate(parties)
    ]

"""A report for people at a terminal: head, who, what was said and through whom, events, commitments, figures and times; right to left."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import IO, NamedTuple

from musnad.export.bidi import visual
from musnad.export.labels import ACTS, BASES, ENTITY_TYPES, EVENT_TYPES, LINKS, SECTIONS, STANCES, STATUSES
from musnad.record.kinds import Event, Line, Party, Statement

_WIDEST = 100
_STYLES = {"bold": "\x1b[1m", "dim": "\x1b[2m", "head": "\x1b[1;36m", "rule": "\x1b[36m"}
_ON_ITS_OWN = ("KONSOLE_VERSION", "MLTERM")
_LRM, _RLM = "\u200e", "\u200f"


class _Row(NamedTuple):
    text: str
    style: str = ""
    indent: int = 0


def needs_reordering(stream: IO[str] | None) -> bool:
    """True when the stream is a terminal that doesn't order right-to-left text by itself, as far as the environment tells."""
    if stream is None or not stream.isatty():
        return False
    vte = os.environ.get("VTE_VERSION", "")
    on_its_own = any(v in os.environ for v in _ON_ITS_OWN) or (vte.isdigit() and int(vte) >= 5800)
    return not on_its_own and os.environ.get("TERM_PROGRAM") != "Apple_Terminal"


def render(line: Line, *, bidi: bool, width: int | None = None, colour: bool | None = None) -> str:
    """One report as text. With `bidi` the lines come in visual order with joined letters, aligned to the right; without it in logical order."""
    width = width or min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    colour = (sys.stdout.isatty() and "NO_COLOR" not in os.environ) if colour is None else colour
    out = []
    for row in _rows(line, width):
        style = _STYLES.get(row.style, "") if colour else ""
        for piece in _wrap(row.text, width - row.indent):
            if bidi:
                shown = visual(piece)
                piece = " " * max(0, width - row.indent - _width(shown)) + shown
            else:
                piece = " " * row.indent + piece
            out.append(f"{style}{_safe(piece)}\x1b[0m" if style else _safe(piece))
    return "\n".join(out) + "\n\n"


def _rows(line: Line, width: int) -> Iterator[_Row]:
    report = line.report
    yield _Row("═" * width, "rule")
    yield _Row(report.title.text if report.title else "بلا عنوان", "bold")
    day = f"{_ltr(report.published.date)} ({BASES[report.published.basis][0]})" if report.published else "بلا تاريخ"
    parts = [
        report.outlet.name if report.outlet else "",
        f"نقلاً إلى {report.republisher.name}" if report.republisher else "",
        day,
        _ltr(report.page),
    ]
    yield _Row(" · ".join(p for p in parts if p), "dim")
    for problem in report.problems:
        yield _Row(_ltr(problem), "dim")
    counts = Counter(m.entity for m in line.mentions)
    if line.entities:
        yield _heading("entities", len(line.entities))
        for e in sorted(line.entities, key=lambda e: -counts[e.id]):
            more = [
                ENTITY_TYPES[e.type][0],
                _ltr(e.name_en) if e.name_en != e.name else "",
                "، ".join(o.title for o in e.offices),
                e.country and _ltr(e.country),
            ]
            yield _Row(
                f"• {e.name} — " + " · ".join(m for m in more if m) + (f" · {_ltr(f'×{counts[e.id]}')}" if counts[e.id] > 1 else ""), "", 2
            )
    elif line.mentions:
        yield _heading("mentions", len(line.mentions))
        yield _Row("، ".join(dict.fromkeys(m.text for m in line.mentions)), "", 2)
    if line.statements:
        yield _heading("statements", len(line.statements))
        for s in line.statements:
            yield from _statement(s)
    if line.events:
        yield _heading("events", len(line.events))
        for v in line.events:
            yield from _event(v)
    if line.commitments:
        yield _heading("commitments", len(line.commitments))
        for c in line.commitments:
            due = c.deadline and (c.deadline.text or _days(c.deadline.from_, c.deadline.to))
            yield _Row(f"• {STANCES[c.stance][0]}: {_parties(c.by)}" + (f" ← {_parties(c.to)}" if c.to else ""), "bold", 2)
            yield _Row(c.action.text, "", 4)
            if due:
                days = _days(c.deadline.from_, c.deadline.to) if c.deadline else ""
                yield _Row(f"الموعد: {due}" + (f" = {days}" if days and days != due else ""), "dim", 4)
    if line.figures:
        yield _heading("figures", len(line.figures))
        for f in line.figures:
            amount = f"{f.low:g}" if f.low == f.high else f"{f.low:g}–{f.high:g}"
            yield _Row(
                f"• {f.text} = {_ltr(amount + (' ' + f.unit if f.unit else ''))}" + (f" · {_ltr(f.bound)}" if f.bound != "exact" else ""),
                "",
                2,
            )
    if line.times:
        yield _heading("times", len(line.times))
        for t in line.times:
            yield _Row(f"• {t.text} = {_days(t.from_, t.to) or 'غير محسوم'}", "", 2)


def _heading(key: str, count: int) -> _Row:
    return _Row(f"{SECTIONS[key][0]} ({count})", "head")


def _statement(s: Statement) -> Iterator[_Row]:
    chain = [f"{k.name} ({LINKS[k.link][0]})" if k.link not in ("speaker", "outlet") else k.name for k in s.chain]
    who = " ← ".join(chain) if chain else (s.speaker.text if s.speaker else "قائل غير مسمى")
    yield _Row(f"• {ACTS[s.act][0]}: {who}", "bold", 2)
    said = " … ".join(c.text for c in s.content)
    yield _Row(f"«{said}»" if s.kind == "direct" else said, "", 4)


def _event(v: Event) -> Iterator[_Row]:
    yield _Row(
        f"• {EVENT_TYPES[v.type][0]} {_ltr(v.type + ('/' + v.mode if v.mode else ''))} · {STATUSES[v.status][0]} · {v.trigger.text}",
        "bold",
        2,
    )
    facts = [
        f"الفاعل: {_parties(v.actors)}" if v.actors else "",
        f"المتلقي: {_parties(v.recipients)}" if v.recipients else "",
        f"المكان: {v.place.text}" if v.place else "",
        f"اليوم: {_days(v.from_, v.to)}" if v.from_ else "",
    ]
    if any(facts):
        yield _Row(" · ".join(f for f in facts if f), "", 4)


def _parties(parties: tuple[Party, ...]) -> str:
    return "، ".join(p.text for p in parties)


def _days(start: str | None, end: str | None) -> str:
    if not start and not end:
        return ""
    return _ltr(start or "") if start == end else f"{_ltr(start or '…')} – {_ltr(end or '…')}"


def _ltr(text: str) -> str:
    """Latin text, a day or a code, kept in one piece and apart from the right-to-left text around it."""
    return f"{_RLM}{_LRM}{text}{_LRM}{_RLM}" if text else ""


def _safe(text: str) -> str:
    """Without control characters: a page must not be able to send commands to the terminal."""
    return "".join(c for c in text if c >= " " and not "\x7f" <= c <= "\x9f")


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) == "Cf" else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _wrap(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most `width` cells; a longer word is cut."""
    at: list[str] = []
    used = 0
    for word in text.split():
        while _width(word) > width:
            if at:
                yield " ".join(at)
                at, used = [], 0
            yield word[:width]
            word = word[width:]
        if used and used + 1 + _width(word) > width:
            yield " ".join(at)
            at, used = [], 0
        at.append(word)
        used += _width(word) + (used > 0)
    yield " ".join(at)

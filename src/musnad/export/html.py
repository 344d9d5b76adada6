"""One self-contained HTML page for a run: every report with its marks, and beside it cards; clicking either lights the other.

Nothing is loaded from anywhere: style and script stand in the page, and its Content-Security-Policy allows just these two, by their hashes.
All text of pages is escaped. It works from a file:// address, without a network, and (all reports one under the other) without scripts.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import NamedTuple

from musnad.export.cards import LAYERS_SHOWN, bdi, both, cards
from musnad.export.labels import BASES
from musnad.record.kinds import Line, Party
from musnad.record.span import Span

_TEMPLATE = Path(__file__).parent / "template"
_DROPPED = {
    "navigation": ("تنقل", "navigation"),
    "share": ("مشاركة", "share"),
    "comments": ("تعليقات", "comments"),
    "related": ("روابط", "related"),
    "tags": ("وسوم", "tags"),
    "counter": ("عدّاد", "counter"),
    "artifact": ("بقايا", "artifact"),
    "other": ("غير ذلك", "other"),
}


class Mark(NamedTuple):
    """A range of the source to mark: the card's id it belongs to, and CSS classes (none: lit only together with its card)."""

    start: int
    end: int
    card: str
    classes: str


def page(reports: Sequence[tuple[str, Line]]) -> str:
    """The whole HTML page of (source text, line) pairs."""
    style, script = _asset("page.css"), _asset("page.js")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    count = len(reports)
    return "".join(
        [
            '<!DOCTYPE html>\n<html lang="ar" dir="rtl">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n',
            f"<title>مُسنَد – {count}</title>\n<style>{style}</style>\n</head>\n<body>\n",
            _top(count),
            '<div class="desk">\n',
            _list(reports),
            "<main>\n",
            *(_report(source, line) for source, line in reports),
            "</main>\n</div>\n",
            f"<script>{script}</script>\n</body>\n</html>\n",
        ]
    )


@cache
def _asset(name: str) -> str:
    return (_TEMPLATE / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def _top(count: int) -> str:
    switches = "".join(
        f'<label class="switch s-{key}"><input type="checkbox" data-layer="{key}" checked><i></i>{both(label)}</label>'
        for key, label in LAYERS_SHOWN
    )
    return (
        '<header class="top"><div class="brand"><b>مُسنَد</b> <span class="count">'
        + both((f"عدد التقارير: {count}", f"{count} report{'s' * (count != 1)}"))
        + f'</span></div><div class="legend" role="group" aria-label="Layers">{switches}</div>'
        '<button type="button" class="tongue" aria-label="English / العربية"><span class="ar" lang="en" dir="ltr">English</span>'
        '<span class="en" lang="ar">العربية</span></button></header>\n'
    )


def _list(reports: Sequence[tuple[str, Line]]) -> str:
    if len(reports) < 2:
        return ""
    rows = "".join(
        f'<li><a href="#{escape(line.report.id)}"><span class="t">{bdi(_title(line))}</span><span class="m">{_meta(line)}</span></a></li>'
        for _, line in reports
    )
    return f'<nav class="runs" aria-label="Reports"><details open><summary>{both(("التقارير", "Reports"))}</summary><ol>{rows}</ol></details></nav>\n'


def _title(line: Line) -> str:
    report = line.report
    if report.title:
        return " ".join(report.title.text.split())
    return " ".join((report.segments[0].text if report.segments else report.page)[:90].split())


def _meta(line: Line) -> str:
    report = line.report
    day = f'<time dir="ltr">{escape(report.published.date)}</time>' if report.published else both(("بلا تاريخ", "no date"))
    return " · ".join(x for x in (bdi(report.outlet.name) if report.outlet else "", day) if x)


def _report(source: str, line: Line) -> str:
    report = line.report
    facts = [_meta(line) + (f' <small class="basis">{both(BASES[report.published.basis])}</small>' if report.published else "")]
    if report.republisher:
        facts.append(both(("أعاد نشره", "republished by")) + " " + bdi(report.republisher.name))
    if report.byline:
        facts.append(bdi(report.byline.text))
    facts.append(f'<code dir="ltr" title="SHA-256 {escape(report.sha256)}">{escape(report.page)}</code>')
    problems = "".join(f'<p class="problem" dir="auto">{escape(p)}</p>' for p in report.problems)
    dropped = "".join(
        f'<li><small class="kind">{both(_DROPPED[d.kind])}</small> {bdi(" ".join(d.text.split())[:300])}</li>'
        for d in report.dropped
        if d.text.strip()
    )
    left_out = (
        f'<details class="dropped"><summary>{both(("ما أُسقط من الصفحة", "Left out of the page"))}</summary><ul>{dropped}</ul></details>'
        if dropped
        else ""
    )
    # A title that stands in the text is shown there, with its marks.
    heading = "" if any(s.kind == "title" for s in report.segments) else f"<h2>{bdi(_title(line))}</h2>"
    return (
        f'<article class="report" id="{escape(report.id)}">\n<header>{heading}<p class="facts">{" · ".join(facts)}</p>{problems}</header>\n'
        f'<div class="cols"><section class="text" lang="ar" dir="rtl">{"".join(_text(source, line))}{left_out}</section>\n'
        f'<aside class="cards">{"".join(cards(line))}</aside></div>\n</article>\n'
    )


def marks(line: Line) -> Iterator[Mark]:
    """Everything of the record that is marked in the text."""
    for m in line.mentions:
        yield Mark(m.start, m.end, m.entity or m.id, f"m {m.type}" if m.form == "name" else "n")
    for s in line.statements:
        yield Mark(s.cue.start, s.cue.end, s.id, "q")
        for c in s.content:
            yield Mark(c.start, c.end, s.id, "c")
        yield from _phrases([s.speaker] if s.speaker else [], s.id)
        yield from (Mark(k.start, k.end, s.id, "") for k in s.chain if k.start is not None and k.end is not None)
    for v in line.events:
        yield Mark(v.trigger.start, v.trigger.end, v.id, "v")
        yield from _phrases([*v.actors, *v.recipients, *([v.place] if v.place else [])], v.id)
    for k in line.commitments:
        yield Mark(k.action.start, k.action.end, k.id, "k")
        yield from _phrases([*k.by, *k.to], k.id)
        if k.deadline and k.deadline.start is not None and k.deadline.end is not None:
            yield Mark(k.deadline.start, k.deadline.end, k.id, "")
    for f in line.figures:
        yield Mark(f.start, f.end, f.id, "f")
    for t in line.times:
        yield Mark(t.start, t.end, t.id, "t")


def _phrases(parties: Iterable[Party | Span], card: str) -> Iterator[Mark]:
    yield from (Mark(p.start, p.end, card, "") for p in parties)


def _text(source: str, line: Line) -> Iterator[str]:
    """The kept segments as paragraphs, cut wherever a mark begins or ends."""
    starts: defaultdict[int, list[Mark]] = defaultdict(list)
    ends: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks(line):
        starts[mark.start].append(mark)
        ends[mark.end].append(mark)
    edges = sorted({*starts, *ends})
    at, last = 0, -1
    open_marks: Counter[Mark] = Counter()
    pieces: list[str] = []
    kind = ""
    for segment in sorted(line.report.segments, key=lambda s: s.start):
        if pieces and (segment.kind != kind or "\n" in source[last : segment.start]):
            yield from _paragraphs(kind, pieces)
            pieces = []
        elif pieces:
            pieces.append(" ")
        while at < len(edges) and edges[at] <= segment.start:
            _turn(open_marks, starts, ends, edges[at])
            at += 1
        place, kind, last = segment.start, segment.kind, segment.end
        while place < segment.end:
            stop = min(edges[at], segment.end) if at < len(edges) else segment.end
            pieces.append(_piece(source[place:stop], open_marks))
            place = stop
            if at < len(edges) and edges[at] == stop:
                _turn(open_marks, starts, ends, stop)
                at += 1
    yield from _paragraphs(kind, pieces)


def _paragraphs(kind: str, pieces: Sequence[str]) -> Iterator[str]:
    tag = {"title": "h2", "subhead": "h3"}.get(kind, "p")
    for paragraph in "".join(pieces).split("\n"):
        if paragraph.strip():
            yield f'<{tag} class="{kind}">{paragraph}</{tag}>'


def _turn(open_marks: Counter[Mark], starts: dict[int, list[Mark]], ends: dict[int, list[Mark]], at: int) -> None:
    for mark in ends.get(at, ()):
        open_marks.pop(mark, None)
    for mark in starts.get(at, ()):
        open_marks[mark] += 1


def _piece(text: str, open_marks: Iterable[Mark]) -> str:
    """Escaped text under its marks; a piece that runs over line ends is cut there, so that each paragraph is whole by itself."""
    here = sorted(open_marks, key=lambda m: (not m.classes, m.end - m.start))
    if not here:
        return escape(text)
    ids = " ".join(dict.fromkeys(m.card for m in here))
    classes = " ".join(dict.fromkeys(c for m in here for c in m.classes.split()))
    return "\n".join(
        f'<span class="x {classes}" data-r="{escape(ids)}">{escape(part)}</span>' if part.strip() else escape(part)
        for part in text.split("\n")
    )

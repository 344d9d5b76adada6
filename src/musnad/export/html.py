"""One self-contained HTML page for a run: every report with its marks, and beside it cards; clicking either lights the other.

Nothing is loaded from anywhere: style and script stand in the page, and its Content-Security-Policy allows just these two, by their hashes.
All text of pages is escaped. It works from a file:// address, without a network, and (all reports one under the other) without scripts.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

from musnad.export.cards import LAYERS_SHOWN, bdi, both, cards
from musnad.export.labels import BASES, DROPPED
from musnad.export.marks import Piece, paragraphs
from musnad.record.kinds import Line

_TEMPLATE = Path(__file__).parent / "template"


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
        f'<li><small class="kind">{both(DROPPED[d.kind])}</small> {bdi(" ".join(d.text.split())[:300])}</li>'
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


def _text(source: str, line: Line) -> Iterator[str]:
    """The kept text under its marks."""
    for kind, pieces in paragraphs(source, line):
        tag = {"title": "h2", "subhead": "h3"}.get(kind, "p")
        yield f'<{tag} class="{kind}">{"".join(map(_piece, pieces))}</{tag}>'


def _piece(piece: Piece) -> str:
    if not piece.marks:
        return escape(piece.text)
    return f'<span class="x {piece.classes}" data-r="{escape(piece.cards)}">{escape(piece.text)}</span>'

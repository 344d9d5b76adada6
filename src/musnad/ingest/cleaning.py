"""From a page to its reports: what is kept and dropped, titles, stamps, outlets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from musnad.grammar.folding import Folded
from musnad.ingest.bodies import clean_body
from musnad.ingest.heads import read_head
from musnad.ingest.lines import Kit, Line, kit_of, read_lines
from musnad.ingest.page import Page
from musnad.ingest.splitting import split
from musnad.record.ids import make_id
from musnad.record.kinds import Dropped, Report, Segment
from musnad.tools import Tools

_RESTS = re.compile(
    r"&(?:amp;)?(?:nbsp|#160|#xa0|quot|lt|gt|zwnj|rlm|lrm|ndash|mdash|laquo|raquo|hellip);?"
    r"|(?<=[\u0600-\u06ff\ufb50-\ufefc.،؛:!؟\"'»”)\]])&(?=\s|$)|(?<!\S)&(?=\s?[\u0600-\u06ff])(?<![A-Za-z] &)"
    r"|https?://t\.co/\S*|pic\.twitter\.com/\S*"
)


def find_reports(page: Page, folded: Folded, tools: Tools) -> Sequence[Report]:
    """The reports of a page, in order, with their segments, dropped parts and heads. A page without an article gives one report without segments."""
    kit = kit_of(tools)
    parts = split(read_lines(folded, kit), kit)
    return [_report(page, folded, kit, lines, part, len(parts)) for part, lines in enumerate(parts)]


def _report(page: Page, folded: Folded, kit: Kit, lines: list[Line], part: int, parts: int) -> Report:
    title, body = clean_body(lines, kit, page.title if part == 0 else None)
    head = read_head(page, folded, kit, lines, title, body, part)
    segments: list[Segment] = []
    dropped: list[Dropped] = []
    for line in lines:
        _cut(page.source, folded, line, segments, dropped)
    problems = page.problems if segments else (*page.problems, "no article was found in the page")
    return Report(
        id=make_id(page.sha256, "report", *((page.name.rsplit("#", 1)[1],) if "#" in page.name else ()), part),
        page=page.name,
        part=part,
        sha256=page.sha256,
        url=page.url,
        captured=page.captured,
        title=head.title,
        outlet=head.outlet,
        republisher=head.republisher,
        dateline=head.dateline,
        byline=head.byline,
        published=head.published,
        segments=tuple(segments),
        dropped=tuple(dropped),
        problems=problems,
    )


def _cut(source: str, folded: Folded, line: Line, segments: list[Segment], dropped: list[Dropped]) -> None:
    """Add the line to what is kept or dropped; rests of markup inside a kept line are cut out of it."""
    start, end = line.block.start, line.block.end
    if line.drop:
        dropped.append(Dropped(start=start, end=end, text=source[start:end], kind=line.drop))
        return
    if "label" in line.groups:
        a, b = line.groups["label"]
        cut = folded.span(line.block.a + a, line.block.a + b)[1]
        dropped.append(Dropped(start=start, end=cut, text=source[start:cut], kind="artifact"))
        start = cut
    at = start
    for m in [*_RESTS.finditer(source, start, end), None]:
        a, b = at, m.start() if m else end
        while a < b and source[a].isspace():
            a += 1
        while b > a and source[b - 1].isspace():
            b -= 1
        if b > a:
            segments.append(Segment(start=a, end=b, text=source[a:b], kind=line.kind))
        if m:
            dropped.append(Dropped(start=m.start(), end=m.end(), text=m.group(), kind="artifact"))
            at = m.end()

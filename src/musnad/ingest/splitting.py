"""Where a page ends one article and begins another."""

from __future__ import annotations

from musnad.ingest.lines import Kit, Line

_RESTATED = 0.3
_SURELY_RESTATED = 0.5
_SHORTEST_TITLE = 4
_STAMP_WITHIN = 4


def split(lines: list[Line], kit: Kit) -> list[list[Line]]:
    """The lines of each article of the page, in order; a marker before a second article ("read also") stays with the first."""
    parts: list[list[Line]] = [[]]
    told = 0
    for i, line in enumerate(lines):
        if told and line.is_headline and line.size >= _SHORTEST_TITLE and _begins(lines, i, kit):
            parts.append([])
            told = 0
        parts[-1].append(line)
        told += line.is_paragraph
    return parts


def _begins(lines: list[Line], i: int, kit: Kit) -> bool:
    """True when line i is the title of another article: a lead that restates it follows, and a marker, a separator or a stamp stands beside it."""
    stamped = False
    lead = None
    for k in range(i + 1, min(len(lines), i + 1 + _STAMP_WITHIN)):
        line = lines[k]
        stamped = stamped or (line.drop == "other" and bool(line.stamps))
        if line.is_paragraph:
            lead = k
            break
        if not line.drop and line.size > _SHORTEST_TITLE * 2:
            break
    if lead is None or kit.matches("connective", lines[lead].block.form):
        return False
    if stamped:
        return True
    before = lines[i - 1]
    if not before.rule or before.drop is None:
        return False
    title = kit.content(lines[i].block)
    restated = len(title & kit.content(lines[lead].block)) / max(1, len(title))
    ended = any(x.drop in ("tags", "comments") or (x.rule and x.rule.get("part") == "source") for x in lines[max(0, i - 4) : i])
    follows = sum(x.is_paragraph for x in lines[lead : lead + 6])
    if before.drop == "related" and before.after() == "list":
        return follows >= 2 and restated >= (_RESTATED if ended else _SURELY_RESTATED)
    return before.rule.id == "cleaning.no-words" and follows >= 2 and restated >= _SURELY_RESTATED

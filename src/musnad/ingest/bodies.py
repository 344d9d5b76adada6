"""What of an article's lines is its title, sub-headings, captions and body, and what is left out."""

from __future__ import annotations

import re

from musnad.ingest.blocks import Block
from musnad.ingest.lines import Kit, Line
from musnad.record.kinds import DropKind

_TITLE = range(3, 33)
_SHORT = 3
_SUBHEAD = 6
_RESTATED = 0.5
_FOREIGN = 0.34
_LEAST_TEASERS = 3
_LONGEST_TEASER = 70
_CREDIT = re.compile(r"\([^()]{2,40}\)\.?$")
_BULLET = re.compile(r"^(?:[-*•●■▪·–—]|[0-9]{1,2}\s?[-.)])\s*\S")
_EMOJI = re.compile(r"^[\u2300-\u24ff\u25a1-\u25ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f]")
_QUESTION = re.compile(r"^(?:هل|لماذا|كيف|من هو|من هي|ماذا|ما هو|ما هي|متي|اين)\s")


def clean_body(lines: list[Line], kit: Kit, title: str | None) -> tuple[Line | None, int]:
    """The title's line, and the index of the body's first line; every line's `drop` and `kind` are settled."""
    body = _body_start(lines)
    found = _head(lines, body, title)
    _lists(lines, body)
    _posts(lines)
    last = max((i for i, x in enumerate(lines) if x.is_paragraph), default=len(lines))
    stops = [x.block.stop for x in lines[body:] if x.is_paragraph and x.size >= 19]
    stopped = sum(stops) >= 0.6 * len(stops)
    for a, b in _runs(lines, body):
        _judge_run(lines, a, b, last, stopped, kit)
    if stopped:
        _foreign_tail(lines, body, kit)
    _repeats(lines)
    return found, body


def _body_start(lines: list[Line]) -> int:
    for i, line in enumerate(lines):
        if line.is_paragraph:
            return i
    kept = [i for i, line in enumerate(lines) if not line.drop]
    if len(kept) > 1 and lines[kept[0]].is_headline:
        return kept[1]
    return kept[0] if kept else len(lines)


def _head(lines: list[Line], body: int, known: str | None) -> Line | None:
    """The title among the lines before the body; what stands around it becomes a sub-heading or is dropped."""
    head = [x for x in lines[:body] if not x.drop]
    printed = [x.block.words for x in head]
    best, best_score = None, 0.0
    for n, line in enumerate(head):
        if known is not None and n == 0:
            best, best_score = line, 1e9
        attributed = any(x.entry for x in line.named) or line.stamps
        if line.size not in _TITLE or (attributed and line.size <= 8) or line.kind == "caption" or line.block.opens:
            continue
        i = lines.index(line)
        beside = i + 1 < body and (bool(lines[i + 1].drop) or bool(lines[i + 1].stamps) or any(x.entry for x in lines[i + 1].named))
        score = min(line.size, 12) + 4 * (printed.count(line.block.words) > 1) + 3 * beside - 2 * line.block.stop
        if score > best_score:
            best, best_score = line, score
    if best is None:
        for line in head:
            line.drop = "navigation" if line.size <= _SHORT else None
        return None
    best.kind = "title"
    at = lines.index(best)
    for i, line in enumerate(lines[:body]):
        if line.drop or line is best or line.kind == "caption":
            continue
        attributed = line.stamps or any(x.entry for x in line.named)
        if i < at:
            line.drop = "navigation" if line.size <= _SHORT or attributed else None
        elif attributed or (line.size <= 5 and not line.block.stop):
            line.drop = "other"
        line.kind = "caption" if _CREDIT.search(line.block.form) else "subhead"
    return best


def _lists(lines: list[Line], body: int) -> None:
    """Drop what a marker takes with it: the headlines below it, or the page's rest."""
    i = 0
    while i < len(lines):
        line = lines[i]
        reach = line.after() if line.drop else "line"
        i += 1
        if reach == "list":
            while i < len(lines) and (lines[i].drop or lines[i].is_headline) and not (i < body and lines[i].kind == "title"):
                if not lines[i].drop:
                    lines[i].drop = line.drop
                elif lines[i].after() != "line":
                    break
                i += 1
        elif reach == "rest" and i > body:
            told = sum(x.size for x in lines[body:i] if x.is_paragraph)
            left = sum(x.size for x in lines[i:] if x.is_paragraph)
            if left <= told:
                for rest in lines[i:]:
                    rest.drop = rest.drop or line.drop


def _posts(lines: list[Line]) -> None:
    """Drop the lines of a quoted post above its rest: those that begin with a picture sign."""
    for i, line in enumerate(lines):
        if line.drop and line.rule and line.rule.get("above") == "emoji":
            k = i - 1
            while k >= 0 and not lines[k].drop and _EMOJI.match(lines[k].block.form):
                lines[k].drop = "artifact"
                k -= 1


def _runs(lines: list[Line], body: int) -> list[tuple[int, int]]:
    """The ranges of neighbouring headlines (dropped lines between them don't part them)."""
    out: list[tuple[int, int]] = []
    i = max(body, 0)
    while i < len(lines):
        if not lines[i].is_headline:
            i += 1
            continue
        k, end = i, i + 1
        while k < len(lines) and (lines[k].drop or lines[k].is_headline):
            if not lines[k].drop:
                end = k + 1
            k += 1
        out.append((i, end))
        i = k
    return out


def _judge_run(lines: list[Line], a: int, b: int, last: int, stopped: bool, kit: Kit) -> None:
    run = [x for x in lines[a:b] if not x.drop]
    before = next((x for x in reversed(lines[:a]) if not x.drop), None)
    if (before and before.block.opens and before.kind != "title") or not stopped:
        listed = before is not None and before.block.opens
        run = [] if listed else [x for x in run if x.size <= _SHORT]
    run = [x for x in run if x.kind != "caption" and not _BULLET.match(x.block.form)]
    after = [x for x in lines[b:] if x.is_paragraph][:3]
    tail = b > last
    if tail:
        for line in run:
            _judge_tail(line, lines[:a], len(run), kit)
        return
    content = frozenset().union(*(x.block.content for x in after)) if after else frozenset()
    for line in run:
        if line.drop:
            continue
        restated = _share(line.block, content)
        if _CREDIT.search(line.block.form) or _repeated(line, lines):
            line.kind = "caption"
        elif _connected(line, kit) and len(run) == 1 and line.size > _SUBHEAD:
            line.kind = "body"
        elif len(run) == 1 and (line.size <= _SUBHEAD or (restated >= _RESTATED and not _QUESTION.match(line.block.form))):
            line.kind = "subhead"
        elif len(run) == 2 and (line.size <= _SHORT or restated >= 0.75):
            line.kind = "subhead"
        else:
            line.drop = "related"


def _judge_tail(line: Line, before: list[Line], run: int, kit: Kit) -> None:
    """A headline below the last paragraph: an outlet's signature, a teaser, or a last line whose full stop is missing."""
    if line.named and (all(x.entry for x in line.named) or (line.stamps and line.rest <= _SUBHEAD)):
        line.drop = "other"
    elif line.size <= _SHORT:
        line.drop = "tags" if run > 1 else "other"
    elif not _connected(line, kit):
        content = frozenset().union(*(x.block.content for x in before if not x.drop))
        if run > 1 or _share(line.block, content) < _RESTATED:
            line.drop = "related"


def _connected(line: Line, kit: Kit) -> bool:
    return any(r.regex.match(line.block.form) for r in kit.parts.get("connective", ()))


def _share(block: Block, content: frozenset[str]) -> float:
    """The share of the block's content that is in `content`, 0 to 1."""
    return len(block.content & content) / len(block.content) if block.content else 0.0


def _repeated(line: Line, lines: list[Line]) -> bool:
    return sum(x.block.words == line.block.words for x in lines) > 1


def _foreign_tail(lines: list[Line], body: int, kit: Kit) -> None:
    """Drop the teasers of other articles that follow a page's text: unconnected one-sentence paragraphs, most of whose words the article doesn't have."""
    shown = [i for i, x in enumerate(lines) if i >= body and not x.drop]
    tail: list[int] = []
    for i in reversed(shown):
        line = lines[i]
        if line.block.long or line.size > _LONGEST_TEASER or _connected(line, kit):
            break
        tail.append(i)
    while len(tail) >= _LEAST_TEASERS:
        content = frozenset().union(*(lines[i].block.content for i in shown if i < tail[-1]))
        if not content:
            return
        shares = [_share(lines[i].block, content) for i in tail]
        if shares[-1] < _FOREIGN and sum(s < _FOREIGN for s in shares) * 2 >= len(shares):
            for i in tail:
                lines[i].drop = "related"
            return
        tail.pop()


def _repeats(lines: list[Line]) -> None:
    """Drop a line that was printed before, word for word."""
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        if line.drop or line.block.long or line.size < _SHORT:
            continue
        if line.block.words in seen:
            drop: DropKind = "other"
            line.drop = drop
        seen.add(line.block.words)

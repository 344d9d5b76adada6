"""What of an article's lines is its title, sub-headings, captions and body, and what is left out."""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate, pairwise

from musnad.ingest.lines import Kit, Line

_TITLE = range(3, 33)
"""Words of a title; the numbers below count words too, or are shares of content between 0 and 1."""
_SHORT = 3
_NAME = 5
_SUBHEAD = 7
_PARAGRAPH = 19
_LEAST_WORDS, _MOST_WORDS = 9, 70
_LEAST_TEASERS, _MOST_TEASERS = 4, 8
_LEAST_LEFT = 3
_NEAR = 12
_RESTATED, _SURELY_RESTATED = 0.5, 0.75
_MOSTLY = 0.6
_FOREIGN, _UNLIKE = 0.34, 0.16
_KIN, _DATED_KIN = 0.2, 0.6
"""Shares from which the first of some teasers is taken for the article's last paragraph: of 2,947 articles with five ledes of others below them, 12 lose a paragraph
(68 without this) and one teaser in twenty stays."""

_CREDIT = re.compile(r"\([^()]{2,40}\)\.?$")
_QUOTED = re.compile(r"^\"[^\"]+\"$")
_BULLET = re.compile(r"^(?:[-*•●■▪·–—]|[0-9]{1,2}\s?[-.)])\s*\S")
_EMOJI = re.compile(r"^[\u2300-\u24ff\u25a1-\u25ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f]")
_QUESTION = re.compile(r"^(?:هل|لماذا|كيف|من هو|من هي|ماذا|ما هو|ما هي|متي|اين)\s")


def clean_body(lines: list[Line], kit: Kit, title: str | None) -> tuple[Line | None, int]:
    """The title's line, and the index of the body's first line; every line's `drop` and `kind` are settled. Linear in the lines."""
    body = _body_start(lines)
    found = _head(lines[:body], title)
    _lists(lines, body)
    _posts(lines)
    stops = [x.block.stop for x in lines[body:] if x.is_paragraph and x.size >= _PARAGRAPH]
    stopped = sum(stops) >= _MOSTLY * len(stops)
    last = max((i for i, x in enumerate(lines) if x.is_paragraph), default=len(lines))
    printed = Counter(x.block.words for x in lines)
    for a, b in _runs(lines, body) if any(x.is_paragraph for x in lines) else ():
        run = [x for x in lines[a:b] if not x.drop]
        if a > last:
            _judge_tail(run, lines[max(0, a - _NEAR) : a], kit)
        else:
            _judge_run(run, lines[max(0, a - 2) : a], lines[b : b + _NEAR], stopped, printed, kit)
    if stopped:
        _drop_teasers(lines, body, kit)
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


def _head(lines: list[Line], known: str | None) -> Line | None:
    """The title among the lines before the body; what stands around it becomes a sub-heading or is dropped."""
    at = 0 if known is not None and lines else _title_at(lines)
    if at is None:
        for line in lines:
            if not line.drop and line.size <= _SHORT:
                line.drop = "navigation"
        return None
    at = next(i for i, x in enumerate(lines) if x.block.words == lines[at].block.words)
    title = lines[at]
    title.drop, title.kind = None, "title"
    for i, line in enumerate(lines):
        if line.drop or i == at or line.kind == "caption":
            continue
        attributed = line.stamps or any(x.entry for x in line.named)
        if i < at and (line.size <= _SHORT or attributed):
            line.drop = "navigation"
        elif i > at and (attributed or (line.size <= _NAME and not line.block.stop)):
            line.drop = "other"
        line.kind = "caption" if _CREDIT.search(line.block.form) else "subhead"
    return title


def _title_at(lines: list[Line]) -> int | None:
    """The index of the line before the body that is most like a title: long for a line without a full stop, printed twice, with stamp or outlet below it."""
    printed = Counter(x.block.words for x in lines)
    best, best_score = None, float("-inf")
    for i, line in enumerate(lines):
        teaser = line.drop == "related" and line.after() == "line"
        attributed = line.is_stamp or (line.size <= 8 and any(x.entry for x in line.named))
        if (line.drop and not teaser) or line.size not in _TITLE or attributed or line.kind == "caption" or line.block.opens:
            continue
        below = lines[i + 1] if i + 1 < len(lines) else None
        beside = below is not None and (bool(below.drop) or bool(below.stamps) or any(x.entry for x in below.named))
        score = (
            min(line.size, 12) + 4 * (printed[line.block.words] > 1) + 3 * beside - 2 * line.block.stop - 8 * teaser - 6 * line.is_signature
        )
        if score > best_score:
            best, best_score = i, score
    return best


def _lists(lines: list[Line], body: int) -> None:
    """Drop what a marker takes with it: the headlines below it, or the page's rest."""
    words = list(accumulate((x.size if x.is_paragraph and i >= body else 0 for i, x in enumerate(lines)), initial=0))
    i = 0
    while i < len(lines):
        line = lines[i]
        reach = line.after() if line.drop else "line"
        i += 1
        if reach == "list":
            while i < len(lines) and (lines[i].drop or lines[i].is_headline) and lines[i].kind != "title":
                if lines[i].drop and lines[i].after() != "line":
                    break
                lines[i].drop = lines[i].drop or line.drop
                i += 1
        elif reach == "rest" and i > body and words[-1] <= 2 * words[i]:
            for rest in lines[i:]:
                rest.drop = rest.drop or line.drop
            return


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
    i = body
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


def _judge_run(run: list[Line], before: list[Line], after: list[Line], stopped: bool, printed: Counter[tuple[str, ...]], kit: Kit) -> None:
    """Headlines between paragraphs: sub-headings and captions say what the text below says; links to other articles come in heaps, or are long or questions."""
    if any(x.block.opens and not x.drop and x.kind != "title" for x in before) or _is_list(run):
        return
    content = _content([x for x in after if x.is_paragraph][:3], kit)
    for line in run:
        restated = _share(line, content, kit)
        if line.kind == "caption" or _CREDIT.search(line.block.form) or printed[line.block.words] > 1:
            line.kind = "caption"
        elif (not stopped and line.size > _SHORT) or (
            len(run) == 1 and line.size > _SUBHEAD and kit.matches("connective", line.block.form)
        ):
            line.kind = "body"
        elif (
            len(run) == 1
            and (
                line.size <= _SUBHEAD or _QUOTED.search(line.block.form) or (restated >= _RESTATED and not _QUESTION.match(line.block.form))
            )
        ) or (len(run) == 2 and (line.size <= _SHORT or restated >= _SURELY_RESTATED)):
            line.kind = "subhead"
        else:
            line.drop = "related"


def _is_list(run: list[Line]) -> bool:
    """True for lines with bullets or numbers, and for lines that begin with one word."""
    if all(_BULLET.match(x.block.form) for x in run):
        return True
    return len(run) >= _LEAST_TEASERS and len({x.block.words[0] for x in run}) * 2 <= len(run)


def _judge_tail(run: list[Line], before: list[Line], kit: Kit) -> None:
    """Headlines below the last paragraph: an outlet's signature, teasers, or a last line whose full stop is missing."""
    opened = any(x.block.opens and not x.drop for x in before[-2:])
    content = _content([x for x in before if not x.drop], kit)
    for line in run:
        signed = any(x.entry for x in line.named) and all(x.entry or x.words <= 2 for x in line.named)
        if signed or line.is_stamp:
            line.drop = "other"
        elif opened or (len(run) > 1 and _is_list(run)):
            continue
        elif line.size <= _SHORT:
            line.drop = "tags" if len(run) > 1 else "other"
        elif not kit.matches("connective", line.block.form) and (len(run) > 1 or _share(line, content, kit) < _RESTATED):
            line.drop = "related"


def _content(lines: list[Line], kit: Kit) -> frozenset[str]:
    return frozenset().union(*(kit.content(x.block) for x in lines))


def _share(line: Line, content: frozenset[str], kit: Kit) -> float:
    """The share of the line's content that is in `content`, 0 to 1."""
    own = kit.content(line.block)
    return len(own & content) / len(own) if own else 0.0


def _drop_teasers(lines: list[Line], body: int, kit: Kit) -> None:
    """Drop the teasers of other articles below a page's text: unconnected one-sentence paragraphs that share little with the article and with each other."""
    shown = [x for x in lines[body:] if not x.drop]
    tail: list[Line] = []
    while len(tail) < min(len(shown), _MOST_TEASERS):
        line = shown[-1 - len(tail)]
        if line.block.long or not _LEAST_WORDS <= line.size <= _MOST_WORDS or kit.matches("connective", line.block.form):
            break
        tail.insert(0, line)
    while len(tail) >= _LEAST_TEASERS:
        article = shown[: -len(tail)]
        content = _content(article, kit)
        if len(article) >= 2 and any(kit.matches("connective", x.block.form) for x in article[1:]) and _are_foreign(tail, content, kit):
            while len(tail) > _LEAST_LEFT and _goes_on(tail[0], shown[: -len(tail)], kit):
                tail.pop(0)
            for line in () if _is_list(tail) else tail:
                line.drop = "related"
            return
        tail.pop(0)


def _goes_on(line: Line, article: list[Line], kit: Kit) -> bool:
    """True for a paragraph that shares enough with the article above it; one that names the day of its news must share more, for a teaser does."""
    return _share(line, _content(article, kit), kit) >= (_DATED_KIN if kit.matches("newsday", line.block.form) else _KIN)


def _are_foreign(tail: list[Line], content: frozenset[str], kit: Kit) -> bool:
    """True when the lines share little with `content` and with each other."""
    shares = [_share(x, content, kit) for x in tail]
    beside = [_share(a, kit.content(b.block), kit) for a, b in pairwise(tail)]
    mostly = sum(s < _FOREIGN for s in shares) >= _MOSTLY * len(shares)
    return mostly and sum(shares) < _FOREIGN * len(shares) and sum(beside) < _UNLIKE * len(beside)


def _repeats(lines: list[Line]) -> None:
    """Drop a line that was printed before, word for word; of a title printed twice the first stays."""
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        if line.drop or line.block.long or line.size < _SHORT:
            continue
        if line.block.words in seen:
            line.drop = "other"
        seen.add(line.block.words)

"""From an HTML page to its article as text: title, stamp, byline, paragraphs and captions, one line a block; and what its meta data say.

The article's element is chosen by where the sentences are: each block of text that isn't mostly links votes for the elements around it, the nearer the more.
Pages without such an element are given to trafilatura; the cleaning of flat text (cleaning.py) then sees what is left of the page's surroundings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from musnad.ingest.htmlmeta import Meta, read_meta
from musnad.record.errors import BadPage

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SKIPPED = frozenset(
    "script style noscript template svg math iframe object embed form button select option input textarea nav footer aside canvas audio video map dialog head".split()
)
_BREAKS = frozenset(
    "address article blockquote body br center caption dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary "
    "table tbody td th thead tr ul html".split()
)
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:related|relates?d?-\w+|share|sharing|social\w*|comments?|disqus|respond|sidebar|side-bar|widget\w*|menu\w*|navbar|nav|navigation|breadcrumbs?|footer|"
    r"foot|promo\w*|newsletter|subscri\w+|tags?|tag-?list|tagcloud|most-?(?:read|viewed|popular|shared)|mostread|popular|recommend\w*|advert\w*|ads?|banner|sponsor\w*|cookies?|"
    r"popup|modal|pagination|pager|toolbar|tools|print|rating|votes?|polls?|outbrain|taboola|addthis\w*|sharethis|read-?more|readmore|more-?(?:news|stories|articles)|"
    r"see-?also|also-?read|latest|trending|ticker|login|search|hidden|skip-link|sr-only|visually-hidden|copyright|author-?box|bio)(?:$|[\s_-])",
    re.IGNORECASE,
)
_STAMPED = re.compile(
    r"(?:^|[\s_-])(?:date|time|datetime|published|pubdate|posted|timestamp|updated|author|authors|byline|writer|source|meta|article-?info)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HOLDERS = frozenset("article body center div main section table td".split())
_WHITE = re.compile(r"[ \t\n\r\f]+")
_EDGE = "\x00"
_BORDER = re.compile(r"(?<=[^\W\d])\x00+(?=\d)|(?<=\d)\x00+(?=[^\W\d])")
"""Where a word meets a number at the edge of two elements, a style sheet keeps them apart."""
_SENTENCE = 40
_MOSTLY_LINKS = 0.5
_FADES = 0.6
_REACH = 6
_ENOUGH = 120
_DEEPEST = 300
_TOO_DEEP = 2000
_NESTING = re.compile(
    r"<(/?)(?:div|span|section|article|main|center|font|big|small|strong|em|blockquote|ul|ol|dl|table|b|i|u)\b", re.IGNORECASE
)
_BESIDE = 6
_SHORTEST_TITLE = 3
_LONGEST_STAMP = 90
_YEAR = re.compile(r"(?:19|20)[0-9]{2}|[\u0661\u0662][\u0660-\u0669]{3}")


@dataclass(slots=True)
class _Block:
    """A run of text between two breaks: `path` are the numbers of the holders (elements that can hold an article) around it, outermost first."""

    path: tuple[int, ...]
    tag: str
    text: str
    links: int
    around: bool
    stamped: bool


def read_html(html: str) -> tuple[str, Meta]:
    """The article's text, one line a block, and the page's meta data. Raises BadPage where the page holds no text. Time is linear in the page."""
    from selectolax.lexbor import LexborHTMLParser

    if _depth(html) > _TOO_DEEP:
        raise BadPage("the HTML page is nested too deeply to be read")
    tree = LexborHTMLParser(html)
    meta = read_meta(tree)
    blocks = list(_blocks(tree.body)) if tree.body else []
    lines = _article(blocks, meta.title)
    if sum(map(len, lines)) < _ENOUGH:
        lines = max(lines, _from_trafilatura(html), key=lambda x: sum(map(len, x)))
    if not lines:
        lines = [b.text for b in blocks if not b.around]
    if not lines:
        raise BadPage("the HTML page holds no text")
    return "\n".join(_with_title(lines, blocks, meta)), meta


def _depth(html: str) -> int:
    """How deep the page's elements lie in each other at most: the parser's time grows with the square of it."""
    steps = (-1 if m.group(1) else 1 for m in _NESTING.finditer(html))
    return max(accumulate(steps), default=0)


def _blocks(root: LexborNode) -> Iterator[_Block]:
    """The blocks of the page in order. Elements that hold no article text are left out; walks without recursion, so depth does no harm."""
    path: list[int] = []
    count = 0
    text: list[str] = []
    links = 0
    state: list[tuple[str, bool, bool, bool, bool]] = []  # tag, around, stamped, in a link, in the path

    def flush() -> _Block | None:
        nonlocal text, links
        joined = _WHITE.sub(" ", _BORDER.sub(" ", "".join(text)).replace(_EDGE, "")).strip()
        made = None
        if state and any(c.isalnum() for c in joined):
            tag = next((s[0] for s in reversed(state) if s[0] in _BREAKS), "div")
            made = _Block(tuple(path), tag, joined, links, state[-1][1], any(s[2] for s in state[-3:]))
        text, links = [], 0
        return made

    stack: list[tuple[LexborNode | None, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            tag = state[-1][0]
            text.append(_EDGE)
            if tag in _BREAKS and (block := flush()):
                yield block
            if state.pop()[4]:
                path.pop()
            continue
        if node is None:
            continue
        tag = node.tag or ""
        if tag == "-text":
            value = node.text_content or ""
            text.append(value.replace(_EDGE, ""))
            if state and state[-1][3]:
                links += len(value.strip())
            continue
        if tag in _SKIPPED or tag.startswith(("!", "-", "_")):
            continue
        if tag in _BREAKS and (block := flush()):
            yield block
        if tag in ("br", "hr", "img"):
            continue
        attributes = node.attributes
        if (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or "display:none" in (attributes.get("style") or "").replace(" ", "")
        ):
            continue
        text.append(_EDGE)
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        above = state[-1] if state else ("", False, False, False, False)
        around = above[1] or (tag not in ("body", "html", "article", "main") and bool(_AROUND.search(names)))
        stamped = tag == "time" or bool(_STAMPED.search(names))
        holds = tag in _HOLDERS and len(path) < _DEEPEST
        if holds:
            count += 1
            path.append(count)
        state.append((tag, around, stamped, above[3] or tag == "a", holds))
        stack.append((None, True))
        children = list(node.iter(include_text=True))
        stack.extend((child, False) for child in reversed(children))


def _article(blocks: list[_Block], title: str | None) -> list[str]:
    """The lines of the element that holds most of the page's sentences."""
    votes: dict[int, float] = {}
    for block in blocks:
        if block.around or len(block.text) < _SENTENCE or block.links > _MOSTLY_LINKS * len(block.text):
            continue
        weight = 1 + min(len(block.text), 1000) / 100
        for element in block.path[: -_REACH - 1 : -1]:
            votes[element] = votes.get(element, 0) + weight
            weight *= _FADES
    if not votes:
        return []
    best = max(votes, key=lambda e: (votes[e], -e))
    out = []
    for block in blocks:
        if best not in block.path or block.around:
            continue
        mostly_links = block.links > _MOSTLY_LINKS * len(block.text)
        if mostly_links and (
            block.tag in ("li", "td") or len(block.text) < _SENTENCE or not block.text.endswith((".", "!", "؟", "”", "»", '"'))
        ):
            continue
        out.append(block.text)
    return out


def _with_title(lines: list[str], blocks: list[_Block], meta: Meta) -> list[str]:
    """The lines with the title and what stands between it and the text: stamp and byline, as the page shows them."""
    heads = [b for b in blocks if b.tag == "h1" and not b.around] or [b for b in blocks if b.tag == "h1"]
    wanted = set((meta.title or "").split())
    head = max(heads, key=lambda b: len(wanted & set(b.text.split())), default=None)
    if head is not None and wanted and not wanted & set(head.text.split()) and (len(heads) > 1 or len(head.text.split()) < _SHORTEST_TITLE):
        head = None  # the name of the site, not of the article
    title = head.text if head else meta.title
    if not title:
        return lines
    out = [title]
    if head is not None:
        at = next(i for i, b in enumerate(blocks) if b is head)
        first = next((i for i, b in enumerate(blocks[at:], at) if lines and b.text == lines[0]), at)
        for block in blocks[max(0, at - _BESIDE) : at] + blocks[at + 1 : min(first, at + 1 + _BESIDE)]:
            if (
                len(block.text) <= _LONGEST_STAMP
                and (_YEAR.search(block.text) or (block.stamped and not block.around))
                and block.text not in out
            ):
                out.append(block.text)
    shown = set(out)
    return out + [x for i, x in enumerate(lines) if not (i < _BESIDE and x in shown)]


def _from_trafilatura(html: str) -> list[str]:
    """What trafilatura takes for the article, a line a block."""
    import trafilatura

    try:
        text = trafilatura.extract(html, include_comments=False, include_tables=True, favor_recall=True)
    except Exception:  # a page that breaks a third party's parser is no reason to stop
        text = None
    return [x.strip() for x in (text or "").split("\n") if x.strip()]

"""The HTML page: nothing of a page's text becomes markup, nothing is loaded, every mark has its card."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from musnad.export.html import page
from musnad.export.marks import marks
from musnad.record.kinds import Line
from musnad.record.span import Span


@pytest.fixture
def html(source: str, line: Line) -> str:
    return page([(source, line), (source, line)])


def test_all_text_is_escaped(html: str) -> None:
    tree = Tree(html)
    assert tree.css_first(".report h2 b") is None
    assert tree.css_first(".report h2").text() == "وعد <b>بالمساعدة</b> & أكثر"
    assert "<encodings>" not in html
    assert tree.css_first("code[title]").text() == 'pages/"odd"&<name>.txt'


def test_hostile_text_stays_text(line: Line) -> None:
    source = "</span><script>alert(1)</script>\"'&lt;"
    span = {"start": 0, "end": len(source), "text": source}
    from msgspec.structs import replace

    from musnad.record.kinds import Segment

    report = replace(
        line.report, id='"><script>', title=Span(**span), segments=(Segment(kind="body", **span),), dropped=(), problems=(source,)
    )
    made = page([(source, Line(report=report))])
    assert len(Tree(made).css("script")) == 1
    assert source in Tree(made).css_first(".text p").text()


def test_nothing_is_loaded_and_only_our_own_style_and_script_may_run(html: str) -> None:
    assert not re.search(r'(?:src|href)\s*=\s*"(?!#)|url\(|@import|https?:', html)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert "default-src 'none'" in policy[1]
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        assert b64encode(sha256(inside.encode()).digest()).decode() in policy[1]
    assert not re.search(r'\s(?:style|on\w+)="', html)


def test_tags_are_balanced(html: str) -> None:
    class Balance(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in ("meta", "input"):
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    reader = Balance()
    reader.feed(html)
    assert not reader.open


def test_every_mark_with_a_colour_has_its_card_and_its_exact_text(source: str, line: Line) -> None:
    tree = Tree(page([(source, line)]))
    cards = {c.attributes["data-r"] for c in tree.css(".card")}
    for mark in marks(line):
        assert mark.card in cards
        lit = [n.text(deep=True) for n in tree.css(".text .x") if mark.card in (n.attributes["data-r"] or "").split()]
        assert source[mark.start : mark.end] in "".join(lit) or source[mark.start : mark.end] in line.report.title.text  # type: ignore[union-attr]


def test_the_text_shown_is_the_text_kept(source: str, line: Line) -> None:
    tree = Tree(page([(source, line)]))
    shown = "".join(n.text(deep=True) for n in tree.css(".text > p, .text > h2, .text > h3"))
    assert "".join(shown.split()) == "".join("".join(s.text for s in line.report.segments).split())


def test_the_chain_is_drawn_link_by_link(html: str) -> None:
    links = [n.css_first(".who").text() for n in Tree(html).css_first(".chain").css("li")]
    assert links == ["سامي الخالدي", "وكالة المشرق", "دجلة <الجديدة>"]


def test_direction_and_isolation(html: str) -> None:
    tree = Tree(html)
    assert tree.css_first("html").attributes["dir"] == "rtl"
    assert all(n.css_first("bdi") for n in tree.css(".chain .who"))


def test_an_empty_run_is_a_page_too() -> None:
    assert "عدد التقارير: 0" in page([])

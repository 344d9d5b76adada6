"""The terminal view: what a person needs, right to left, and no command of a page's own reaches the terminal."""

from __future__ import annotations

import io

import pytest
from msgspec.structs import replace

from musnad.export.bidi import visual
from musnad.export.terminal import needs_reordering, render
from musnad.record.kinds import Line
from musnad.record.span import Span


def test_chain_deadline_and_days_are_shown(line: Line) -> None:
    shown = render(line, bidi=False, width=100, colour=False).replace("\u200e", "").replace("\u200f", "")
    assert "سامي الخالدي ← وكالة المشرق (وكالة) ← دجلة <الجديدة>" in shown
    assert "نهاية العام = 2021-12-31" in shown
    assert "2021-12-04 (من بيانات الملف)" in shown
    assert "ثلاث طائرات = 3 aircraft" in shown


def test_visual_order_is_aligned_to_the_right(line: Line) -> None:
    shown = render(line, bidi=True, width=80, colour=False)
    assert visual("الأحداث (1)").strip() in shown
    assert all(len(row) <= 80 + 20 for row in shown.splitlines())
    title = next(row for row in shown.splitlines() if visual("وعد") in row)
    assert title.startswith(" ")
    assert "2021-12-31" in shown


@pytest.mark.parametrize("width", [20, 40, 100])
def test_lines_keep_to_the_width(line: Line, width: int) -> None:
    for row in render(line, bidi=True, width=width, colour=False).splitlines():
        assert sum(1 for c in row if not 0x64B <= ord(c) <= 0x65F) <= width


def test_a_page_cannot_command_the_terminal(line: Line) -> None:
    report = replace(line.report, title=Span(start=0, end=4, text="\x1b]0;x\x07\x9b2J"))
    for bidi in (True, False):
        shown = render(replace(line, report=report), bidi=bidi, width=80, colour=False)
        assert not any(c < " " and c != "\n" for c in shown)
        assert "\x9b" not in shown


def test_colour_only_when_asked(line: Line) -> None:
    assert "\x1b[" in render(line, bidi=False, colour=True)
    assert "\x1b[" not in render(line, bidi=False, colour=False)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_terminals_that_order_by_themselves_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VTE_VERSION", "KONSOLE_VERSION", "MLTERM", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    assert needs_reordering(Screen())
    assert not needs_reordering(io.StringIO())
    assert not needs_reordering(None)
    monkeypatch.setenv("VTE_VERSION", "6800")
    assert not needs_reordering(Screen())
    monkeypatch.setenv("VTE_VERSION", "5200")
    assert needs_reordering(Screen())
    monkeypatch.setenv("TERM_PROGRAM", "Apple_Terminal")
    assert not needs_reordering(Screen())

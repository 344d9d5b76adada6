"""Spans: half-open ranges of Unicode code points in a source text, with the text they cover."""

from __future__ import annotations

import msgspec


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is always exactly `source[start:end]`; `start` and `end` count code points."""

    start: int
    end: int
    text: str

    def __len__(self) -> int:
        return self.end - self.start

    def holds(self, start: int, end: int) -> bool:
        """True when the range start..end lies inside this span."""
        return self.start <= start and end <= self.end

    def meets(self, other: Span) -> bool:
        """True when the two spans share a code point."""
        return self.start < other.end and other.start < self.end


def cut(source: str, start: int, end: int) -> Span:
    """The span of `source` from `start` to `end`; raises ValueError where that isn't a range of it."""
    if not 0 <= start <= end <= len(source):
        raise ValueError(f"{start}..{end} isn't a range of a text of {len(source)} code points")
    return Span(start=start, end=end, text=source[start:end])


def trim(source: str, start: int, end: int, strip: str = " \t\n\xa0") -> tuple[int, int]:
    """The range start..end without the characters of `strip` at its edges."""
    while start < end and source[start] in strip:
        start += 1
    while end > start and source[end - 1] in strip:
        end -= 1
    return start, end

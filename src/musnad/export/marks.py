"""What of a record is marked in a text, and the text as paragraphs of pieces, cut wherever a mark begins or ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from musnad.record.kinds import Line, Party, Segment
from musnad.record.span import Span


class Mark(NamedTuple):
    """A range of the source to mark: the card's id it belongs to, and CSS classes (none: lit only together with its card)."""

    start: int
    end: int
    card: str
    classes: str


class Piece(NamedTuple):
    """A stretch of text within a line under the same marks, those with a colour first, then the narrowest. `start` is the code point of the source
    that it begins at; -1 for a space that stands for what was dropped between two segments."""

    start: int
    text: str
    marks: tuple[Mark, ...]

    @property
    def cards(self) -> str:
        """The ids of the cards that its marks belong to, a space between them."""
        return " ".join(dict.fromkeys(m.card for m in self.marks))

    @property
    def classes(self) -> str:
        """The classes of all its marks, each once."""
        return " ".join(dict.fromkeys(c for m in self.marks for c in m.classes.split()))


class Paragraph(NamedTuple):
    """A line of the kept text; `kind` is that of its segment."""

    kind: str
    pieces: tuple[Piece, ...]


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


def paragraphs(source: str, line: Line) -> Iterator[Paragraph]:
    """The kept segments as paragraphs; segments of one kind that stand in one line of the source are one."""
    pieces: list[Piece] = []
    kind, last = "", -1
    for segment, cut in _cut(source, line):
        if pieces and (segment.kind != kind or "\n" in source[last : segment.start]):
            yield from _lines(kind, pieces)
            pieces = []
        elif pieces:
            pieces.append(Piece(-1, " ", ()))
        kind, last = segment.kind, segment.end
        pieces += cut
    yield from _lines(kind, pieces)


def _cut(source: str, line: Line) -> Iterator[tuple[Segment, list[Piece]]]:
    """The kept segments in order, each with its pieces."""
    starts: defaultdict[int, list[Mark]] = defaultdict(list)
    ends: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks(line):
        starts[mark.start].append(mark)
        ends[mark.end].append(mark)
    edges = sorted({*starts, *ends})
    at = 0
    here: dict[Mark, None] = {}

    def turn(place: int) -> None:
        for mark in ends.get(place, ()):
            here.pop(mark, None)
        here.update(dict.fromkeys(starts.get(place, ())))

    for segment in sorted(line.report.segments, key=lambda s: s.start):
        while at < len(edges) and edges[at] <= segment.start:
            turn(edges[at])
            at += 1
        place, cut = segment.start, []
        while place < segment.end:
            stop = min(edges[at], segment.end) if at < len(edges) else segment.end
            cut.append(Piece(place, source[place:stop], tuple(sorted(here, key=lambda m: (not m.classes, m.end - m.start)))))
            place = stop
            if at < len(edges) and edges[at] == stop:
                turn(stop)
                at += 1
        yield segment, cut


def _lines(kind: str, pieces: Iterable[Piece]) -> Iterator[Paragraph]:
    """A run of pieces cut at its line ends; blank lines are left out, and blank pieces carry no marks."""
    line: list[Piece] = []
    for piece in pieces:
        start = piece.start
        for n, part in enumerate(piece.text.split("\n")):
            if n:
                if any(p.text.strip() for p in line):
                    yield Paragraph(kind, tuple(line))
                line = []
            if part:
                line.append(Piece(start, part, piece.marks if part.strip() else ()))
            start += len(part) + 1
    if any(p.text.strip() for p in line):
        yield Paragraph(kind, tuple(line))

"""A document: one report of a page, its text and the records that the stages have written so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import msgspec

from musnad.grammar.text import Text
from musnad.record.errors import BadRecord
from musnad.record.ids import make_id
from musnad.record.kinds import LAYERS, Commitment, Entity, Event, Figure, Found, Line, Mention, Report, Statement, Time
from musnad.record.span import Span, cut

if TYPE_CHECKING:
    from musnad.record.guess import Tagging


class Document:
    """One report. Layers are tuples in text order; only the pipeline adds to them (`add`)."""

    def __init__(self, source: str, report: Report, text: Text) -> None:
        self.source = source
        self.report = report
        self.text = text
        self.tagging: Tagging | None = None
        self.phrases: Any = None  # party phrases, kept by musnad.phrases
        self._layers: dict[str, dict[str, Found]] = {name: {} for name in LAYERS}
        self._ordered: dict[str, tuple[Found, ...]] = {}

    @property
    def published(self) -> str | None:
        """The day of publication as an ISO string, or None."""
        return self.report.published.date if self.report.published else None

    @property
    def mentions(self) -> tuple[Mention, ...]:
        return cast("tuple[Mention, ...]", self.layer("mentions"))

    @property
    def entities(self) -> tuple[Entity, ...]:
        return cast("tuple[Entity, ...]", self.layer("entities"))

    @property
    def times(self) -> tuple[Time, ...]:
        return cast("tuple[Time, ...]", self.layer("times"))

    @property
    def figures(self) -> tuple[Figure, ...]:
        return cast("tuple[Figure, ...]", self.layer("figures"))

    @property
    def statements(self) -> tuple[Statement, ...]:
        return cast("tuple[Statement, ...]", self.layer("statements"))

    @property
    def events(self) -> tuple[Event, ...]:
        return cast("tuple[Event, ...]", self.layer("events"))

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        return cast("tuple[Commitment, ...]", self.layer("commitments"))

    def layer(self, name: str) -> tuple[Found, ...]:
        if name not in self._ordered:
            self._ordered[name] = tuple(sorted(self._layers[name].values(), key=_place))
        return self._ordered[name]

    def by_id(self, layer: str, id: str) -> Found | None:
        return self._layers[layer].get(id)

    def add(self, layer: str, records: Iterable[Found]) -> None:
        """Add records; one with an id that is there replaces it. Raises BadRecord where evidence isn't the slice it claims to be."""
        for record in records:
            check_evidence(self.source, record)
            self._layers[layer][record.id] = record
            self._ordered.pop(layer, None)

    def id(self, layer: str, *key: object) -> str:
        """The stable id of a record of this report."""
        return make_id(self.report.id, layer, *key)

    def cut(self, start: int, end: int) -> Span:
        """The span start..end of the source."""
        return cut(self.source, start, end)

    def line(self) -> Line:
        """Everything read, as one line of output."""
        return Line(
            report=self.report,
            mentions=self.mentions,
            entities=self.entities,
            times=self.times,
            figures=self.figures,
            statements=self.statements,
            events=self.events,
            commitments=self.commitments,
        )


def check_evidence(source: str, record: Any) -> None:
    """Raise BadRecord unless every span inside the record is exactly its slice of the source, and the record has at least one (entities: none needed)."""
    if not _check(source, record) and not isinstance(record, Entity):
        raise BadRecord(f"a record without evidence: {type(record).__name__} {getattr(record, 'id', '')}")


def _check(source: str, value: Any) -> bool:
    if isinstance(value, tuple):
        return any([_check(source, v) for v in value])  # noqa: C419  every member must be checked
    if not isinstance(value, msgspec.Struct):
        return False
    start = getattr(value, "start", None)
    held = start is not None
    if start is not None:
        end, text = value.end, value.text  # type: ignore[attr-defined]
        if end is None or not 0 <= start < end <= len(source) or source[start:end] != text:
            raise BadRecord(
                f"{type(value).__name__} {start}..{end} says {(text or '')[:60]!r} where the source has {source[start:end][:60]!r}"
            )
    for name in value.__struct_fields__:
        inner = getattr(value, name)
        if isinstance(inner, (tuple, msgspec.Struct)):
            held = _check(source, inner) or held
    return held


def _place(record: Found) -> tuple[int, int, str]:
    span = getattr(record, "trigger", None) or getattr(record, "cue", None) or getattr(record, "action", None) or record
    return getattr(span, "start", 0) or 0, getattr(span, "end", 0) or 0, record.id

"""All record types, as `musnad read --format jsonl` writes them (schema `musnad/1`).

Offsets are half-open ranges of Unicode code points in the source text. Days are ISO strings (`2014-09-22`), inclusive
at both ends. `found_by` names the rule or the model (several joined by a space), `confidence` runs from 0 to 1.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from musnad.record.span import Span

SCHEMA = "musnad/1"

MentionType = Literal["PER", "ORG", "LOC", "NORP"]
Form = Literal["name", "office", "nominal", "pronoun"]
Basis = Literal["stated", "metadata", "inferred"]
SegmentKind = Literal["title", "subhead", "body", "caption"]
DropKind = Literal["navigation", "share", "comments", "related", "tags", "counter", "artifact", "other"]
Grain = Literal["day", "week", "month", "season", "year", "period"]
Bound = Literal["exact", "about", "more_than", "less_than", "at_least", "at_most"]
FigureKind = Literal["count", "percent", "money", "measure"]
Act = Literal["say", "confirm", "deny", "promise", "demand", "warn", "accuse", "praise", "announce", "explain"]
LinkKind = Literal["speaker", "spokesperson", "document", "agency", "outlet", "republisher"]
Status = Literal["happened", "ongoing", "planned", "denied", "hypothetical", "historical"]
Stance = Literal["pledged", "reaffirmed", "extended", "denied", "fulfilled", "withdrawn"]
EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip


class Segment(Span, frozen=True, kw_only=True):
    kind: SegmentKind


class Dropped(Span, frozen=True, kw_only=True):
    kind: DropKind


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A name that may stand in the text (then with its span) or come from elsewhere (then the span is null)."""

    name: str
    start: int | None = None
    end: int | None = None
    text: str | None = None


class Published(msgspec.Struct, frozen=True, kw_only=True):
    date: str
    basis: Basis
    start: int | None = None
    end: int | None = None
    text: str | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One news article of a page: `part` counts the articles of the page from 0."""

    id: str
    page: str
    part: int
    sha256: str
    url: str | None = None
    captured: str | None = None
    title: Span | None = None
    outlet: Named | None = None
    republisher: Named | None = None
    dateline: Span | None = None
    byline: Span | None = None
    published: Published | None = None
    segments: tuple[Segment, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    problems: tuple[str, ...] = ()


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What every item of every list carries: its id, who found it and how sure that is."""

    id: str
    found_by: str
    confidence: float
    why: str | None = None


class Mention(Found, frozen=True, kw_only=True):
    start: int
    end: int
    text: str
    type: MentionType
    form: Form = "name"
    entity: str | None = None


class RunnerUp(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    geonames: int | None
    lat: float
    lon: float
    country: str


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Coordinates in degrees, WGS 84; `geonames` is the GeoNames id where known."""

    lat: float
    lon: float
    country: str
    geonames: int | None = None
    why: str | None = None
    runner_up: RunnerUp | None = None


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """A dated claim that this report makes: the person is named with this title."""

    title: str
    start: int
    end: int
    text: str
    of: str | None = None


class Entity(Found, frozen=True, kw_only=True):
    type: MentionType
    name: str
    name_en: str
    aliases: tuple[str, ...] = ()
    country: str | None = None
    sectors: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    place: Place | None = None
    known: str | None = None


class Time(Found, frozen=True, kw_only=True):
    """`from` and `to` are null while the day the expression hangs on is unknown."""

    start: int
    end: int
    text: str
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    grain: Grain = "day"


class Figure(Found, frozen=True, kw_only=True):
    start: int
    end: int
    text: str
    low: float
    high: float
    bound: Bound = "exact"
    unit: str | None = None
    of: Span | None = None
    kind: FigureKind = "count"


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A phrase that names a party: a speaker, an actor, a place; with whom it stands for, where known."""

    start: int
    end: int
    text: str
    entity: str | None = None
    country: str | None = None
    sector: str | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    link: LinkKind
    name: str
    start: int | None = None
    end: int | None = None
    text: str | None = None
    entity: str | None = None


class Statement(Found, frozen=True, kw_only=True):
    cue: Span
    speaker: Party | None
    kind: Literal["direct", "indirect"]
    content: tuple[Span, ...]
    act: Act
    chain: tuple[Link, ...] = ()


class Event(Found, frozen=True, kw_only=True):
    type: EventType
    trigger: Span
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    actors: tuple[Party, ...] = ()
    recipients: tuple[Party, ...] = ()
    place: Party | None = None
    time: str | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    status: Status = "happened"
    statement: str | None = None
    claimed_by: tuple[str, ...] = ()
    operation: str | None = None
    figures: tuple[str, ...] = ()


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None


class Commitment(Found, frozen=True, kw_only=True):
    by: tuple[Party, ...]
    to: tuple[Party, ...] = ()
    action: Span
    condition: Span | None = None
    deadline: Deadline | None = None
    stance: Stance = "pledged"
    statement: str | None = None
    event: str | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `musnad read --format jsonl`: everything read in one report."""

    report: Report
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    times: tuple[Time, ...] = ()
    figures: tuple[Figure, ...] = ()
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    schema: str = SCHEMA


LAYERS: dict[str, type[Found]] = {
    "mentions": Mention,
    "entities": Entity,
    "times": Time,
    "figures": Figure,
    "statements": Statement,
    "events": Event,
    "commitments": Commitment,
}

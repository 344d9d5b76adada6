"""What the API's answers about the whole record, and about what people decide, look like; see `shapes`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from musnad.record.kinds import EventType, MentionType, Status
from musnad.web.api.shapes import Day, Id, LedgerBrief, MatterRow, ReportRow, Role, Shape


class Counted(Shape):
    value: str
    count: int


class DayCount(Shape):
    day: str = Field(description="A day, or a month (2014-09) over long ranges.")
    type: EventType
    count: int


class Point(Shape):
    id: Id
    type: EventType
    mode: str | None
    status: Status
    day: Day | None
    place: str | None
    place_actor: str | None
    tellings: int
    independent: int
    lat: float
    lon: float
    precision: Literal["place", "country"]


class Node(Shape):
    id: Id
    name: str
    name_en: str
    type: MentionType
    country: str | None
    count: int


class Edge(Shape):
    a: Id
    b: Id
    count: int
    quads: dict[str, int]


class Network(Shape):
    nodes: list[Node]
    edges: list[Edge]


class Speaker(Shape):
    id: Id
    name: str
    name_en: str
    type: MentionType
    count: int
    acts: dict[str, int] = Field(description="How many of each act.")


class HappeningBrief(Shape):
    """A happening without who took part."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    id: Id
    type: EventType
    mode: str | None
    from_: Day | None = Field(alias="from")
    to: Day | None
    day: Day | None
    status: Status
    place: str | None
    place_actor: str | None
    tellings: int
    independent: int
    outlets: list[str]
    denied_by: list[str]
    contested: list[str]
    confidence: float


class Counts(Shape):
    reports: int
    actors: int
    events: int
    statements: int
    commitments: int
    claims: int


class Overview(Shape):
    on: Day
    counts: Counts
    days: list[tuple[Day, int]]
    newest: list[ReportRow]
    contested: list[HappeningBrief]
    claims: list[LedgerBrief]
    due: list[MatterRow]
    overdue: list[MatterRow]


class FailureRow(Shape):
    name: str
    reason: str
    tries: int
    at: str


class Watched(Shape):
    source: str
    problem: str | None
    tries: int
    due: str | None = Field(description="Not asked before this moment (UTC).")


class JudgementRow(Shape):
    id: int
    at: str
    by: str
    layer: str
    item: str
    other: str | None
    verdict: str
    before: Any
    after: Any
    why: str | None
    undoes: int | None
    report: str | None
    undone: bool


class Queued(Shape):
    """What waits to be judged: an item with its report, or (layer entities) a pair `a`, `b` with its score and the nearness to the border."""

    id: str | None
    report: str | None
    confidence: float | None
    title: str | None
    outlet: str | None
    published: Day | None
    a: str | None
    b: str | None
    score: float | None
    kind: str | None
    why: str | None
    distance: float | None


class Agreed(Shape):
    """`raw` is the share of equal answers, `alpha` Krippendorff's, `kappas` Cohen's by pair of people with the number of items that both judged."""

    layer: str
    items: int
    raw: float
    alpha: float | None
    kappas: list[tuple[str, str, int, float | None]]


class Batch(Shape):
    """Items that several people judge without seeing each other; `done` is how many each has judged."""

    id: int
    name: str
    by: str
    at: str
    coders: list[str]
    closed: str | None
    items: int
    done: dict[str, int]
    complete: bool


class Judged(Shape):
    id: int = Field(description="The judgement's id: what undoes it.")
    item: str


class Health(Shape):
    status: Literal["ok"]
    version: str


class Me(Shape):
    name: str
    role: Role

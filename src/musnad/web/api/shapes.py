"""What the API's answers look like. The models describe (and the tests hold the answers to them); they are not run on every answer."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from musnad.record.kinds import Act, Bound, EventType, FigureKind, LinkKind, MentionType, Stance, Status

T = TypeVar("T")
Day = Annotated[str, Field(description="An ISO day, as 2014-09-22.", examples=["2014-09-22"])]
Id = Annotated[str, Field(description="A stable id: a letter and sixteen hexadecimal digits.", examples=["v9dd57a2762e84119"])]
Role = Literal["reader", "coder", "editor", "admin"]


class Shape(BaseModel):
    """Every key is always there; what may be null says so."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Problem(Shape):
    """Why something couldn't be done, in plain words, and what to do about it."""

    error: str = Field(examples=["this cursor isn't one of this list: leave `after` out to begin anew"])
    what_to_do: str | None = None


class Page(Shape, Generic[T]):
    """Some of the items that fit, and the cursor of the next ones (`after`), null on the last page."""

    items: list[T]
    next: str | None


class Evidence(Shape):
    """Where it stands: the exact slice `source[start:end]` of the report's page, in code points."""

    id: Id
    report: Id
    start: int | None
    end: int | None
    text: str | None
    found_by: str = Field(description="The rules or models that found it; `people` where a person corrected or added it.")
    confidence: float = Field(ge=0, le=1)


class InReport(Shape):
    key: str = Field(description="The page's name, or the id that the input gave.")
    title: str | None
    outlet: str | None
    published: Day | None


class ReportRow(InReport):
    id: Id
    republisher: str | None
    url: str | None


class Found(ReportRow):
    marks: list[tuple[int, int]] = Field(description="The ranges of the title that the search met, in code points.")


class SourcePage(Shape):
    sha256: str
    name: str
    url: str | None
    captured: Day | None
    problems: list[str]
    reader: str
    added: str


class ReportWhole(Shape):
    """A report with everything that was read in it, as people left it, and the source text that all offsets count in."""

    report: ReportRow
    line: dict[str, Any]  # a line of `musnad read`: the description puts in the record's own schema
    source: str
    page: SourcePage


class InFamily(InReport):
    id: Id
    republisher: str | None


class Name(Shape):
    id: str | None
    name: str


class EventRow(Shape):
    """A happening: events of one or more reports that are one."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    id: Id
    type: EventType
    mode: str | None
    from_: Day | None = Field(alias="from")
    to: Day | None
    day: Day | None = Field(description="Its first own day, else the earliest day of publication.")
    status: Status
    place: str | None
    place_actor: str | None
    tellings: int
    independent: int = Field(description="Sources that don't copy each other.")
    outlets: list[str]
    denied_by: list[str]
    contested: list[str] = Field(description="What the tellings disagree about: days, place, status, figures.")
    confidence: float = Field(ge=0, le=1)
    actors: list[Name]
    recipients: list[Name]


class Link(Shape):
    link: LinkKind
    name: str
    start: int | None
    end: int | None
    text: str | None
    entity: str | None


class EventData(Shape):
    contexts: list[str]
    figures: list[str]
    claimed_by: list[str]
    operation: str | None


class Telling(Evidence, InReport):
    """An event as one report tells it, with the chain that it came through."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    type: EventType
    mode: str | None
    from_: Day | None = Field(alias="from")
    to: Day | None
    status: Status
    statement: str | None
    place: str | None
    place_entity: str | None
    sentence: str
    data: EventData
    url: str | None
    speaker: str | None
    chain: list[Link] | None


class EventWhole(Shape):
    event: EventRow
    tellings: list[Telling]


class Nearby(Shape):
    name: str
    geonames: int | None
    lat: float
    lon: float
    country: str


class Place(Shape):
    lat: float
    lon: float
    country: str
    geonames: int | None
    why: str | None
    runner_up: Nearby | None


class ActorRow(Shape):
    id: Id
    type: MentionType
    name: str
    name_en: str
    key: str = Field(description="All its names as they are compared, | between them.")
    country: str | None
    known: str | None
    sectors: list[str]
    aliases: list[str]
    place: Place | None
    reports: int
    first: Day | None
    last: Day | None


class OfficeSaid(Shape):
    report: Id
    key: str
    outlet: str | None
    published: Day | None
    start: int
    end: int
    text: str


class OfficeHeld(Shape):
    title: str
    of: Name | None
    first: Day | None
    last: Day | None
    reports: list[OfficeSaid]


class ActorWhole(Shape):
    actor: ActorRow
    offices: list[OfficeHeld]


class StatementRow(Evidence, InReport):
    act: Act
    kind: Literal["direct", "indirect"]
    speaker: str | None
    speaker_entity: str | None
    content: str
    chain: list[Link]


class MatterRow(Shape):
    """A thread of commitments about one matter."""

    id: Id
    action: str
    by: list[str]
    state: Literal[Stance, "overdue"]
    deadline_from: Day | None
    deadline_to: Day | None
    steps: list[str]
    first: Day | None
    last: Day | None


class StepData(Shape):
    condition: str | None


class Step(Evidence, InReport):
    stance: Stance
    deadline_from: Day | None
    deadline_to: Day | None
    statement: str | None
    event: str | None
    data: StepData
    by: list[str]
    to: list[str]


class MatterWhole(Shape):
    commitment: MatterRow
    steps: list[Step]


class Claim(Evidence, InReport):
    low: float
    high: float
    bound: Bound
    unit: str | None
    kind: FigureKind
    about: list[str]


class Said(Claim):
    """A claim with who said it and the sentence that it stands in, where a reported event holds it."""

    speaker: str | None
    sentence: str | None


class About(Shape):
    id: Id
    type: EventType
    mode: str | None
    day: Day | None
    place: str | None


class LedgerBrief(Shape):
    """A line of the ledger: who claims which number of the same thing. `claims` are ids of figures, in order of publication."""

    id: str
    subject: str
    unit: str
    low: float
    high: float
    claims: list[str]
    count: int
    independent: int
    contested: bool
    notes: list[Any]


class LedgerRow(LedgerBrief):
    """A line of the ledger with the happening or the actors that it is about."""

    happening: About | None
    actors: list[Name]


class LedgerWhole(LedgerRow):
    figures: list[Said]


class Copy(Shape):
    a: str
    b: str
    kind: str
    original: str | None
    score: float
    why: str

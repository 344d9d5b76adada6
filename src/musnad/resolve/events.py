"""Tellings of one happening: events of many sentences and reports merged by type, days, places and participants.

Two tellings are one where their types agree, their days don't clash, and who took part fits; the table `EVIDENCE` says how much each thing counts.
Days: a telling without days of its own is dated by its report, loosely (a report tells of what was shortly before it or is soon to come).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import msgspec

from musnad.resolve.groups import Groups

SAME = 0.7
_LOOSE = 3
"""Days between a report and an undated happening that it tells."""
_WINDOW = 45
"""Undated tellings of reports further apart than this are never one."""
_CROWD = 400
WORTH = 0.5
"""Decisions below this score are dropped at once: there are millions of them."""


class Telling(msgspec.Struct, frozen=True):
    """One coded event as a report tells it. `parties` are clusters of entities (else folded phrases) of all roles; `figures` are (unit, low, high);
    `spelled` shows folded phrases as they are written."""

    id: str
    report: str
    type: str
    mode: str | None
    start: str | None
    end: str | None
    published: str | None
    status: str
    place: str | None
    actors: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    trigger: str = ""
    figures: tuple[tuple[str, float, float], ...] = ()
    spelled: dict[str, str] = {}

    @property
    def parties(self) -> frozenset[str]:
        return self.actors | self.recipients

    def days(self) -> tuple[date, date] | None:
        """First and last day it may have been on: its own, else those around its report."""
        return _days_of(self.start, self.end, self.published, self.status == "planned")

    @property
    def sought(self) -> frozenset[str]:
        """What it is looked for under: its parties, else its place."""
        return self.parties or frozenset([self.place] if self.place else [])


@lru_cache(maxsize=100_000)
def _days_of(start: str | None, end: str | None, published: str | None, planned: bool) -> tuple[date, date] | None:
    if start or end:
        return _day(start or end), _day(end or start)
    if published:
        day = _day(published)
        return day - timedelta(days=_LOOSE), day + timedelta(days=_WINDOW if planned else _LOOSE)
    return None


class Decision(msgspec.Struct, frozen=True):
    """Two tellings (a < b), the score 0 to 1 and the features that made it."""

    a: str
    b: str
    score: float
    features: dict[str, float]

    @property
    def same(self) -> bool:
        return self.score >= SAME


def _day(text: str | None) -> date:
    return date.fromisoformat((text or "")[:10])


def _days_meet(a: Telling, b: Telling) -> float:
    x, y = a.days(), b.days()
    return float(bool(x and y and x[0] <= y[1] and y[0] <= x[1]))


def _days_equal(a: Telling, b: Telling) -> float:
    return float(bool(a.start) and (a.start, a.end) == (b.start, b.end))


def _days_clash(a: Telling, b: Telling) -> float:
    x, y = a.days(), b.days()
    return float(bool(x and y) and not _days_meet(a, b))


def _shared(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _actors(a: Telling, b: Telling) -> float:
    return _shared(a.actors, b.actors)


def _recipients(a: Telling, b: Telling) -> float:
    return _shared(a.recipients, b.recipients)


def _parties(a: Telling, b: Telling) -> float:
    return _shared(a.parties, b.parties)


def _strangers(a: Telling, b: Telling) -> float:
    return float(bool(a.parties and b.parties) and not a.parties & b.parties)


def _place(a: Telling, b: Telling) -> float:
    return float(bool(a.place) and a.place == b.place)


def _other_place(a: Telling, b: Telling) -> float:
    return float(bool(a.place and b.place) and a.place != b.place)


def _mode(a: Telling, b: Telling) -> float:
    return float(bool(a.mode) and a.mode == b.mode)


def _word(a: Telling, b: Telling) -> float:
    return float(bool(a.trigger) and a.trigger == b.trigger)


def _figures(a: Telling, b: Telling) -> float:
    return float(any(f in b.figures for f in a.figures))


def _one_report(a: Telling, b: Telling) -> float:
    return float(a.report == b.report)


Feature = Callable[[Telling, Telling], float]
BIAS = -5.0
EVIDENCE: tuple[tuple[str, float, Feature], ...] = (
    ("days meet", 1.0, _days_meet),
    ("same days", 1.5, _days_equal),
    ("days clash", -8.0, _days_clash),
    ("actors", 2.0, _actors),
    ("recipients", 1.5, _recipients),
    ("parties", 2.0, _parties),
    ("other parties", -3.0, _strangers),
    ("same place", 1.5, _place),
    ("other place", -1.5, _other_place),
    ("same mode", 0.7, _mode),
    ("same word", 0.8, _word),
    ("same figure", 1.5, _figures),
    ("one report", 0.5, _one_report),
)
"""Name, weight in log-odds, feature (0 to 1)."""


def judge(a: Telling, b: Telling) -> Decision:
    """The decision about two tellings of one type by the table."""
    features = {name: round(test(a, b), 3) for name, _, test in EVIDENCE}
    total = BIAS + sum(weight * features[name] for name, weight, _ in EVIDENCE)
    x, y = sorted((a.id, b.id))
    return Decision(x, y, round(1 / (1 + math.exp(-total)), 4), {k: v for k, v in features.items() if v})


def candidates(tellings: Iterable[Telling]) -> Iterator[tuple[Telling, Telling]]:
    """Pairs of tellings of one type that share a party and whose days may meet, each once. Tellings without any party pair by place."""
    blocks: defaultdict[tuple[str, str], list[tuple[date, date, Telling]]] = defaultdict(list)
    for t in tellings:
        days = t.days() or (date.min, date.max)
        for key in t.sought:
            blocks[t.type, key].append((*days, t))
    places: dict[tuple[str, str], dict[str, int]] = {}
    for name, block in blocks.items():
        block.sort(key=lambda x: (x[0], x[1], x[2].id))
        if len(block) > _CROWD:
            places[name] = {t.id: n for n, (_, _, t) in enumerate(block)}
    for (type, key), block in blocks.items():
        for i, (_, last, a) in enumerate(block):
            for first, _, b in block[i + 1 : i + 1 + _CROWD]:
                if first > last:
                    break
                # Two that share more than one key come up in each of its blocks: the first that brings them together tells.
                others = (k for k in a.sought & b.sought if k < key)
                if not any(_side_by_side(places.get((type, k)), a, b) for k in others):
                    yield a, b


def _side_by_side(places: dict[str, int] | None, a: Telling, b: Telling) -> bool:
    """Whether two tellings of a block (with places where it is crowded) stand near enough to be compared."""
    return places is None or abs(places[a.id] - places[b.id]) <= _CROWD


def merge(
    tellings: list[Telling], same: Iterable[tuple[str, str]] = (), different: Iterable[tuple[str, str]] = ()
) -> tuple[dict[str, str], list[Decision]]:
    """Telling → happening (the smallest telling's id), and the decisions. Joined from the surest pair down; a join is refused where days of the two
    groups clash (the days of a group are those that all its dated tellings share) or people judged them apart, so that a loosely dated telling
    can't chain two happenings together."""
    decisions = [d for a, b in candidates(tellings) if (d := judge(a, b)).score >= WORTH]
    decisions.sort(key=lambda d: (-d.score, d.a, d.b))
    return group(tellings, decisions, same, different), decisions


def group(
    tellings: Iterable[Telling],
    decisions: Iterable[Decision],
    same: Iterable[tuple[str, str]] = (),
    different: Iterable[tuple[str, str]] = (),
) -> dict[str, str]:
    """Telling → happening by decisions that are made already, the surest first."""
    days = {t.id: t.days() if t.start or t.end else None for t in tellings}
    groups = Groups(days, different)

    def join(x: str, y: str, forced: bool) -> None:
        a, b = sorted((groups.root(x), groups.root(y)))
        held, other = days[a], days[b]
        if not forced and held and other and (held[0] > other[1] or other[0] > held[1]):
            return
        if groups.join(a, b):
            days[a] = (max(held[0], other[0]), min(held[1], other[1])) if held and other else held or other

    for x, y in same:
        if x in groups and y in groups:
            join(x, y, True)
    for d in decisions:
        if d.same:
            join(d.a, d.b, False)
    return {id: groups.root(id) for id in days}

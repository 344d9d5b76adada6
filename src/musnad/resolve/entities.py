"""Who is who across reports: profiles of the entities that reports name, pairs of them with evidence, and clusters.

A profile gathers the local entities that are one without argument: same dictionary id, or the same full name of the same type. Profiles whose names
could be one spelled twice, or short and full, are compared by the table `EVIDENCE`; its weights add up to log-odds, and every decision is kept with
its features. What people judged (same, different) binds: it is applied before and above what the machine decides.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from musnad.resolve.spelling import align, joined_skeleton, name_words, skeleton

SAME = 0.75
"""The score from which two profiles are one."""
_CROWD = 60
"""A block of more profiles than this is no evidence (محمد): only its fuller names are compared."""


@dataclass(slots=True)
class Profile:
    """The local entities that are one without argument. `id` is the smallest of `items`; `offices` are (folded title, country), `reports` where it is named."""

    id: str
    type: str
    name: str
    items: list[str]
    reports: set[str]
    name_en: str = ""
    known: str | None = None
    country: str | None = None
    sectors: set[str] = field(default_factory=set)
    offices: set[tuple[str, str]] = field(default_factory=set)
    aliases: Counter[str] = field(default_factory=Counter)
    days: tuple[str, str] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return name_words(self.name)


class Local(msgspec.Struct, frozen=True):
    """An entity of one report, as the store holds it."""

    id: str
    report: str
    type: str
    name: str
    name_en: str
    country: str | None
    known: str | None
    sectors: tuple[str, ...] = ()
    offices: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    day: str | None = None


class Decision(msgspec.Struct, frozen=True):
    """Two profiles (by their smallest item, a < b), the score 0 to 1 and the features that made it."""

    a: str
    b: str
    score: float
    features: dict[str, float]

    @property
    def same(self) -> bool:
        return self.score >= SAME


def profiles(locals_: Iterable[Local]) -> list[Profile]:
    """The profiles of local entities. One-word names of unknown people stay apart report by report: they are only joined by evidence."""
    made: dict[tuple[str, ...], Profile] = {}
    for e in locals_:
        words = name_words(e.name)
        if e.known:
            key: tuple[str, ...] = ("known", e.known)
        elif e.type == "PER" and len(words) < 2:
            key = ("local", e.id)
        else:
            key = (e.type, " ".join(words), e.country or "" if e.type == "PER" else "")
        p = made.get(key)
        if p is None:
            p = made[key] = Profile(e.id, e.type, e.name, [], set())
        p.items.append(e.id)
        p.reports.add(e.report)
        p.id = min(p.id, e.id)
        p.known, p.country, p.name_en = p.known or e.known, p.country or e.country, p.name_en or e.name_en
        p.sectors.update(e.sectors)
        p.offices.update(e.offices)
        p.aliases.update({e.name, *e.aliases})
        if e.day:
            p.days = (min(p.days[0], e.day), max(p.days[1], e.day)) if p.days else (e.day, e.day)
    for p in made.values():
        p.name = max(p.aliases, key=lambda n: (p.aliases[n], len(n), n)) if p.known else p.name
    return list(made.values())


def _names_align(a: Profile, b: Profile) -> float:
    return max(align(name_words(x), name_words(y)) for x in _spellings(a) for y in _spellings(b))


def _spellings(p: Profile) -> list[str]:
    return [n for n, _ in p.aliases.most_common(6)]


def _same_bones(a: Profile, b: Profile) -> float:
    return float(
        any(joined_skeleton(x) == joined_skeleton(y) and len(joined_skeleton(x)) > 2 for x in _spellings(a) for y in _spellings(b))
    )


def _same_length(a: Profile, b: Profile) -> float:
    return float(len(a.words) == len(b.words))


def _one_word(a: Profile, b: Profile) -> float:
    return float(min(len(a.words), len(b.words)) == 1)


def _same_english(a: Profile, b: Profile) -> float:
    return float(bool(a.name_en) and a.name_en.lower() == b.name_en.lower())


def _shared_office(a: Profile, b: Profile) -> float:
    return float(bool(a.offices & b.offices))


def _same_country(a: Profile, b: Profile) -> float:
    return float(bool(a.country) and a.country == b.country)


def _other_country(a: Profile, b: Profile) -> float:
    return float(bool(a.country and b.country) and a.country != b.country)


def _named_beside(a: Profile, b: Profile) -> float:
    """Named in one report as two: what read that report told them apart."""
    shared = len(a.reports & b.reports)
    return min(1.0, shared / min(len(a.reports), len(b.reports)) * 2) if shared else 0.0


def _two_known(a: Profile, b: Profile) -> float:
    return float(bool(a.known and b.known))


def _near_in_time(a: Profile, b: Profile) -> float:
    if not a.days or not b.days:
        return 0.0
    return float(a.days[0][:4] <= b.days[1][:4] and b.days[0][:4] <= a.days[1][:4])


Feature = Callable[[Profile, Profile], float]
BIAS = -17.0
EVIDENCE: tuple[tuple[str, float, Feature], ...] = (
    ("names align", 18.0, _names_align),
    ("same consonants", 2.0, _same_bones),
    ("same number of words", 0.8, _same_length),
    ("one word only", -2.5, _one_word),
    ("same English name", 1.0, _same_english),
    ("same office", 3.0, _shared_office),
    ("same country", 1.2, _same_country),
    ("other country", -4.0, _other_country),
    ("near in time", 0.6, _near_in_time),
    ("named side by side", -6.0, _named_beside),
    ("two dictionary entries", -12.0, _two_known),
)
"""Name, weight in log-odds, feature (0 to 1)."""


def judge(a: Profile, b: Profile) -> Decision:
    """The decision about two profiles by the table."""
    features = {name: round(test(a, b), 3) for name, _, test in EVIDENCE}
    total = BIAS + sum(weight * features[name] for name, weight, _ in EVIDENCE)
    x, y = sorted((a.id, b.id))
    return Decision(x, y, round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 4), {k: v for k, v in features.items() if v})


def candidates(found: list[Profile]) -> Iterator[tuple[Profile, Profile]]:
    """Pairs of profiles of one type that share the skeleton of a last word or of the whole name, each pair once."""
    blocks: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for n, p in enumerate(found):
        if p.type in ("PER", "ORG"):
            keys = {joined_skeleton(s) for s in _spellings(p)}
            if p.type == "PER":
                keys |= {skeleton(w[-1]) for s in _spellings(p) if (w := name_words(s))}
            for key in keys:
                if len(key) > 1:
                    blocks[p.type, key].append(n)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        members = block if len(block) <= _CROWD else [n for n in block if len(found[n].words) > 1][:_CROWD]
        for i, x in enumerate(members):
            for y in members[i + 1 :]:
                if (x, y) not in seen:
                    seen.add((x, y))
                    yield found[x], found[y]


def decide(found: list[Profile]) -> list[Decision]:
    """Decisions about all candidate pairs, the surest first. A one-word name that would fit several people is left undecided (score halved)."""
    decisions = sorted((judge(a, b) for a, b in candidates(found)), key=lambda d: (-d.score, d.a, d.b))
    short = {p.id for p in found if len(p.words) == 1 and p.type == "PER"}
    fits: Counter[str] = Counter(x for d in decisions if d.same for x in (d.a, d.b) if x in short and not {d.a, d.b} <= short)
    return [
        Decision(d.a, d.b, round(d.score / 2, 4), {**d.features, "fits several": 1.0})
        if any(fits[x] > 1 for x in (d.a, d.b)) and not {d.a, d.b} <= short
        else d
        for d in decisions
    ]


def cluster(
    found: list[Profile],
    decisions: Iterable[Decision],
    same: Iterable[tuple[str, str]] = (),
    different: Iterable[tuple[str, str]] = (),
) -> dict[str, str]:
    """Item → cluster (the smallest item in it). `same` and `different` are people's judgements about items; a join that would bring two items judged
    different together is not made, whatever its score."""
    owner = {item: p.id for p in found for item in p.items}
    parent = {p.id: p.id for p in found}
    apart: defaultdict[str, set[str]] = defaultdict(set)
    split: dict[str, str] = {}
    for x, y in different:
        if x in owner and y in owner:
            if owner[x] == owner[y]:  # people tell apart what the names alone had joined: the second item leaves its profile
                owner[y] = split.setdefault(y, y)
                parent.setdefault(y, y)
            apart[owner[x]].add(owner[y])
            apart[owner[y]].add(owner[x])

    def root(x: str) -> str:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    def join(x: str, y: str) -> None:
        a, b = sorted((root(x), root(y)))
        if a == b or b in {root(z) for z in apart[a]}:
            return
        parent[b] = a
        apart[a] |= apart[b]
        for z in apart[b]:
            apart[z].add(a)

    for x, y in same:
        if x in owner and y in owner:
            join(owner[x], owner[y])
    for d in decisions:
        if d.same and d.a in parent and d.b in parent:
            join(d.a, d.b)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for item, profile in owner.items():
        groups[root(profile)].append(item)
    return {item: smallest for items in groups.values() for smallest in [min(items)] for item in items}

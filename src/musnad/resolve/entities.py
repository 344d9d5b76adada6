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
from functools import lru_cache

import msgspec

from musnad.resolve.groups import Groups
from musnad.resolve.spelling import align, alike, is_given_name, joined_skeleton, name_words, skeleton

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
        key = profile_key(e.id, e.type, e.name, e.country, e.known)
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


def profile_key(id: str, type: str, name: str, country: str | None, known: str | None) -> tuple[str, ...]:
    """What the local entities of one profile have in common."""
    words = name_words(name)
    if known:
        return "known", known
    if type == "PER" and len(words) < 2:
        return "local", id
    return type, " ".join(words), country or "" if type == "PER" else ""


def _full(p: Profile) -> list[str]:
    """The spellings of the full name: a last name that stands for somebody in his own report is no spelling of it elsewhere."""
    spellings = _spellings(p)
    longest = max(len(name_words(x)) for x in spellings)
    return [x for x in spellings if len(name_words(x)) >= min(2, longest)]


def _spellings(p: Profile) -> list[str]:
    return list(dict.fromkeys([p.name, *(n for n, _ in p.aliases.most_common(6))]))


@lru_cache(maxsize=100_000)
def _aligned(a: str, b: str) -> tuple[float, float, bool]:
    return align(name_words(a), name_words(b))


def _best(a: Profile, b: Profile) -> tuple[float, float, bool]:
    return max(_aligned(x, y) for x in _full(a) for y in _full(b))


def _names_align(a: Profile, b: Profile) -> float:
    return _best(a, b)[0]


def _one_word_off(a: Profile, b: Profile) -> float:
    """A word that isn't the other's: kin and namesakes share the rest."""
    return max(0.0, min(1.0, (0.88 - _best(a, b)[1]) / 0.3))


def _other_ends(a: Profile, b: Profile) -> float:
    """Names of different length that don't begin and end alike."""
    return float(not _best(a, b)[2]) if min(len(a.words), len(b.words)) > 1 and len(a.words) != len(b.words) else 0.0


def _same_bones(a: Profile, b: Profile) -> float:
    return float(any(joined_skeleton(x) == joined_skeleton(y) and len(joined_skeleton(x)) > 2 for x in _full(a) for y in _full(b)))


def _same_length(a: Profile, b: Profile) -> float:
    return float(len(a.words) == len(b.words) > 1)


def _one_word(a: Profile, b: Profile) -> float:
    return float(min(len(a.words), len(b.words)) == 1)


def _given_name_alone(a: Profile, b: Profile) -> float:
    """عبد الله, أحمد: a given name by itself means whoever the report has in mind. So does a first name that the other name begins with."""
    short, other = (a, b) if len(a.words) <= len(b.words) else (b, a)
    if len(short.words) != 1:
        return 0.0
    word = short.words[0]
    first = len(other.words) > 1 and alike(word, other.words[0]) >= 0.9 and alike(word, other.words[-1]) < 0.9
    return float(first or is_given_name(word) or word.startswith(("عبد", "ابو")))


def _same_english(a: Profile, b: Profile) -> float:
    return float(bool(a.name_en) and a.name_en.lower() == b.name_en.lower())


def _shared_office(a: Profile, b: Profile) -> float:
    return float(bool(a.offices & b.offices))


def _same_country(a: Profile, b: Profile) -> float:
    return float(bool(a.country) and a.country == b.country)


def _other_country(a: Profile, b: Profile) -> float:
    return float(bool(a.country and b.country) and a.country != b.country)


def _named_beside(a: Profile, b: Profile) -> float:
    """Named in one report as two: what read that report told them apart (unless one is only the other in full)."""
    if _best(a, b)[1] == 1.0 and _best(a, b)[2] and min(len(a.words), len(b.words)) > 1:
        return 0.0
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
    ("a word off", -8.0, _one_word_off),
    ("other ends", -4.0, _other_ends),
    ("same consonants", 1.5, _same_bones),
    ("same number of words", 0.8, _same_length),
    ("one word only", -2.5, _one_word),
    ("given name alone", -4.0, _given_name_alone),
    ("same English name", 0.7, _same_english),
    ("same office", 3.0, _shared_office),
    ("same country", 2.0, _same_country),
    ("other country", -3.5, _other_country),
    ("near in time", 0.4, _near_in_time),
    ("named side by side", -5.0, _named_beside),
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


PROMINENT = 4
"""A last name that fits several people means the one who is named in so many times as many reports as the next …"""
KNOWN_BY_NOW = 3
"""… and a last name without more (country, office) means somebody only if at least so many reports name him in full."""
_FITS = 0.2
"""The score from which a last name fits a full name at all."""


def decide(found: list[Profile]) -> list[Decision]:
    """Decisions about all candidate pairs, the surest first. A last name by itself joins the only full name that it fits, or the one that is far more
    prominent than the others; else it is left undecided (its score is halved)."""
    by_id = {p.id: p for p in found}
    short = {p.id for p in found if len(p.words) == 1 and p.type == "PER"}
    decisions: list[Decision] = []
    fits: defaultdict[str, list[Decision]] = defaultdict(list)
    for a, b in candidates(found):
        d = judge(a, b)
        if (d.a in short) != (d.b in short) and d.score >= _FITS:
            fits[d.a if d.a in short else d.b].append(d)
        else:
            decisions.append(d)
    for id, options in fits.items():
        options.sort(key=lambda d: -len(by_id[d.b if d.a == id else d.a].reports))
        size = [len(by_id[d.b if d.a == id else d.a].reports) for d in options]
        for n, d in enumerate(options):
            alone = len(options) == 1
            if n == 0 and size[0] >= KNOWN_BY_NOW and (alone or size[0] >= PROMINENT * size[1]):
                decisions.append(Decision(d.a, d.b, max(d.score, SAME), {**d.features, "prominent": 1.0}))
            elif alone:
                decisions.append(d)
            else:
                decisions.append(Decision(d.a, d.b, round(d.score / 2, 4), {**d.features, "fits several": 1.0}))
    return sorted(decisions, key=lambda d: (-d.score, d.a, d.b))


def cluster(
    found: list[Profile],
    decisions: Iterable[Decision],
    same: Iterable[tuple[str, str]] = (),
    different: Iterable[tuple[str, str]] = (),
) -> dict[str, str]:
    """Item → cluster (the smallest item in it). `same` and `different` are people's judgements about items; a join that would bring two items judged
    different together is not made, whatever its score."""
    owner = {item: p.id for p in found for item in p.items}
    for x, y in different:
        if x in owner and y in owner and owner[x] == owner[y]:
            owner[max(x, y)] = max(x, y)  # people tell apart what the names alone had joined: the second item leaves its profile
    groups = Groups(owner.values(), [(owner[x], owner[y]) for x, y in different if x in owner and y in owner])
    for x, y in same:
        if x in owner and y in owner:
            groups.join(owner[x], owner[y])
    for d in decisions:
        if d.same and d.a in groups and d.b in groups:
            groups.join(d.a, d.b)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for item, profile in owner.items():
        members[groups.root(profile)].append(item)
    return {item: smallest for items in members.values() for smallest in [min(items)] for item in items}

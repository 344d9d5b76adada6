"""Commitments over time: pledge → reaffirmed, extended, denied, fulfilled, withdrawn, each step with its evidence, and whether one is overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import msgspec
import numpy as np

from musnad.resolve.groups import Groups

ALIKE = 0.34
"""Share of the shorter action's stems that two actions must have in common to be one matter."""
_FEW = 2
"""… and at least so many stems."""
_CROWD = 50
"""In a block of more steps, pairs are found by what they share instead of one by one."""
_EVERYDAY = 0.25
"""A stem in more than this share of all actions says nothing."""


class Step(msgspec.Struct, frozen=True):
    """One commitment as a report tells it. `by` are clusters of entities (else folded phrases), `stems` the light stems of its action;
    `spelled` shows folded phrases as they are written."""

    id: str
    report: str
    published: str | None
    stance: str
    by: frozenset[str]
    to: frozenset[str]
    stems: frozenset[str]
    deadline: tuple[str | None, str | None] | None = None
    happening: str | None = None
    spelled: dict[str, str] = {}


class State(msgspec.Struct, frozen=True):
    """How a matter stands on a day: its steps in order of time, the deadline that holds, and pledged|reaffirmed|extended|denied|fulfilled|withdrawn|overdue."""

    state: str
    deadline: tuple[str | None, str | None] | None
    steps: tuple[Step, ...]


def everyday(steps: list[Step]) -> set[str]:
    """The stems that so many actions have that they say nothing."""
    count: defaultdict[str, int] = defaultdict(int)
    for s in steps:
        for stem in s.stems:
            count[stem] += 1
    return {stem for stem, n in count.items() if n > max(4, len(steps) * _EVERYDAY)}


def threads(
    steps: list[Step],
    same: Iterable[tuple[str, str]] = (),
    different: Iterable[tuple[str, str]] = (),
    common: set[str] | None = None,
) -> dict[str, str]:
    """Commitment → thread (the smallest commitment's id): steps of one party (or of a partner, `to`) about one matter: the same happening, or actions
    that share their telling stems, those in `common` (None: the everyday ones among `steps`) left out. Judgements of people bind."""
    common = everyday(steps) if common is None else common
    blocks: defaultdict[str, list[Step]] = defaultdict(list)
    for s in steps:
        for party in s.by | s.to:
            blocks[party].append(s)
    groups = Groups((s.id for s in steps), different)
    for x, y in same:
        if x in groups and y in groups:
            groups.join(x, y)
    for block in blocks.values():
        for a, b in _alike(block, common):
            if groups.may_join(a.id, b.id) and one_matter(a, b, common):
                groups.join(a.id, b.id)
    return {s.id: groups.root(s.id) for s in steps}


def _alike(block: list[Step], common: set[str]) -> Iterator[tuple[Step, Step]]:
    """The pairs of a block that may be one matter, in the block's order: those that share enough telling stems, or their happening."""
    if len(block) <= _CROWD:
        yield from combinations(block, 2)
        return
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for n, s in enumerate(block):
        for key in s.stems - common:
            holders[key].append(n)
        if s.happening:
            holders[f"{s.happening} "] += [n] * _FEW  # one happening is enough
    lists = {key: np.array(found) for key, found in holders.items()}
    for n, a in enumerate(block):
        keys = [*(a.stems - common), *([f"{a.happening} "] if a.happening else [])]
        later = [lists[key][np.searchsorted(lists[key], n, "right") :] for key in keys]
        if later:
            others, shared = np.unique(np.concatenate(later), return_counts=True)
            for m in others[shared >= _FEW].tolist():
                yield a, block[m]


def one_matter(a: Step, b: Step, common: set[str]) -> bool:
    """Whether two steps are of one party and about one thing."""
    if not a.by & (b.by | b.to) and not b.by & (a.by | a.to):
        return False
    if a.happening and a.happening == b.happening:
        return True
    x, y = a.stems - common, b.stems - common
    shared = len(x & y)
    return shared >= _FEW and shared >= ALIKE * min(len(x), len(y))


def state_on(steps: Iterable[Step], day: str | None = None) -> State:
    """How a matter stands on a day (None: after its last step). Steps without a day of publication come first."""
    known = sorted((s for s in steps if day is None or (s.published or "") <= day), key=lambda s: (s.published or "", s.id))
    state, deadline = "pledged", None
    for s in known:
        deadline = s.deadline or deadline
        # A denial of an extension leaves the pledge and its deadline standing; what was fulfilled stays so unless it is told anew.
        state = s.stance
    due = deadline and (deadline[1] or deadline[0])
    if due and day and due < day and state not in ("fulfilled", "withdrawn"):
        state = "overdue"
    return State(state, deadline, tuple(known))

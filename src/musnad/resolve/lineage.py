"""Which reports are copies of which: pairs with evidence, the direction, and families.

Candidates share enough of their sketches; their likeness is then measured on all shingles. Who copied whom is decided by a small table of evidence
(`DIRECTION`): credit given, a republisher's stamp, the day, containment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from musnad.grammar.shingles import Hashes, likeness
from musnad.resolve.groups import Groups

JACCARD = 0.3
CONTAINMENT = 0.5
_SKETCH_SHARE = 0.25
_COMMON = 50
"""A shingle in more texts than this is a phrase of the trade (or boilerplate): it suggests nobody."""
_FEWEST_SHARED = 3
_AT_ONCE = 8_000_000
"""Pairs that are counted in one go, of many texts slice by slice (some dozens of bytes each)."""
_KEPT = 4096
"""Whole shingle sets kept at hand (a few kB each)."""

Numbers = npt.NDArray[np.int64]
Kind = Literal["copy", "excerpt", "update"]


class Telling(NamedTuple):
    """A report as lineage sees it: its sketch, how to get all its shingles (asked for only where the sketch suggests a pair), its own `outlet` and
    `credits`, the folded names of the media that it cites as its source."""

    id: str
    sketch: Hashes
    shingles: Callable[[], Hashes]
    published: str | None = None
    outlet: str | None = None
    credits: frozenset[str] = frozenset()
    republished: bool = False


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two reports that share text: `original` is the id of the one that was copied, null where nothing tells; `score` is the larger of Jaccard and containment."""

    a: str
    b: str
    kind: Kind
    original: str | None
    score: float
    jaccard: float
    containment: float
    why: tuple[str, ...] = ()


def candidates(sketches: Sequence[Hashes], fresh: Iterable[int] | None = None) -> Iterator[tuple[int, int]]:
    """Index pairs (i < j) whose sketches share enough; with `fresh`, only pairs that hold one of those indexes."""
    if not sketches:
        return
    hashes = np.concatenate(sketches)
    owners = np.repeat(np.arange(len(sketches)), [len(s) for s in sketches])
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    breaks = np.flatnonzero(np.diff(hashes)) + 1
    starts, ends = np.r_[0, breaks], np.r_[breaks, len(hashes)]
    sizes = ends - starts
    wanted = np.zeros(len(sketches), dtype=bool)
    wanted[list(range(len(sketches)) if fresh is None else fresh)] = True
    lengths = np.array([len(s) for s in sketches])
    total = int(sum(n * size * (size - 1) // 2 for size, n in enumerate(np.bincount(sizes, minlength=_COMMON + 1)[: _COMMON + 1])))
    slices = np.linspace(0, len(sketches), total // _AT_ONCE + 2).astype(np.int64)
    for low, high in pairwise(slices.tolist()):
        pairs, n = np.unique(np.concatenate(list(_together(owners, starts, sizes, wanted, low, high))), return_counts=True)
        i, j = np.divmod(pairs, len(sketches))
        smaller = np.minimum(lengths[i], lengths[j])
        enough = (n >= smaller * _SKETCH_SHARE) & (n >= np.minimum(_FEWEST_SHARED, smaller))
        yield from zip(i[enough].tolist(), j[enough].tolist(), strict=True)


def _together(owners: Numbers, starts: Numbers, sizes: Numbers, wanted: npt.NDArray[np.bool_], low: int, high: int) -> Iterator[Numbers]:
    """Pairs i, j (as i * number of texts + j) once for each shingle that both have, of all i from `low` to below `high`."""
    yield np.empty(0, dtype=np.int64)
    for size in range(2, _COMMON + 1):
        groups = starts[sizes == size]
        for some in np.array_split(groups, len(groups) * size * size // _AT_ONCE + 1):
            members = owners[some[:, None] + np.arange(size)]  # each row holds the texts of one shingle, in order
            x, y = np.triu_indices(size, 1)
            i, j = members[:, x].ravel(), members[:, y].ravel()
            here = (i >= low) & (i < high) & (wanted[i] | wanted[j])
            yield i[here] * len(wanted) + j[here]


def find_pairs(tellings: Sequence[Telling], fresh: Iterable[int] | None = None) -> Iterator[Pair]:
    """All pairs of near-duplicate, cut, merged or updated reports among the tellings (with `fresh`: those that hold one of these indexes)."""

    @lru_cache(maxsize=_KEPT)
    def whole(i: int) -> Hashes:
        return tellings[i].shingles()

    for i, j in candidates([t.sketch for t in tellings], fresh):
        pair = compare(tellings[i], tellings[j], whole(i), whole(j))
        if pair is not None:
            yield pair


def compare(a: Telling, b: Telling, a_hashes: Hashes, b_hashes: Hashes) -> Pair | None:
    """The pair that two reports make, or None where they share too little."""
    jaccard, containment = likeness(a_hashes, b_hashes)
    if jaccard < JACCARD and containment < CONTAINMENT:
        return None
    kind = _kind(jaccard, containment)
    original, why = direction(a, b, kind)
    return Pair(
        a=a.id,
        b=b.id,
        kind=kind,
        original=original,
        score=round(max(jaccard, containment), 4),
        jaccard=round(jaccard, 4),
        containment=round(containment, 4),
        why=why,
    )


def _kind(jaccard: float, containment: float) -> Kind:
    if jaccard >= 0.6:
        return "copy"
    return "excerpt" if containment >= 0.8 else "update"


def _credited(a: Telling, b: Telling, kind: Kind) -> int:
    """b names a's outlet as its source."""
    return int(bool(a.outlet and a.outlet in b.credits))


def _stamped(a: Telling, b: Telling, kind: Kind) -> int:
    """b carries a republisher's stamp and a doesn't."""
    return int(b.republished and not a.republished)


def _earlier(a: Telling, b: Telling, kind: Kind) -> int:
    """a came out before b; stamps of a day are compared with stamps of a day."""
    if not a.published or not b.published:
        return 0
    n = min(len(a.published), len(b.published))
    return int(a.published[:n] < b.published[:n])


def _contains(a: Telling, b: Telling, kind: Kind) -> int:
    """b is a cut of a."""
    return int(kind == "excerpt" and len(a.sketch) > len(b.sketch) * 1.25)


Evidence = Callable[[Telling, Telling, Kind], int]
DIRECTION: tuple[tuple[str, float, Evidence], ...] = (
    ("credit", 4.0, _credited),
    ("stamp", 3.0, _stamped),
    ("earlier", 1.0, _earlier),
    ("contains", 1.0, _contains),
)
"""Evidence that the first of two reports is the original: name, weight, test. Containment says nothing of an update."""
BETWEEN_OUTLETS = 2.0
"""What the evidence must add up to where two outlets are compared: most texts that they share come from an agency that neither names, so being first by a
day, or longer, proves nothing by itself (of 100 cross-outlet pairs read by eye, 96 had a common source)."""


def direction(a: Telling, b: Telling, kind: Kind) -> tuple[str | None, tuple[str, ...]]:
    """The id of the original and the evidence for it, or None where the evidence is even."""
    rows = [r for r in DIRECTION if kind != "update" or r[0] in ("credit", "stamp", "earlier")]
    total, why = 0.0, []
    for name, weight, test in rows:
        for sign, first, second in ((1, a, b), (-1, b, a)):
            if test(first, second, kind):
                total += sign * weight
                why.append(f"{name}:{first.id}")
    if a.outlet and b.outlet and a.outlet != b.outlet and abs(total) < BETWEEN_OUTLETS:
        total = 0.0
    return (a.id if total > 0 else b.id if total < 0 else None), tuple(why)


def families(pairs: Iterable[Pair], loosest: float = 0.5) -> dict[str, str]:
    """Report id → the id that stands for its family (the smallest), for reports linked by copies and excerpts with a score of at least `loosest`."""
    groups = Groups()
    for pair in pairs:
        if pair.kind != "update" and pair.score >= loosest:
            groups.join(pair.a, pair.b)
    return groups.all()

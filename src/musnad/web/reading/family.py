"""A report's family of copies as a tree: the original first, under each report those that were made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from musnad.store import queries, schema
from musnad.store.filters import Row
from musnad.store.store import Store

_MOST = 60
"""Members of a family that are shown: an agency's text may stand in hundreds of papers."""


@dataclass
class Member:
    """A report of the family; `pair` is the decision that ties it to the one above it, or, where nobody can say who copied whom, to its nearest likeness."""

    row: Row
    pair: Row | None = None
    copies: list[Member] = field(default_factory=list)


@dataclass
class Family:
    """The members that nothing shown here was copied into, oldest first, and how many members there are in all."""

    roots: list[Member]
    size: int
    shown: int


def family_of(store: Store, report: str) -> Family | None:
    """The family of a report; None where it has no copies."""
    rows = queries.family(store, report)
    if len(rows) < 2:
        return None
    here = next(row for row in rows if row["id"] == report)
    near = rows[:_MOST] if here in rows[:_MOST] else [*rows[: _MOST - 1], here]
    members = {row["id"]: Member(row) for row in near}
    pairs = _pairs(store, list(members))
    _hang(members, pairs)
    children = {m.row["id"] for x in members.values() for m in x.copies}
    roots = [m for id, m in members.items() if id not in children]
    for m in roots:
        m.pair = next((p for p in pairs if m.row["id"] in (p["a"], p["b"]) and not p["original"]), None) if len(roots) > 1 else None
    return Family(roots, len(rows), len(near))


def _pairs(store: Store, ids: list[str]) -> list[Row]:
    """What was decided about pairs of these reports, likest first."""
    p = schema.pair.c
    query = sa.select(p.a, p.b, p.kind, p.original, p.score, p.features, p.why).where(p.layer == "reports", p.a.in_(ids), p.b.in_(ids))
    with store.reading() as c:
        return [dict(x) for x in c.execute(query.order_by(p.score.desc(), p.a, p.b)).mappings()]


def _hang(members: dict[str, Member], pairs: list[Row]) -> None:
    """Put each copy under what it is likest to, of those that it was copied from."""
    above: dict[str, str] = {}
    for pair in pairs:
        original = pair["original"]
        copy = pair["b"] if original == pair["a"] else pair["a"]
        if not original or copy in above or copy in _ancestors(original, above):
            continue
        above[copy] = original
        members[copy].pair = pair
    for id, member in members.items():
        if id in above:
            members[above[id]].copies.append(member)


def _ancestors(id: str, above: dict[str, str]) -> Iterator[str]:
    yield id
    while id in above:
        id = above[id]
        yield id

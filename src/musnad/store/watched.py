"""What `musnad watch` has seen of its feeds and folders, so that it goes on where it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from musnad.store import schema
from musnad.store.store import Store

_CHUNK = 400
_STALE = "resolve.stale"


@dataclass(frozen=True, slots=True)
class Seen:
    """One row; see `schema.watched`."""

    source: str
    item: str = ""
    link: str | None = None
    mark: str = ""
    text: str | None = None
    tries: int = 0
    due: str | None = None
    problem: str | None = None


def sources(store: Store) -> list[Seen]:
    """The feeds and folders themselves, by name."""
    t = schema.watched
    with store.reading() as c:
        return [Seen(**row) for row in c.execute(sa.select(t).where(t.c.item == "").order_by(t.c.source)).mappings()]


def of_source(store: Store, source: str) -> dict[str, Seen]:
    """All that was seen in a source, by item; the source itself under ""."""
    t = schema.watched
    with store.reading() as c:
        return {row["item"]: Seen(**row) for row in c.execute(sa.select(t).where(t.c.source == source)).mappings()}


def texts_of(store: Store, links: Sequence[str]) -> dict[str, str]:
    """Link → the SHA-256 of its text, for those that some source has brought already."""
    t = schema.watched.c
    out: dict[str, str] = {}
    with store.reading() as c:
        for i in range(0, len(links), _CHUNK):
            query = sa.select(t.link, t.text).where(t.link.in_(links[i : i + _CHUNK]), t.text.is_not(None))
            out.update((x.link, x.text) for x in c.execute(query))
    return out


def note(store: Store, rows: Iterable[Seen]) -> None:
    """Write rows in one transaction, in the place of those that are there."""
    made = [asdict(row) for row in {(r.source, r.item): r for r in rows}.values()]
    if not made:
        return
    t = schema.watched
    with store.writing(marked=False) as c:
        for i in range(0, len(made), _CHUNK):
            chunk = made[i : i + _CHUNK]
            c.execute(sa.delete(t).where(sa.tuple_(t.c.source, t.c.item).in_([(r["source"], r["item"]) for r in chunk])))
            c.execute(sa.insert(t), chunk)


def is_stale(store: Store) -> bool:
    """True where the record must be brought together: `refresh` takes the mark away."""
    return bool(store.value(_STALE))


def set_stale(store: Store) -> None:
    """Say so before pages are added: a kill between the two loses nothing."""
    t = schema.meta
    with store.writing(marked=False) as c:
        if c.execute(sa.select(t.c.key).where(t.c.key == _STALE)).first() is None:
            c.execute(sa.insert(t), [{"key": _STALE, "value": "added"}])

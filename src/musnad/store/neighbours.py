"""The reports beside a report, in the order in which they are listed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from musnad.store import schema
from musnad.store.filters import Filter, Row, reported, rows_of
from musnad.store.queries import ranked
from musnad.store.store import Store

_FAR = 1000
"""How far down a list of search results its neighbours are looked for."""


def neighbours(store: Store, report: str, wanted: Filter) -> tuple[Row | None, Row | None]:
    """The reports (id, title, key) before and after one in the list that a question gives: by the search's order, else newest first. None at an end,
    and where the report isn't in the list."""
    r = schema.report.c
    with store.reading() as c:
        here = c.execute(sa.select(r.seq, r.published).where(r.id == report)).first()
    if here is None:
        return None, None
    if wanted.query:
        return _in_results(store, int(here.seq), wanted)
    return _towards(store, here, wanted, newer=True), _towards(store, here, wanted, newer=False)


def _in_results(store: Store, seq: int, wanted: Filter) -> tuple[Row | None, Row | None]:
    r = schema.report.c

    def found() -> list[int]:
        with store.reading() as c:
            return list(c.execute(ranked(store, sa.select(r.seq), wanted).limit(_FAR)).scalars())

    # Whoever reads through a list asks this again and again.
    listed = store.kept(("neighbours", replace(wanted, limit=0, after=None)), found)
    if seq not in listed:
        return None, None
    at = listed.index(seq)
    return _row(store, listed[at - 1] if at else None), _row(store, listed[at + 1] if at + 1 < len(listed) else None)


def _row(store: Store, seq: int | None) -> Row | None:
    r = schema.report.c
    return rows_of(store, sa.select(r.id, r.title, r.key).where(r.seq == seq))[0] if seq is not None else None


def _towards(store: Store, here: Any, wanted: Filter, newer: bool) -> Row | None:
    """The nearest on one side. Reports without a day are listed last; they are asked for apart, so that each question is one walk along the index."""
    r = schema.report.c
    dated = r.published.is_not(None)
    place, edge = sa.tuple_(r.published, r.seq), sa.tuple_(sa.literal(here.published), sa.literal(here.seq))
    if here.published is None:
        among = [sa.and_(r.published.is_(None), r.seq > here.seq if newer else r.seq < here.seq), *([dated] if newer else [])]
    else:
        among = [place > edge if newer else place < edge, *([] if newer else [r.published.is_(None)])]
    # PostgreSQL must be told where the nulls stand, although there are none, to know its index's order again.
    order = (r.published.nulls_first(), r.seq) if newer else (r.published.desc().nulls_last(), r.seq.desc())
    for condition in among:
        query = sa.select(r.id, r.title, r.key).where(condition).order_by(*order).limit(1)
        if found := rows_of(store, reported(store, query, wanted)):
            return found[0]
    return None

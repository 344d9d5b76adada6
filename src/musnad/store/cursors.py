"""Cursors that stay true while rows come in: the next page begins behind the last row that was seen, not at a number of rows.

A cursor is the values of the query's own order for that row, written so that nobody is tempted to read them. Search results, whose ranks move with every new
report, are counted instead, among the reports that were there when the first page was asked for.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression

from musnad.record.errors import StoreError

FIRST = "~"
"""The cursor of a first page; all others begin with it."""
_LONGEST = 2000
_HIDDEN = "_order_"


@dataclass(frozen=True, slots=True)
class _Key:
    """One part of an order; `nulls_last` where that is said, else the values are taken for known."""

    value: Any
    falling: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """Queries that give, one after the other, the rows behind a cursor, each with the values of its place; `cursor` takes them out of the rows and gives
    that of the last."""

    queries: list[sa.Select[Any]]
    cursor: Callable[[list[dict[str, Any]]], str]


def walk(c: sa.Connection, query: sa.Select[Any], after: str, limit: int) -> Walk:
    """The walk through a query's rows behind a cursor. Raises StoreError where the cursor isn't one of this query's."""
    keys = [_key(clause) for clause in query._order_by_clauses]
    held = _opened(after)
    if getattr(keys[0].value, "name", None) == "rank":
        return _counted(c, query, keys, held, limit)
    if held is not None and (len(held) != len(keys) or not all(map(_fits, keys, held))):
        raise _wrong()
    names = [f"{_HIDDEN}{n}" for n in range(len(keys))]
    query = query.add_columns(*(key.value.label(name) for key, name in zip(keys, names, strict=True)))

    def cursor(rows: list[dict[str, Any]]) -> str:
        places = [[row.pop(name) for name in names] for row in rows]
        return _closed(places[-1]) if places else FIRST

    return Walk([query] if held is None else [query.where(*conditions) for conditions in _behind(keys, held)], cursor)


def _counted(c: sa.Connection, query: sa.Select[Any], keys: list[_Key], held: list[Any] | None, limit: int) -> Walk:
    last = keys[-1].value
    if held is None:
        newest = c.execute(sa.select(sa.func.max(last))).scalar() or 0
        start = 0
    else:
        if len(held) != 2 or not all(type(x) is int and 0 <= x < 1 << 31 for x in held):
            raise _wrong()
        start, newest = held
    return Walk([query.where(last <= newest).offset(start)], lambda _: _closed([start + limit, newest]))


def _key(clause: Any) -> _Key:
    falling = nulls_last = False
    while isinstance(clause, UnaryExpression) and clause.modifier is not None:
        falling |= clause.modifier is operators.desc_op
        nulls_last |= clause.modifier is operators.nulls_last_op
        clause = clause.element
    return _Key(clause, falling, nulls_last)


def _behind(keys: list[_Key], held: list[Any]) -> list[list[sa.ColumnElement[bool]]]:
    """The conditions that a row stands behind the place `held`. Rows whose first key is null and last are asked for apart, so that each question is one
    walk along an index of that key, beginning where the page before ended."""
    first, value = keys[0], held[0]
    if value is None:
        return [[first.value.is_(None), _further(keys[1:], held[1:])]]
    edge = sa.literal(value)
    dated = [first.value <= edge if first.falling else first.value >= edge, _further([replace(first, nulls_last=False), *keys[1:]], held)]
    return [dated, [first.value.is_(None)]] if first.nulls_last else [dated]


def _further(keys: list[_Key], held: list[Any]) -> sa.ColumnElement[bool]:
    """Equal in some first keys, then further on."""
    ways: list[sa.ColumnElement[bool]] = []
    for n, (key, value) in enumerate(zip(keys, held, strict=True)):
        same = [k.value.is_not_distinct_from(v) for k, v in zip(keys[:n], held[:n], strict=True)]
        if value is not None:
            further = key.value < sa.literal(value) if key.falling else key.value > sa.literal(value)
            ways.append(sa.and_(*same, sa.or_(further, key.value.is_(None)) if key.nulls_last else further))
    return sa.or_(sa.false(), *ways)


def _fits(key: _Key, value: Any) -> bool:
    kind = key.value.type.python_type
    if value is None:
        return True
    if kind is float:
        return type(value) in (int, float)
    return type(value) is kind and not (kind is int and not -(1 << 31) <= value < 1 << 31)


def _closed(place: list[Any]) -> str:
    return FIRST + base64.urlsafe_b64encode(json.dumps(place, ensure_ascii=False, separators=(",", ":")).encode()).decode().rstrip("=")


def _opened(after: str) -> list[Any] | None:
    if after == FIRST:
        return None
    try:
        if len(after) > _LONGEST:
            raise ValueError
        packed = after.removeprefix(FIRST)
        held = json.loads(base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True))
        if not isinstance(held, list) or any(isinstance(x, str) and ("\0" in x or not x.isprintable()) for x in held):
            raise ValueError
    except (ValueError, RecursionError) as error:
        raise _wrong() from error
    return held


def _wrong() -> StoreError:
    return StoreError("this cursor isn't one of this list: leave `after` out to begin anew")

"""What a list shows, to take along: the same rows under the same address with .csv or .json at its end."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from fastapi import HTTPException
from fastapi.responses import Response

from musnad.export.tables import COLUMNS, Column, cell, harmless
from musnad.store import matters, people, queries, views
from musnad.store.filters import Filter, Row, Rows
from musnad.web.desk import Desk

MOST = 10_000
"""The most rows that one file holds; `after` in the address goes on from there, and `musnad export` gives everything."""


class View(NamedTuple):
    """A list: its columns, and how its rows are asked for."""

    columns: tuple[Column, ...]
    ask: Callable[[Desk, Filter], Rows]


def _claims(desk: Desk, wanted: Filter) -> Rows:
    return matters.claims_of(desk.store, matters.ledger(desk.store, wanted))


def _search(desk: Desk, wanted: Filter) -> Rows:
    return queries.reports(desk.store, wanted) if wanted.query else Rows()


VIEWS: dict[str, View] = {
    "reports": View(COLUMNS["reports"], lambda desk, wanted: queries.reports(desk.store, wanted)),
    "search": View(COLUMNS["reports"], _search),
    "events": View(COLUMNS["events"], lambda desk, wanted: views.happenings_page(desk.store, wanted, order(desk))),
    "actors": View(COLUMNS["actors"], lambda desk, wanted: people.actors_page(desk.store, wanted, sector(desk))),
    "statements": View(COLUMNS["statements"], lambda desk, wanted: people.statements_page(desk.store, wanted)),
    "commitments": View(COLUMNS["commitments"], lambda desk, wanted: matters.matters(desk.store, wanted, on_day(desk))),
    "claims": View(COLUMNS["claims"], _claims),
    "lineage": View(COLUMNS["lineage"], lambda desk, wanted: queries.lineage(desk.store, wanted)),
}


def order(desk: Desk) -> str:
    """The order that the address asks for."""
    return desk.request.query_params.get("sort", "day")


def sector(desk: Desk) -> str | None:
    """The sector that the address asks for."""
    return desk.request.query_params.get("sector") or None


def record_name(desk: Desk) -> str:
    """What the record is called, without where it lies and how one gets in."""
    return desk.store.where.partition("?")[0].rpartition("/")[2]


def short(desk: Desk, wanted: Filter, rows: int) -> Filter:
    """The filter with fewer rows a page than usual, where the address doesn't say how many."""
    return wanted if desk.request.query_params.get("limit") else replace(wanted, limit=rows)


def on_day(desk: Desk) -> str:
    """The day that deadlines are held against: the address's `on`, else today."""
    said = desk.request.query_params.get("on", "").strip()
    try:
        return date.fromisoformat(said).isoformat() if said else date.today().isoformat()
    except ValueError as error:
        raise HTTPException(422, "errors.day") from error


def give(desk: Desk, wanted: Filter, name: str, form: str) -> Response:
    """The rows of a list as a file, `form` csv or json. Without `limit` in the address there are up to ten thousand."""
    if name not in VIEWS or form not in ("csv", "json"):
        raise HTTPException(404)
    view = VIEWS[name]
    limit = wanted.limit if desk.request.query_params.get("limit") else MOST
    rows = view.ask(desk, replace(wanted, limit=limit))
    headers = {"Content-Disposition": f'attachment; filename="musnad-{name}.{form}"'}
    if rows.after:
        headers["X-Next-After"] = rows.after
    if form == "csv":
        return Response(_csv(view.columns, rows), media_type="text/csv; charset=utf-8", headers=headers)
    found = [{c.name: _plain(row.get(c.name), c.type) for c in view.columns} for row in rows]
    body = json.dumps({"view": name, "rows": found, "next": rows.after}, ensure_ascii=False, separators=(",", ":"))
    return Response(body, media_type="application/json", headers=headers)


def _csv(columns: tuple[Column, ...], rows: list[Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(c.name for c in columns)
    for row in rows:
        writer.writerow(harmless(cell(row.get(c.name), c.type)) for c in columns)
    return out.getvalue().encode("utf-8-sig")


def _plain(value: object, type: str) -> object:
    if type == "list" and isinstance(value, list):
        return [cell([v], "list") for v in value]
    return cell(value, type)

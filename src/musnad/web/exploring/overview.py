"""The record at a glance: what is new, contested and due, and what to do next."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from musnad.store import matters, people, queries, views
from musnad.store.filters import Filter, Row
from musnad.web.desk import Desk, DeskDep
from musnad.web.giving import on_day, record_name

router = APIRouter()
_BARS = 132
"""The most bars of the picture of reports over time."""


@router.get("/")
def overview(desk: DeskDep) -> Response:
    """What is in the record, on a day."""
    on = on_day(desk)
    found = desk.store.kept(("page: overview", on), lambda: _glance(desk, on))
    if not found["counts"]["reports"]:
        return desk.page("explore/empty.html", record=record_name(desk))
    return desk.page("overview.html", **found)


def _glance(desk: Desk, on: str) -> dict[str, Any]:
    store = desk.store
    found = queries.overview(store, on)
    due = [row["id"] for row in found["due"]]
    overdue = [row["id"] for row in found["overdue"]]
    found.pop("days")
    return {
        **found,
        "contested": views.with_words(store, views.with_parties(store, found["contested"])),
        "claims": matters.about(store, found["claims"]),
        "due": matters.matters_by_id(store, due, on),
        "overdue": [x for x in matters.matters_by_id(store, overdue, on) if x["column"] == "overdue"],
        "happenings": views.with_words(store, views.happenings_page(store, Filter(limit=8))),
        "actors": people.top_actors(store),
        "doubtful": views.least_certain(store),
        "bars": bars(views.over_time(store)),
    }


def bars(rows: list[Row]) -> Row:
    """Counts by day, month or year as the bars of a picture without gaps: x, height (percent), day and count; and the `most` of them. Where there would
    be too many bars, the latest are shown."""
    if not rows:
        return {"bars": [], "most": 0}
    count = {row["day"]: row["count"] for row in rows}
    days = _between(rows[0]["day"], rows[-1]["day"])[-_BARS:]
    most = max(count.get(day, 0) for day in days)
    return {
        "bars": [
            {"n": n, "day": day, "count": count.get(day, 0), "high": round(100 * count.get(day, 0) / most, 1), **_whole(day)}
            for n, day in enumerate(days)
        ],
        "most": most,
    }


def _whole(day: str) -> dict[str, str]:
    """The first and last day of a year, a month or a day."""
    if len(day) == 4:
        return {"from": f"{day}-01-01", "to": f"{day}-12-31"}
    if len(day) == 7:
        return {"from": f"{day}-01", "to": f"{day}-{monthrange(int(day[:4]), int(day[5:]))[1]}"}
    return {"from": day, "to": day}


def _between(first: str, last: str) -> list[str]:
    """All days, months or years from the first to the last, written alike."""
    if len(first) == 4:
        return [str(y) for y in range(int(first), int(last) + 1)]
    if len(first) == 7:
        months = range(int(first[:4]) * 12 + int(first[5:]) - 1, int(last[:4]) * 12 + int(last[5:]))
        return [f"{m // 12}-{m % 12 + 1:02}" for m in months]
    start = date.fromisoformat(first)
    return [(start + timedelta(n)).isoformat() for n in range((date.fromisoformat(last) - start).days + 1)]

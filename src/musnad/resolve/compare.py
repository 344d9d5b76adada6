"""A table of events coded by hand beside the record: matches by day, place, type and actors, with what differs and the evidence."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from musnad.grammar.folding import fold
from musnad.record.errors import BadPage
from musnad.resolve.spelling import align, name_words
from musnad.store import queries
from musnad.store.queries import Filter
from musnad.store.store import Store

Row = dict[str, Any]

_COLUMNS = {
    "day": ("date", "day", "event_date", "date_start", "from", "التاريخ", "اليوم"),
    "place": ("place", "location", "where", "where_coordinates", "city", "المكان", "الموقع"),
    "type": ("type", "event_type", "plover", "النوع", "نوع الحدث"),
    "actors": ("actor1", "actor", "actors", "source", "side_a", "الفاعل", "الجهة"),
    "recipients": ("actor2", "recipient", "recipients", "target", "side_b", "المستهدف", "المتلقي"),
    "deaths": ("fatalities", "deaths", "killed", "best", "القتلى", "عدد القتلى"),
}
_NEAR = 2
"""Days that a hand-coded day may be off."""
MATCH = 0.55
_DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%Y/%m/%d")


class Coded(msgspec.Struct, frozen=True):
    """A row coded by hand: its number in the table (the head is row 1) and what was found in its columns."""

    row: int
    day: str | None
    place: str | None
    type: str | None
    actors: str | None
    recipients: str | None
    deaths: float | None


def read_coded(path: Path) -> list[Coded]:
    """The rows of a CSV or XLSX table. Raises BadPage where the file or a column for the day is missing."""
    if not path.is_file():
        raise BadPage(f"there is no file {path}")
    rows = _xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)
    head, *body = rows or [[]]
    names = [str(h or "").strip().lower() for h in head]
    at = {key: next((names.index(n) for n in options if n in names), None) for key, options in _COLUMNS.items()}
    if at["day"] is None:
        raise BadPage(f"{path.name} has no column for the day; call it one of {', '.join(_COLUMNS['day'])}")

    def value(row: list[Any], key: str) -> Any:
        i = at[key]
        return row[i] if i is not None and i < len(row) else None

    return [
        Coded(
            row=number,
            day=_day(value(row, "day")),
            place=_text(value(row, "place")),
            type=_text(value(row, "type")),
            actors=_text(value(row, "actors")),
            recipients=_text(value(row, "recipients")),
            deaths=_number(value(row, "deaths")),
        )
        for number, row in enumerate(body, 2)
        if any(c not in (None, "") for c in row)
    ]


def compare_table(store: Store, coded: Iterable[Coded], since: str | None = None, until: str | None = None) -> Row:
    """`matched` (row, happening, score, differences, evidence), `only_coded` and `only_record`; each happening is matched once, the best pairs first."""
    rows = [c for c in coded if (not since or (c.day or "") >= since) and (not until or (c.day or "9") <= until)]
    days = sorted(c.day for c in rows if c.day)
    window = Filter(
        since=since or (_shift(days[0], -_NEAR) if days else None), until=until or (_shift(days[-1], _NEAR) if days else None), limit=0
    )
    events = queries.events(store, window)
    pairs = sorted(
        ((score, n, m) for n, c in enumerate(rows) for m, e in enumerate(events) if (score := likeness(c, e)) >= MATCH), reverse=True
    )
    used_rows: set[int] = set()
    used_events: set[int] = set()
    matched = []
    for score, n, m in pairs:
        if n in used_rows or m in used_events:
            continue
        used_rows.add(n)
        used_events.add(m)
        told = queries.tellings(store, events[m]["id"])
        matched.append(
            {
                "row": rows[n].row,
                "happening": events[m],
                "score": round(score, 3),
                "differences": _differences(store, rows[n], events[m], told),
                "evidence": [{k: t[k] for k in ("report", "outlet", "published", "start", "end", "text")} for t in told],
            }
        )
    return {
        "matched": sorted(matched, key=lambda x: x["row"]),
        "only_coded": [msgspec.to_builtins(c) for n, c in enumerate(rows) if n not in used_rows],
        "only_record": [e for m, e in enumerate(events) if m not in used_events],
    }


def likeness(c: Coded, e: Row) -> float:
    """How well a coded row fits a happening, 0 to 1: days .35, place .25, actors .25, type .15; what the row doesn't say isn't counted, and days
    further apart than two rule the pair out."""
    parts: list[tuple[float, float]] = []
    if c.day and e["day"]:
        gap = _gap(c.day, e["from"] or e["day"], e["to"] or e["from"] or e["day"])
        if gap > _NEAR:
            return 0.0
        parts.append((0.35, 1 - gap / (_NEAR + 1)))
    if c.place:
        parts.append((0.25, _names(c.place, [e["place"]] if e["place"] else [])))
    for mine, theirs in ((c.actors, e["actors"]), (c.recipients, e["recipients"])):
        if mine:
            everyone = [p["name"] for p in theirs] or [p["name"] for p in e["actors"] + e["recipients"]]
            parts.append((0.125, _names(mine, everyone)))
    if c.type:
        parts.append((0.15, float(fold(c.type) in (fold(e["type"]), fold(e["mode"] or "")))))
    total = sum(weight for weight, _ in parts)
    return sum(weight * value for weight, value in parts) / total if total and len(parts) > 1 else 0.0


def _names(phrase: str, names: list[str]) -> float:
    wanted = [name_words(x) for x in phrase.replace("؛", ";").replace("،", ";").split(";") if x.strip()]
    best = [max((align(w, name_words(n))[0] for n in names), default=0.0) for w in wanted if w]
    return max((b if b >= 0.85 else 0.0 for b in best), default=0.0)


def _differences(store: Store, c: Coded, e: Row, told: list[Row]) -> list[str]:
    out = []
    if c.day and e["from"] and c.day not in (e["from"], e["to"]):
        out.append(f"day: {c.day} by hand, {e['from']} in the record")
    if c.deaths is not None:
        low, _, high = queries.deaths(store, told)
        if low is not None and high is not None and not low <= c.deaths <= high:
            out.append(f"deaths: {c.deaths:g} by hand, {low:g}{'' if low == high else f'-{high:g}'} in the record")
        elif low is None:
            out.append(f"deaths: {c.deaths:g} by hand, none in the record")
    if c.place and e["place"] and not _names(c.place, [e["place"]]):
        out.append(f"place: {c.place} by hand, {e['place']} in the record")
    return out


def _gap(day: str, start: str, end: str) -> int:
    x, a, b = (date.fromisoformat(d[:10]) for d in (day, start, end))
    return max((a - x).days, (x - b).days, 0)


def _shift(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()


def _day(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = fold(str(value or "")).split("t")[0].strip()
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return None


def _text(value: Any) -> str | None:
    return str(value).strip() or None if value is not None else None


def _number(value: Any) -> float | None:
    try:
        return float(fold(str(value))) if value not in (None, "") else None
    except ValueError:
        return None


def _csv(path: Path) -> list[list[Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def _xlsx(path: Path) -> list[list[Any]]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    finally:
        book.close()

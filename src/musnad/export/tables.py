"""The record as flat tables: CSV, Parquet and XLSX, with a data dictionary that is made from the same list of columns.

Tables: reports, actors, events (happenings), tellings, parties, statements, commitments, claims, lineage. Every row that stands in a report names it,
with its span in code points. Cells never begin like a formula where the format could run one (CSV, XLSX).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from musnad.record.errors import MissingExtra, StoreError
from musnad.store import queries
from musnad.store.queries import Filter
from musnad.store.store import Store

Row = dict[str, Any]


class Column(NamedTuple):
    """A column: its name, type (text, integer, number, yes/no, list: texts joined by `; `) and what it means."""

    name: str
    type: str
    meaning: str


_WHERE = (
    Column("report", "text", "id of the report that says so"),
    Column("outlet", "text", "outlet of the report"),
    Column("published", "text", "day of publication (ISO 8601)"),
    Column("start", "integer", "first code point of the evidence in the page's source text"),
    Column("end", "integer", "code point after its last"),
    Column("text", "text", "the evidence, exactly as in the source text"),
    Column("found_by", "text", "rules or model that found it"),
    Column("confidence", "number", "0 to 1, calibrated"),
)


def _c(name: str, type: str, meaning: str) -> Column:
    return Column(name, type, meaning)


COLUMNS: dict[str, tuple[Column, ...]] = {
    "reports": (
        _c("id", "text", "stable id"),
        _c("key", "text", "page name, or the id that the input gave"),
        _c("title", "text", "title"),
        _c("outlet", "text", "outlet that wrote it"),
        _c("republisher", "text", "outlet that copied it, where the page tells"),
        _c("published", "text", "day of publication (ISO 8601)"),
        _c("url", "text", "address"),
    ),
    "actors": (
        _c("id", "text", "cluster id: the smallest of its entities' ids"),
        _c("type", "text", "PER, ORG, LOC or NORP"),
        _c("name", "text", "commonest full name"),
        _c("name_en", "text", "English name, known or romanised"),
        _c("country", "text", "ISO 3166-1 alpha-3"),
        _c("sectors", "list", "PLOVER sectors"),
        _c("aliases", "list", "all spellings and short names"),
        _c("known", "text", "id in the built-in dictionary"),
        _c("reports", "integer", "reports that name it"),
        _c("first", "text", "first day of publication of those"),
        _c("last", "text", "last day"),
    ),
    "events": (
        _c("id", "text", "happening: the smallest of its tellings' ids"),
        _c("type", "text", "PLOVER event type"),
        _c("mode", "text", "PLOVER mode"),
        _c("from", "text", "first day that the tellings give most often; empty where none gives one"),
        _c("to", "text", "last day"),
        _c("day", "text", "`from`, else the first day of publication"),
        _c("status", "text", "happened, ongoing, planned, denied, hypothetical or historical"),
        _c("actors", "list", "who does"),
        _c("recipients", "list", "to whom"),
        _c("place", "text", "where"),
        _c("tellings", "integer", "times told"),
        _c("independent", "integer", "independent sources: families of copies and agencies count once"),
        _c("outlets", "list", "outlets that tell it"),
        _c("denied_by", "list", "outlets that report a denial"),
        _c("contested", "list", "what tellings disagree about"),
        _c("confidence", "number", "highest confidence among its tellings"),
    ),
    "tellings": (
        _c("id", "text", "event as one report tells it"),
        _c("happening", "text", "the happening it belongs to"),
        *_WHERE,
        _c("type", "text", "PLOVER event type"),
        _c("mode", "text", "PLOVER mode"),
        _c("from", "text", "first day"),
        _c("to", "text", "last day"),
        _c("status", "text", "status"),
        _c("place", "text", "place phrase"),
        _c("speaker", "text", "who says so, where it is told by a statement"),
        _c("sentence", "text", "the sentence it stands in"),
    ),
    "statements": (
        _c("id", "text", "stable id"),
        *_WHERE,
        _c("speaker", "text", "speaker phrase"),
        _c("act", "text", "say, confirm, deny, promise, demand, warn, accuse, praise, announce or explain"),
        _c("kind", "text", "direct or indirect"),
        _c("content", "text", "what was said, pieces joined by …"),
        _c("chain", "list", "links of the isnad from the speaker outward"),
    ),
    "commitments": (
        _c("id", "text", "matter: the smallest of its steps' ids"),
        _c("by", "list", "who is bound"),
        _c("action", "text", "what to, in the words of the first step"),
        _c("state", "text", "how it stands after its last step"),
        _c("deadline_from", "text", "first day of the deadline that holds"),
        _c("deadline_to", "text", "last day of it"),
        _c("first", "text", "day of publication of the first step"),
        _c("last", "text", "of the last step"),
        _c("steps", "list", "ids of the commitments as told"),
    ),
    "claims": (
        _c("ledger", "text", "line of the ledger: figures of one subject and unit"),
        _c("unit", "text", "what is counted"),
        *_WHERE,
        _c("low", "number", "lower value"),
        _c("high", "number", "higher value"),
        _c("bound", "text", "exact, about, more_than, less_than, at_least or at_most"),
        _c("contested", "yes/no", "the line's claims can't all be true"),
    ),
    "lineage": (
        _c("a", "text", "report, by the key that the input gave"),
        _c("b", "text", "report"),
        _c("kind", "text", "copy, excerpt or update"),
        _c("original", "text", "which one was copied; empty where nothing tells"),
        _c("score", "number", "larger of Jaccard index and containment of five-word shingles"),
        _c("why", "text", "evidence for the direction"),
    ),
}


def rows(store: Store, table: str, wanted: Filter | None = None) -> Iterator[Row]:
    """The rows of a table, with all its columns. Raises StoreError for an unknown table."""
    if table not in COLUMNS:
        raise StoreError(f"there is no table {table}; known are {', '.join(COLUMNS)}")
    every = replace(wanted or Filter(), limit=0)
    return _MAKERS[table](store, every)


def _plain(ask: Callable[[Store, Filter], list[Row]]) -> Callable[[Store, Filter], Iterator[Row]]:
    return lambda store, wanted: iter(ask(store, wanted))


def _tellings(store: Store, wanted: Filter) -> Iterator[Row]:
    for event in queries.events(store, wanted):
        for telling in queries.tellings(store, event["id"]):
            yield telling | {"happening": event["id"]}


def _claims(store: Store, wanted: Filter) -> Iterator[Row]:
    for line in queries.claims(store, wanted):
        for claim in line["claims"]:
            yield claim | {"ledger": line["id"], "contested": line["contested"]}


_MAKERS: dict[str, Callable[[Store, Filter], Iterator[Row]]] = {
    "reports": _plain(queries.reports),
    "actors": _plain(queries.actors),
    "events": _plain(queries.events),
    "tellings": _tellings,
    "statements": _plain(queries.statements),
    "commitments": _plain(queries.commitments),
    "claims": _claims,
    "lineage": _plain(queries.lineage),
}


def cell(value: Any, type: str) -> Any:
    """A value as its column's type."""
    if value is None:
        return None
    if type == "list":
        return "; ".join(_name(v) for v in value)
    if type == "yes/no":
        return bool(value)
    return value


def _name(value: Any) -> str:
    if isinstance(value, dict):
        label = str(value.get("name") or value.get("text") or value.get("id") or "")
        return f"{value['link']}: {label}" if "link" in value else label
    return str(value)


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        return "'" + value
    return value


def write_csv(store: Store, folder: Path, tables: Iterable[str] = tuple(COLUMNS), wanted: Filter | None = None) -> dict[str, int]:
    """One UTF-8 file a table, and `data-dictionary.csv`; gives the number of rows by table."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for table in tables:
        columns = COLUMNS[table]
        with (folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            out = csv.writer(file)
            out.writerow(c.name for c in columns)
            counts[table] = 0
            for row in rows(store, table, wanted):
                out.writerow(harmless(cell(row.get(c.name), c.type)) for c in columns)
                counts[table] += 1
    with (folder / "data-dictionary.csv").open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(("table", "column", "type", "meaning"))
        out.writerows((t, *c) for t in tables for c in COLUMNS[t])
    return counts


def write_parquet(store: Store, folder: Path, tables: Iterable[str] = tuple(COLUMNS), wanted: Filter | None = None) -> dict[str, int]:
    """One Parquet file a table, the meanings of its columns in the fields' metadata. Raises MissingExtra without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra("Parquet", "export") from error
    kinds = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "yes/no": pa.bool_(), "list": pa.list_(pa.string())}
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for table in tables:
        columns = COLUMNS[table]
        schema = pa.schema([pa.field(c.name, kinds[c.type], metadata={"meaning": c.meaning}) for c in columns])
        data = [
            {c.name: [_name(v) for v in row.get(c.name) or ()] if c.type == "list" else cell(row.get(c.name), c.type) for c in columns}
            for row in rows(store, table, wanted)
        ]
        pq.write_table(pa.Table.from_pylist(data, schema=schema), folder / f"{table}.parquet")
        counts[table] = len(data)
    return counts


_CELL_LIMIT = 32_767
"""Excel's longest cell."""


def write_xlsx(store: Store, path: Path, tables: Iterable[str] = tuple(COLUMNS), wanted: Filter | None = None) -> dict[str, int]:
    """One workbook, a sheet a table and one for the data dictionary; sheets run right to left, texts are never formulas."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    counts = {}

    def cells(sheet: Any, values: Iterable[Any]) -> list[Any]:
        out = []
        for value in values:
            text = ILLEGAL_CHARACTERS_RE.sub("", value)[:_CELL_LIMIT] if isinstance(value, str) else value
            made = WriteOnlyCell(sheet, text)
            if isinstance(text, str):
                made.data_type = "s"
            out.append(made)
        return out

    for table in tables:
        sheet = book.create_sheet(table)
        sheet.sheet_view.rightToLeft = True
        sheet.freeze_panes = "A2"
        sheet.append([c.name for c in COLUMNS[table]])
        counts[table] = 0
        for row in rows(store, table, wanted):
            sheet.append(cells(sheet, (harmless(cell(row.get(c.name), c.type)) for c in COLUMNS[table])))
            counts[table] += 1
    sheet = book.create_sheet("data dictionary")
    sheet.append(["table", "column", "type", "meaning"])
    for table in tables:
        for c in COLUMNS[table]:
            sheet.append([table, *c])
    book.save(path)
    return counts


def write_jsonl(store: Store, path: Path, wanted: Filter | None = None) -> int:
    """The lines of `musnad read`, one a report, as they were read (redacted names veiled, lengths unchanged); gives their number."""
    import msgspec
    import sqlalchemy as sa

    from musnad.store import schema
    from musnad.store.redaction import veil_for
    from musnad.store.reports import unpack

    veil = veil_for(store)
    count = 0
    keep = {r["id"] for r in queries.reports(store, replace(wanted or Filter(), limit=0))}
    with store.reading() as c, path.open("wb") as file:
        for row in c.execute(sa.select(schema.report.c.id, schema.report.c.line).order_by(schema.report.c.seq)):
            if row.id in keep:
                file.write(msgspec.json.encode(veil(msgspec.to_builtins(unpack(row.line)))) + b"\n")
                count += 1
    return count


def dictionary_markdown() -> str:
    """The data dictionary as a page of documentation."""
    out = ["# Data dictionary", "", "Made from `musnad.export.tables`; lists are joined by `; ` in CSV and XLSX.", ""]
    for table, columns in COLUMNS.items():
        out += [
            f"## {table}",
            "",
            "| column | type | meaning |",
            "| --- | --- | --- |",
            *(f"| `{c.name}` | {c.type} | {c.meaning} |" for c in columns),
            "",
        ]
    return "\n".join(out)


def to_json(value: Any) -> str:
    """JSON as all exports write it: UTF-8, no escapes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

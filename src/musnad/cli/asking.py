"""The commands that ask a record: `search`, `events`, `actors`, `statements`, `commitments`, `claims`, `timeline`, `lineage`."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from musnad.cli.record import DEFAULT, RecordOption, opened

if TYPE_CHECKING:
    from musnad.store.queries import Filter, Row
    from musnad.store.store import Store


class Shape(StrEnum):
    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


TypeOption = Annotated[str | None, typer.Option("--type", "-t", help="Event type, act, unit or kind, as the command shows it.")]
ActorOption = Annotated[str | None, typer.Option("--actor", "-a", help="Name (Arabic or English, any spelling known) or id.")]
PlaceOption = Annotated[str | None, typer.Option("--place", "-p", help="Place (events), or country code such as IRQ (actors).")]
SinceOption = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day, as 2014-09-22.")]
UntilOption = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day.")]
StatusOption = Annotated[str | None, typer.Option("--status", help="Status of events, state of commitments, contested (claims).")]
OutletOption = Annotated[str | None, typer.Option("--outlet", help="Only what this outlet tells.")]
SourcesOption = Annotated[int, typer.Option("--sources", min=0, help="At least so many independent sources.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many rows; 0: all.")]
ShapeOption = Annotated[Shape, typer.Option("--format", "-f", help="How to print.")]
QueryOption = Annotated[str | None, typer.Option("--query", "-q", help='Words, "phrases", -exclusions, OR.')]


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help='Words, "phrases", -exclusions, OR.', show_default=False)],
    record: RecordOption = DEFAULT,
    actor: ActorOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    outlet: OutletOption = None,
    limit: LimitOption = 20,
    format: ShapeOption = Shape.table,
) -> None:
    """Search the reports: every form of a word is met (clitics, article, number, spelling).

    Examples:

    - `musnad search 'انسحاب القوات'`
    - `musnad search '"وزير الدفاع" -تدريب' --from 2016-01-01 --to 2016-12-31`
    """
    _ask(
        "reports",
        record,
        format,
        ("published", "outlet", "key", "title"),
        {"query": query, "actor": actor, "since": since, "until": until, "outlet": outlet, "limit": limit},
    )


def events(
    record: RecordOption = DEFAULT,
    type: TypeOption = None,
    actor: ActorOption = None,
    place: PlaceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    status: StatusOption = None,
    outlet: OutletOption = None,
    sources: SourcesOption = 0,
    query: QueryOption = None,
    limit: LimitOption = 50,
    format: ShapeOption = Shape.table,
) -> None:
    """Happenings: events merged across sentences and reports, with how many independent sources tell each.

    Examples:

    - `musnad events --type CONSULT --actor فرنسا --from 2014-01-01`
    - `musnad events --sources 2 --format csv > events.csv`
    """
    columns = ("from", "to", "type", "mode", "status", "actors", "recipients", "place", "tellings", "independent", "contested", "id")
    wanted = {
        "type": type,
        "actor": actor,
        "place": place,
        "since": since,
        "until": until,
        "status": status,
        "outlet": outlet,
        "sources": sources,
    }
    _ask("events", record, format, columns, {"query": query, "limit": limit, **wanted})


def timeline(
    record: RecordOption = DEFAULT,
    actor: ActorOption = None,
    type: TypeOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: LimitOption = 200,
    format: ShapeOption = Shape.table,
) -> None:
    """Happenings day by day, oldest first.

    Example: `musnad timeline --actor 'جان إيف لودريان'`
    """
    columns = ("day", "type", "actors", "recipients", "place", "status", "independent")
    turned: Callable[[list[Row]], list[Row]] = lambda rows: rows[::-1]  # noqa: E731
    wanted = {"type": type, "actor": actor, "since": since, "until": until, "limit": limit}
    _ask("events", record, format, columns, wanted, turned)


def actors(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Name, or part of one, in Arabic or English.")] = None,
    record: RecordOption = DEFAULT,
    type: TypeOption = None,
    place: PlaceOption = None,
    limit: LimitOption = 50,
    format: ShapeOption = Shape.table,
) -> None:
    """People, organisations, places and peoples over all reports, most often named first.

    Examples:

    - `musnad actors لودريان`
    - `musnad actors --type PER --place IRQ`
    """
    _ask(
        "actors",
        record,
        format,
        ("type", "name", "name_en", "country", "sectors", "reports", "first", "last", "aliases"),
        {"actor": name, "type": type, "place": place, "limit": limit},
    )


def statements(
    record: RecordOption = DEFAULT,
    actor: ActorOption = None,
    type: TypeOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    outlet: OutletOption = None,
    query: QueryOption = None,
    limit: LimitOption = 50,
    format: ShapeOption = Shape.table,
) -> None:
    """Who said what, and through whom it reached us.

    Example: `musnad statements --actor هولاند --type deny`
    """
    columns = ("published", "speaker", "act", "content", "chain", "outlet", "key")
    _ask(
        "statements",
        record,
        format,
        columns,
        {"actor": actor, "type": type, "since": since, "until": until, "outlet": outlet, "query": query, "limit": limit},
    )


def commitments(
    record: RecordOption = DEFAULT,
    actor: ActorOption = None,
    status: StatusOption = None,
    query: QueryOption = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="How things stand on this day: what is overdue then.")] = None,
    limit: LimitOption = 50,
    format: ShapeOption = Shape.table,
) -> None:
    """Commitments followed over time: pledged, reaffirmed, extended, denied, fulfilled, withdrawn, overdue.

    Example: `musnad commitments --on 2022-01-02 --status overdue`
    """
    from functools import partial

    from musnad.store import queries

    columns = ("deadline_to", "state", "by", "action", "first", "last", "steps")
    _ask(
        "commitments",
        record,
        format,
        columns,
        {"actor": actor, "status": status, "query": query, "limit": limit},
        ask=partial(queries.commitments, on=on),
    )


def claims(
    record: RecordOption = DEFAULT,
    actor: ActorOption = None,
    type: TypeOption = None,
    status: StatusOption = None,
    sources: SourcesOption = 0,
    limit: LimitOption = 50,
    format: ShapeOption = Shape.table,
) -> None:
    """The ledger of figures: who claims which number of the same thing.

    Example: `musnad claims --type 'person killed' --status contested`
    """
    columns = ("unit", "low", "high", "count", "independent", "contested", "about", "claims", "notes")
    _ask("claims", record, format, columns, {"actor": actor, "type": type, "status": status, "sources": sources, "limit": limit})


def lineage(
    record: RecordOption = DEFAULT,
    pairs: Annotated[bool, typer.Option("--pairs", help="One line a pair (this is what the command prints; kept for scripts).")] = True,
    type: TypeOption = None,
    limit: LimitOption = 0,
    format: ShapeOption = Shape.table,
) -> None:
    """Copied reports: copies, excerpts and updates, and which one is the original.

    Example: `musnad lineage --pairs --format jsonl > pairs.jsonl`
    """
    _ask("lineage", record, format, ("a", "b", "kind", "original", "score"), {"type": type, "limit": limit})


def _ask(
    what: str,
    record: str,
    shape: Shape,
    columns: Sequence[str],
    wanted: dict[str, Any],
    turn: Callable[[list[Row]], list[Row]] | None = None,
    ask: Callable[[Store, Filter], list[Row]] | None = None,
) -> None:
    from musnad.store import queries

    question = ask or getattr(queries, what)
    with opened(record) as store:
        rows = question(store, queries.Filter(**wanted))
    _print(turn(rows) if turn else rows, columns, shape)


def _print(rows: list[Row], columns: Sequence[str], shape: Shape) -> None:
    if shape is Shape.json:
        sys.stdout.write(json.dumps([{k: v for k, v in r.items() if k != "seq"} for r in rows], ensure_ascii=False, indent=1) + "\n")
    elif shape is Shape.jsonl:
        for row in rows:
            sys.stdout.write(json.dumps({k: row[k] for k in columns}, ensure_ascii=False) + "\n")
    elif shape is Shape.csv:
        from musnad.export.tables import harmless

        out = csv.writer(sys.stdout)
        out.writerow(columns)
        out.writerows([harmless(plain(row[c])) for c in columns] for row in rows)
    else:
        from rich import box
        from rich.console import Console
        from rich.table import Table

        columns = [c for c in columns if c not in _WIDE]
        table = Table(*columns, header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
        for row in rows:
            table.add_row(*(_short(plain(row[c])) for c in columns))
        Console().print(table) if rows else typer.echo("nothing found", err=True)


_WIDE = frozenset(("aliases", "sectors", "id", "steps", "notes", "to", "chain"))
"""Columns that a terminal has no room for; the other formats show them."""


def plain(value: Any) -> str:
    """A value as one cell of text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict):
        return str(value.get("name") or value.get("text") or "")
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "; ".join(plain(v) for v in value)
    return str(value)


def _short(cell: str) -> str:
    return cell if len(cell) <= 80 else cell[:79] + "…"

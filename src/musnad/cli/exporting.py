"""`musnad export`, `musnad dossier`, `musnad compare`: the record for other tools and for people."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from musnad.cli.asking import ActorOption, OutletOption, SinceOption, SourcesOption, TypeOption, UntilOption
from musnad.cli.record import DEFAULT, RecordOption, opened

if TYPE_CHECKING:
    from musnad.store.store import Store


class Form(StrEnum):
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"
    plover = "plover"
    acled = "acled"
    ucdp = "ucdp"
    ftm = "ftm"
    geojson = "geojson"
    gold = "gold"


def export(
    form: Annotated[Form, typer.Argument(help="csv, parquet and gold write a folder, the others a file.", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file or folder to write.", show_default=False)],
    record: RecordOption = DEFAULT,
    actor: ActorOption = None,
    type: TypeOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    outlet: OutletOption = None,
    sources: SourcesOption = 0,
    everything: Annotated[bool, typer.Option("--all", help="With gold: also the pages that nobody has reviewed.")] = False,
) -> None:
    """Write the record, or a part of it, for other tools.

    csv, parquet, xlsx: flat tables with a data dictionary. plover: one JSON object a happening. acled, ucdp: tables with their columns and precision
    codes. ftm: FollowTheMoney entities. geojson: happenings on the map. jsonl: the lines of `musnad read`.
    gold: the pages whose items people reviewed, as people left them, in the form of annotated pages, to measure and to train with.

    Examples:

    - `musnad export csv tables/ --from 2014-01-01 --to 2014-12-31`
    - `musnad export acled events.csv --sources 2`
    - `musnad export ftm record.ftm.json`
    """
    from musnad.store.queries import Filter

    wanted = Filter(actor=actor, type=type, since=since, until=until, outlet=outlet, sources=sources, limit=0)
    out.parent.mkdir(parents=True, exist_ok=True)
    with opened(record) as store:
        written = _write(store, form, out, wanted, everything)
    counts = ", ".join(f"{n} {what}" for what, n in written.items()) if isinstance(written, dict) else str(written)
    typer.echo(f"{counts} → {out}", err=True)


def _write(store: Store, form: Form, out: Path, wanted: Any, everything: bool) -> dict[str, int] | int:
    from musnad.export import tables

    if form is Form.gold:
        from musnad.export.gold import write_gold
        from musnad.record.errors import MusnadError

        if count := write_gold(store, out, wanted, everything):
            return {"pages": count}
        raise MusnadError("nobody has reviewed an item that fits: review some in the desk (`musnad serve`), or take all pages with --all")
    if form is Form.csv:
        return tables.write_csv(store, out, wanted=wanted)
    if form is Form.parquet:
        return tables.write_parquet(store, out, wanted=wanted)
    if form is Form.xlsx:
        return tables.write_xlsx(store, out, wanted=wanted)
    if form is Form.jsonl:
        return tables.write_jsonl(store, out, wanted)
    from musnad.export import coded, ftm

    if form is Form.geojson:
        collection = coded.geojson(store, wanted)
        out.write_text(tables.to_json(collection) + "\n", encoding="utf-8")
        return len(collection["features"])
    if form in (Form.acled, Form.ucdp):
        return _csv(coded.acled(store, wanted) if form is Form.acled else coded.ucdp(store, wanted), out)
    rows = coded.plover(store, wanted) if form is Form.plover else ftm.entities(store, wanted)
    count = 0
    with out.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(tables.to_json(row) + "\n")
            count += 1
    return count


def _csv(rows: Any, out: Path) -> int:
    import csv

    from musnad.export.tables import harmless

    count = 0
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer: Any = None
        for row in rows:
            if writer is None:
                writer = csv.DictWriter(file, list(row))
                writer.writeheader()
            writer.writerow({k: harmless(v) for k, v in row.items()})
            count += 1
    return count


def dossier(
    out: Annotated[Path, typer.Argument(metavar="OUT.html", help="The page to write.", show_default=False)],
    record: RecordOption = DEFAULT,
    actor: ActorOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="Hold deadlines against this day.")] = None,
) -> None:
    """One self-contained page about an actor or a span of time: timeline, map, statements, commitments, contested figures, each line with its source.

    Example: `musnad dossier france.html --actor فرنسا --from 2014-09-01 --to 2016-12-31`
    """
    from musnad.export.dossier import dossier as made
    from musnad.store.queries import Filter

    with opened(record) as store:
        out.write_text(made(store, Filter(actor=actor, since=since, until=until), on), encoding="utf-8")
    typer.echo(f"→ {out}", err=True)


def compare(
    coded: Annotated[Path, typer.Argument(metavar="CODED.xlsx|csv", help="Events coded by hand, one a row.", show_default=False)],
    record: RecordOption = DEFAULT,
    since: SinceOption = None,
    until: UntilOption = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE.json", help="Write the whole comparison here.")] = None,
) -> None:
    """Match a table of events coded by hand against the record: what both have, what each side alone has, and where figures differ.

    Columns are found by their names (date or day, place or location, type, actor1 or actor or source, actor2 or recipient or target, fatalities), in
    English or Arabic.

    Example: `musnad compare coded.xlsx --record 2018.db --out comparison.json`
    """
    from musnad.export.tables import to_json
    from musnad.resolve.compare import compare_table, read_coded

    with opened(record) as store:
        result = compare_table(store, read_coded(coded), since, until)
    if out:
        out.write_text(to_json(result) + "\n", encoding="utf-8")
    typer.echo(
        f"{len(result['matched'])} matched, {len(result['only_coded'])} only coded by hand, {len(result['only_record'])} only in the record, "
        f"{sum(bool(m['differences']) for m in result['matched'])} matches differ",
        err=True,
    )
    for row in result["matched"]:
        sys.stdout.write(f"= {row['row']}\t{row['happening']['id']}\t{row['score']}\t{'; '.join(row['differences'])}\n")
    for row in result["only_coded"]:
        sys.stdout.write(f"- {row['row']}\t{row['day']}\t{row['place'] or ''}\t{row['type'] or ''}\n")

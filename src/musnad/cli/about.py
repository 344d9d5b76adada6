"""`musnad schema`, `sample`, `doctor`: about musnad itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def schema() -> None:
    """Print the JSON Schema of a line of `musnad read --format jsonl`.

    Examples:

    - `musnad schema > musnad-1.schema.json`
    """
    import json

    from musnad.export.jsonl import schema as made

    typer.echo(json.dumps(made(), ensure_ascii=False, indent=2))


def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to; made where it isn't there.")] = Path("musnad-sample"),
) -> None:
    """Write the built-in sample (news pages of ours, with their metadata) to a folder, to try things on.

    Examples:

    - `musnad sample`
    - `musnad read musnad-sample/pages --metadata musnad-sample/metadata.csv --format html --out sample.html`
    """
    import shutil

    here = Path(__file__).parent.parent / "sample"
    shutil.copytree(here, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    pages = len(list((folder / "pages").iterdir()))
    typer.echo(
        f"{pages} pages in {folder}; now try\n  musnad read {folder}/pages --metadata {folder}/metadata.csv --format html --out {folder}.html"
    )


def doctor(
    record: Annotated[
        str | None, typer.Option("--record", "-r", metavar="FILE.db", help="Check this record, too: evidence equals its slice, no orphans.")
    ] = None,
) -> None:
    """Say what is installed here, what is missing, and what this machine offers: the first thing to send with a question.

    Examples:

    - `musnad doctor`
    - `musnad doctor --record 2018.db`
    """
    from musnad.doctor import examine

    for line in examine():
        typer.echo(line)
    if record:
        from musnad.store.checking import problems
        from musnad.store.store import open_store

        with open_store(record, create=False) as store:
            found = 0
            for problem in problems(store):
                typer.echo(f"PROBLEM   {problem}")
                found += 1
            typer.echo(f"record    {record}: " + (f"{found} problems" if found else "sound"))
        if found:
            raise typer.Exit(1)

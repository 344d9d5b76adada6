"""The command line: thin, everything it does can be done from Python."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def top() -> None:
    """Arabic news reports as a record that can be checked."""


@app.command()
def read(
    paths: list[Path],
    metadata: Path | None = None,
    format: str = "jsonl",
    model: Annotated[bool, typer.Option("--model/--no-model")] = True,
) -> None:
    """Read pages into records."""
    from musnad.reading import read as read_path

    for path in paths:
        for doc in read_path(path, metadata=metadata, model=model):
            sys.stdout.buffer.write(msgspec.json.encode(doc.line()) + b"\n")


def main() -> None:
    app()

"""The command line: thin, everything it does can be done from Python."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from musnad.cli import about, asking, exporting, look, model, reading, record, rules, serving, watching

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from musnad import __version__

        typer.echo(f"musnad {__version__}")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.", callback=_version, is_eager=True)] = False,
) -> None:
    """Arabic news reports as a record that can be checked: every fact tied to its words, and to the chain it came through.

    Start with `musnad read PAGE --format text`, where PAGE is a file, a folder or a URL.

    Exit codes: 0 all is done; 1 nothing could be done, the message says why; 2 the command was written wrongly; 3 done, but some pages failed.
    """


app.command()(reading.read)
app.command()(look.text)
app.command()(look.explain)
app.add_typer(rules.app, name="rules")
for keeping in (record.add, watching.watch, record.failures, record.forget, record.redact, record.backup):
    app.command(rich_help_panel="Keep a record")(keeping)
for asking_for in (
    asking.search, asking.events, asking.timeline, asking.actors, asking.statements, asking.commitments, asking.claims, asking.lineage,
):  # fmt: skip
    app.command(rich_help_panel="Ask a record")(asking_for)
for giving in (exporting.export, exporting.dossier, exporting.compare):
    app.command(rich_help_panel="Give a record to others")(giving)
app.command(rich_help_panel="Work on a record")(serving.serve)
app.add_typer(serving.accounts, name="account", rich_help_panel="Work on a record")
app.command()(about.schema)
app.command()(about.sample)
app.add_typer(model.app, name="model")
app.command()(about.doctor)


def main() -> None:
    """Run the command line. Errors that musnad raises on purpose are shown as one plain sentence, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or pipe set to another encoding must not lose Arabic, nor a lone surrogate stop the output.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except BrokenPipeError:
        # The reader of our output has gone (`musnad read … | head`): that is no error. What is still buffered has nowhere to go.
        sys.stdout = None
        sys.exit(0)
    except Exception as error:
        from musnad.record.errors import MusnadError

        if not isinstance(error, MusnadError):
            raise
        print(f"musnad: {error}", file=sys.stderr)
        sys.exit(1)

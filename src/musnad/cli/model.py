"""`musnad model`: about the neural model."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="The neural model.", rich_markup_mode="markdown")


@app.callback()
def top() -> None:
    """The neural model that reads beside the rules."""


@app.command()
def info() -> None:
    """Show the card of the model that is installed: what it is, its data and their licences, its scores and limits.

    Examples:

    - `musnad model info`
    """
    from musnad import tagger

    typer.echo(tagger.info())

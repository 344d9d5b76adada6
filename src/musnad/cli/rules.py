"""`musnad rules`: the linguist's commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musnad.cli.reading import LexiconOption

app = typer.Typer(no_args_is_help=True, help="Check and try the word lists and rules.", rich_markup_mode="markdown")


@app.command()
def check(
    lexicon: LexiconOption = None,
    only: Annotated[str | None, typer.Option(metavar="NAME", help="Only the rule file or word list of this name.")] = None,
) -> None:
    """Run the examples of every rule and of every word-list row.

    Shows each example that doesn't hold with what came instead; exit code 1 then.

    Examples:

    - `musnad rules check`
    - `musnad rules check --only times`
    - `musnad rules check --lexicon our-words`
    """
    from musnad.grammar.selfcheck import check_all
    from musnad.pipeline import read_layer
    from musnad.settings import find_settings, lexicon_folders
    from musnad.tools import load

    tools = load(False, (*find_settings(Path.cwd()).lexicon, *lexicon_folders(lexicon or [])))
    _ = tools.gazetteer  # a malformed list of names is told now, too
    count, wrong = check_all(tools.lexicon, tools.rules, lambda text, published, layer: read_layer(text, published, layer, tools), only)
    for failure in wrong:
        typer.echo(f"{failure}\n")
    rules = sum(len(s.rules) for n, s in tools.rules.items() if only in (None, n))
    typer.echo(
        f"{count} examples of {rules} rules and {len(tools.lexicon.lists)} word lists: "
        + (f"{len(wrong)} don't hold" if wrong else "all hold")
    )
    raise typer.Exit(1 if wrong else 0)


@app.command(name="try")
def try_(
    text: Annotated[str, typer.Argument(metavar='"نص"', help="A sentence, in quotation marks.", show_default=False)],
    published: Annotated[str | None, typer.Option(metavar="DAY", help="The day of publication, as 2014-09-22.")] = None,
    lexicon: LexiconOption = None,
) -> None:
    """Show which rules match a text, and which records come of it.

    Examples:

    - `musnad rules try "وصل الوفد الخميس الماضي" --published 2014-09-22`
    """
    from musnad.explanation import explain_rules
    from musnad.settings import find_settings, lexicon_folders
    from musnad.tools import load

    tools = load(False, (*find_settings(Path.cwd()).lexicon, *lexicon_folders(lexicon or [])))
    typer.echo("\n".join(explain_rules(text, published, tools)))

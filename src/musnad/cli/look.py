"""`musnad text` and `musnad explain`: what musnad sees of one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from musnad.cli.reading import LexiconOption, ModelOption

if TYPE_CHECKING:
    from musnad.ingest.page import Page


def text(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A page of any format, a URL, or - for standard input.", show_default=False)],
) -> None:
    """Print the source text of a page: the text that every offset of its record counts in.

    Examples:

    - `musnad text page.html`
    - `musnad text page.html | head -c 300`
    """
    import sys

    for page in _pages(file):
        sys.stdout.write(page.source)


def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A page of any format, a URL, or - for standard input.", show_default=False)],
    at: Annotated[int, typer.Option("--at", metavar="OFFSET", min=0, help="Place in the source text, in code points from 0.")],
    metadata: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Columns page,published,outlet,url: what the pages don't say.")
    ] = None,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
) -> None:
    """Say everything known at a place of a page: the word, its readings, its segment and every record there with who found it and why.

    Examples:

    - `musnad explain page.txt --at 120`
    """
    from musnad.explanation import explain_at
    from musnad.pipeline import read_page
    from musnad.record.errors import BadPage
    from musnad.settings import find_settings, lexicon_folders
    from musnad.tools import load

    settings = find_settings(Path.cwd())
    tools = load(settings.model if model is None else model, (*settings.lexicon, *lexicon_folders(lexicon or [])))
    for page in _pages(file, metadata):
        if at >= len(page.source):
            raise BadPage(f"{page.name} has {len(page.source)} code points: --at runs from 0 to {len(page.source) - 1}")
        typer.echo("\n".join(explain_at(page.source, read_page(page, tools), at)))


def _pages(file: str, metadata: Path | None = None) -> list[Page]:
    from musnad.ingest import pages
    from musnad.ingest.page import Page
    from musnad.record.errors import BadPage

    found = []
    for page in pages([file], metadata):
        if not isinstance(page, Page):
            raise BadPage(str(page))
        found.append(page)
    if not found:
        raise BadPage(f"no page in {file}")
    return found

"""The ways in from Python: `read` for pages, `read_text` for a text at hand; `musnad.batch.local.read_all` for many pages over several cores."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from musnad.document import Document
from musnad.ingest import pages
from musnad.ingest.page import Failure, Page
from musnad.pipeline import read_page
from musnad.record.errors import BadPage
from musnad.settings import lexicon_folders
from musnad.tools import load


def read_text(
    text: str,
    *,
    published: str | None = None,
    outlet: str | None = None,
    name: str = "text",
    model: bool = True,
    lexicon: Sequence[str | Path] = (),
) -> list[Document]:
    """The documents of a text, one a report. `published` is an ISO day; `lexicon` are folders with a user's own words and rules."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return read_page(Page(name, text, digest, published=published, outlet=outlet), load(model, _folders(lexicon)))


def read(*paths: str | Path, metadata: str | Path | None = None, model: bool = True, lexicon: Sequence[str | Path] = ()) -> list[Document]:
    """The documents of pages (files of any format, folders, globs, URLs), in their order.

    Raises BadPage at the first page that can't be read, with its name and the reason; `musnad.batch.local.read_all` goes on past such pages.
    """
    tools = load(model, _folders(lexicon))
    out: list[Document] = []
    for page in pages([str(p) for p in paths], Path(metadata) if metadata else None):
        if isinstance(page, Failure):
            raise BadPage(str(page))
        out += read_page(page, tools)
    return out


def _folders(lexicon: Sequence[str | Path]) -> tuple[Path, ...]:
    return lexicon_folders([Path(f) for f in lexicon]) if lexicon else ()

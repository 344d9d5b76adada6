"""The two ways in from Python: `read` for pages, `read_text` for a text at hand."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from musnad.document import Document
from musnad.ingest.page import Page
from musnad.pipeline import read_page
from musnad.tools import load


def read_text(
    text: str,
    *,
    published: str | None = None,
    outlet: str | None = None,
    name: str = "text",
    model: bool = True,
    lexicon: Sequence[Path] = (),
) -> list[Document]:
    """The documents of a text, one a report. `published` is an ISO day; `lexicon` are folders with a user's own words and rules."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return read_page(Page(name, text, digest, published=published, outlet=outlet), load(model, tuple(lexicon)))


def read(path: str | Path, *, metadata: str | Path | None = None, model: bool = True, lexicon: Sequence[Path] = ()) -> list[Document]:
    """The documents of a page or of a folder of pages."""
    path = Path(path)
    rows: dict[str, dict[str, str]] = {}
    if metadata:
        with Path(metadata).open(encoding="utf-8-sig", newline="") as file:
            rows = {r["page"]: r for r in csv.DictReader(file)}
    out = []
    for file_path in sorted(path.glob("*.txt")) if path.is_dir() else [path]:
        row = rows.get(file_path.name, {})
        out += read_text(
            file_path.read_text(encoding="utf-8-sig"),
            published=row.get("published") or None,
            outlet=row.get("outlet") or None,
            name=str(file_path),
            model=model,
            lexicon=lexicon,
        )
    return out

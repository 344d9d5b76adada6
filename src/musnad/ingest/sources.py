"""Pages in: files, folders, globs, addresses and standard input become pages; what can't be read becomes a Failure, never an exception."""

from __future__ import annotations

import csv
import glob
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from musnad.ingest.days import iso_day
from musnad.ingest.formats import ENDINGS, read_bytes, read_stream
from musnad.ingest.page import Failure, Page
from musnad.record.errors import BadPage

Row = dict[str, str]


def pages(paths: Iterable[str | Path], metadata: Path | None = None) -> Iterator[Page | Failure]:
    """The pages of all paths, in their order, folders' files by name: one after the other, so that a large corpus never stands in memory whole.

    A path is a file (.txt .html .jsonl .csv .docx .pdf .warc, also .gz), a folder, a glob, an http(s) address or `-` for standard input. `metadata` is a CSV file with
    columns page, published, outlet, url: what the pages don't say; `page` is a path, a file's name, or FILE#ID. Raises BadPage only where `metadata` can't be read.
    """
    rows = read_metadata(metadata) if metadata else {}
    for path in paths:
        for item in _pages(str(path), metadata):
            yield _with_metadata(item, rows) if isinstance(item, Page) and rows else item


def _pages(path: str, metadata: Path | None) -> Iterator[Page | Failure]:
    if path == "-":
        yield from read_bytes("-", sys.stdin.buffer.read())
    elif path.lower().startswith(("http://", "https://")):
        from musnad.ingest.web import fetch

        got = fetch(path)
        yield from (got,) if isinstance(got, Failure) else read_bytes(path, *got)
    elif Path(path).is_dir():
        yield from _folder(Path(path), metadata)
    elif Path(path).exists():
        yield from _file(Path(path))
    elif any(c in path for c in "*?["):
        found = sorted(p for p in glob.glob(path, recursive=True) if Path(p).is_file())  # noqa: PTH207
        if not found:
            yield Failure(path, "no file matches the pattern", "Check the pattern, and quote it so that the shell leaves it alone")
        for name in found:
            yield from _file(Path(name))
    else:
        yield Failure(path, "there is no such file or folder", "Check the spelling of the path")


def is_readable(path: Path) -> bool:
    """True for files whose ending is one of a format that is read."""
    return path.name.lower().removesuffix(".gz").endswith(ENDINGS)


def _folder(folder: Path, metadata: Path | None) -> Iterator[Page | Failure]:
    """The pages of the folder's files; hidden ones and the metadata are no pages."""
    own = Path(metadata).resolve() if metadata else None
    found = False
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).parts
        if path.is_file() and is_readable(path) and not any(part.startswith(".") for part in inner) and path.resolve() != own:
            found = True
            yield from _file(path)
    if not found:
        yield Failure(str(folder), "the folder holds no page that can be read", f"Files may end in {' '.join(ENDINGS)}")


def _file(path: Path) -> Iterator[Page | Failure]:
    try:
        with path.open("rb") as stream:
            yield from read_stream(str(path), stream)
    except OSError as error:
        yield Failure(str(path), f"the file can't be opened ({error.strerror or error})", "Check that it exists and that you may read it")


def read_metadata(path: Path) -> dict[str, Row]:
    """The rows of a metadata file by their page; raises BadPage where the file can't be read or has no column `page`."""
    from musnad.ingest.decoding import decode

    try:
        text, _ = decode(Path(path).read_bytes())
    except OSError as error:
        raise BadPage(f"{path}: the metadata can't be opened ({error.strerror or error})") from error
    head = text.split("\n", 1)[0]
    rows = csv.DictReader(text.splitlines(), delimiter=max(",;\t", key=head.count))
    if "page" not in (rows.fieldnames or ()):
        raise BadPage(f"{path}: the metadata need a column 'page' (and published, outlet, url)")
    return {
        row["page"].strip(): {k: v.strip() for k, v in row.items() if isinstance(k, str) and isinstance(v, str)}
        for row in rows
        if row.get("page")
    }


def _with_metadata(page: Page, rows: dict[str, Row]) -> Page:
    """The page with what the metadata say of it, which wins over what the page's own file says."""
    plain = page.name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    keys = (page.name, page.name.removeprefix("./"), plain, Path(plain.partition("#")[0]).name, Path(plain.partition("#")[0]).stem)
    row = next((rows[k] for k in keys if k in rows), None)
    if row is None:
        return page
    day = iso_day(row.get("published"))
    problems = page.problems
    if row.get("published") and not day:
        problems = (*problems, f"the metadata's day {row['published'][:40]!r} wasn't understood: give it as 2024-01-31")
    return replace(
        page, published=day or page.published, outlet=row.get("outlet") or page.outlet, url=row.get("url") or page.url, problems=problems
    )

"""From bytes to reports: formats, encodings, cleaning, splitting, heads."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from musnad.ingest.page import Failure, Page


def pages(paths: Sequence[str], metadata: Path | None = None) -> Iterator[Page | Failure]:
    """The pages of files and folders, in order."""
    rows: dict[str, dict[str, str]] = {}
    if metadata:
        with metadata.open(encoding="utf-8-sig", newline="") as file:
            rows = {r["page"]: r for r in csv.DictReader(file)}
    for path in map(Path, paths):
        for file_path in sorted(path.glob("*.txt")) if path.is_dir() else [path]:
            try:
                raw = file_path.read_bytes()
                source = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
            except (OSError, UnicodeDecodeError) as error:
                yield Failure(str(file_path), str(error), "Check the path")
                continue
            row = rows.get(file_path.name, {})
            yield Page(str(file_path), source, sha256(raw).hexdigest(), published=row.get("published") or None, outlet=row.get("outlet") or None, url=row.get("url") or None)

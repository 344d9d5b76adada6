"""Pages into a record: only what is new is read, each page is written whole, a restart goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

import musnad
from musnad.batch.local import Done, read_all
from musnad.export.jsonl import decode
from musnad.ingest import pages
from musnad.ingest.page import Failure, Page
from musnad.record.kinds import Line
from musnad.store.store import Store

_TOGETHER = 32
"""Pages in one transaction: few enough to lose little work, enough that the disk isn't what is waited for."""


@dataclass(slots=True)
class Counts:
    """How far an `add` has come: pages read and written, their reports, pages that were there already, pages that failed."""

    pages: int = 0
    reports: int = 0
    there: int = 0
    failed: int = 0


def add_pages(
    store: Store,
    paths: Sequence[str],
    *,
    metadata: Path | None = None,
    model: bool = True,
    lexicon: Sequence[Path] = (),
    jobs: int = 1,
    timeout: float = 60.0,
) -> Iterator[Counts]:
    """Read the pages of these paths into the record; see `add_found`."""
    return add_found(store, pages(paths, metadata), model=model, lexicon=lexicon, jobs=jobs, timeout=timeout)


def add_found(
    store: Store,
    found: Iterable[Page | Failure],
    *,
    model: bool = True,
    lexicon: Sequence[Path] = (),
    jobs: int = 1,
    timeout: float = 60.0,
) -> Iterator[Counts]:
    """Read pages into the record, giving the counts after each batch written. A page with the same bytes, read by the same reader, is passed over;
    one that fails is kept among the failures with its reason."""
    reader = reader_name(model)
    there = store.readers()
    counts = Counts()

    def fresh() -> Iterator[Page | Failure]:
        for page in found:
            if isinstance(page, Page) and there.get(page.sha256) == reader:
                counts.there += 1
            else:
                if isinstance(page, Page):
                    there[page.sha256] = reader
                yield page

    waiting: list[tuple[Page, list[Line]]] = []

    def write() -> None:
        counts.reports += store.add(waiting, reader)
        counts.pages += len(waiting)
        waiting.clear()

    for outcome in read_all(fresh(), model=model, lexicon=lexicon, jobs=jobs, timeout=timeout):
        if isinstance(outcome, Done):
            try:
                waiting.append((outcome.page, [decode(line) for line in outcome.lines]))
            except (
                msgspec.ValidationError
            ) as error:  # a stage wrote what the record's schema doesn't have: ours to mend, not the batch's to die of
                store.fail(outcome.page.name, f"its record breaks the schema: {error}")
                counts.failed += 1
            if len(waiting) >= _TOGETHER:
                write()
                yield counts
        else:
            store.fail(outcome.name, f"{outcome.reason}. {outcome.advice}")
            counts.failed += 1
    write()
    yield counts


def reader_name(model: bool) -> str:
    """Who reads: the version, and whether the model helped. A page read by another reader is read again."""
    return f"musnad {musnad.__version__}" + ("" if model else ", rules only")

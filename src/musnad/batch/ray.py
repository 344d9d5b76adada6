"""Many pages on a cluster: the same outcomes as `batch.local`, read by workers on every machine that Ray knows [extra: ray]."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from musnad.batch.local import AHEAD, Done, read_one
from musnad.ingest.page import Failure, Page
from musnad.record.errors import MissingExtra

TOGETHER = 16
"""Pages that travel to a worker in one go."""


def read_all(
    pages: Iterable[Page | Failure],
    *,
    model: bool = True,
    lexicon: Sequence[Path] = (),
    address: str | None = None,
    timeout: float = 60.0,
) -> Iterator[Done | Failure]:
    """One outcome for each page, in the pages' order. `address` is a running cluster's (None: a new one on this machine, shut down at the end);
    the lexicon's folders must be reachable under the same path everywhere. Raises MissingExtra without Ray."""
    try:
        import ray
    except ImportError as error:
        raise MissingExtra("reading on a cluster", "ray") from error
    ours = not ray.is_initialized()
    if ours:
        ray.init(address=address, logging_level="ERROR", include_dashboard=False)
    try:
        work: Any = ray.remote(max_retries=1)(_read_some)
        slots = max(1, int(ray.cluster_resources().get("CPU", 1))) * AHEAD
        waiting: deque[tuple[list[Page | Failure], Any]] = deque()
        for some in _groups(pages):
            waiting.append((some, work.remote(some, model, tuple(lexicon), timeout)))
            if len(waiting) >= slots:
                yield from _outcome(*waiting.popleft(), ray)
        while waiting:
            yield from _outcome(*waiting.popleft(), ray)
    finally:
        if ours:
            ray.shutdown()


def _read_some(pages: list[Page | Failure], model: bool, lexicon: tuple[Path, ...], timeout: float) -> list[Done | Failure]:
    return [p if isinstance(p, Failure) else read_one(p, model, lexicon, timeout) for p in pages]


def _outcome(pages: list[Page | Failure], reference: Any, ray: Any) -> Iterator[Done | Failure]:
    try:
        yield from ray.get(reference)
    except ray.exceptions.RayError as error:
        # A worker died with some pages in hand, twice: they fail together, and can be tried again one by one.
        for page in pages:
            yield page if isinstance(page, Failure) else Failure(page.name, f"its worker died: {type(error).__name__}", "Try it alone")


def _groups(pages: Iterable[Page | Failure]) -> Iterator[list[Page | Failure]]:
    some: list[Page | Failure] = []
    for page in pages:
        some.append(page)
        if len(some) == TOGETHER:
            yield some
            some = []
    if some:
        yield some

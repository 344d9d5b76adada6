"""Many pages on one machine: one process or several, in order, with bounded memory; no page can stop the others."""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from musnad.export.jsonl import encode
from musnad.ingest.page import Failure, Page
from musnad.pipeline import read_page
from musnad.tools import Tools, load

AHEAD = 4
"""Pages in flight for each process: what bounds the memory of a run."""


@dataclass(frozen=True, slots=True)
class Done:
    """A page that was read: its reports as lines of JSON (`musnad.export.jsonl.decode` gives the records), and what a stage couldn't do."""

    page: Page
    lines: tuple[bytes, ...]
    problems: tuple[str, ...]


class _TimeUp(BaseException):
    """Not an Exception, so that no stage's own guard takes it for a failure of the stage."""


def read_all(
    pages: Iterable[Page | Failure], *, model: bool = True, lexicon: Sequence[Path] = (), jobs: int = 1, timeout: float = 60.0
) -> Iterator[Done | Failure]:
    """One outcome for each page, in the pages' order.

    Pages are taken as they are needed, so the input may be endless. A page that takes longer than `timeout` seconds (0: no limit; systems without
    SIGALRM have none), raises, or kills its process becomes a Failure with the reason; failures among the pages are passed on. Raises BadRule
    before the first page where a list or rule is wrong.
    """
    tools = load(model, tuple(lexicon)) if jobs <= 1 else load(False, tuple(lexicon))
    if jobs <= 1:
        for page in pages:
            yield page if isinstance(page, Failure) else _read(page, tools, timeout)
    else:
        yield from _in_processes(pages, jobs, (model, tuple(lexicon), timeout))


def read_one(page: Page, model: bool, lexicon: tuple[Path, ...], timeout: float) -> Done | Failure:
    """The outcome of one page in this process; the tools are loaded at the first."""
    return _read(page, load(model, lexicon), timeout)


def _read(page: Page, tools: Tools, timeout: float) -> Done | Failure:
    try:
        with _limit(timeout):
            docs = read_page(page, tools)
            problems = tuple(p for d in docs for p in d.report.problems if p not in page.problems)
            return Done(page, tuple(encode(d.line()) for d in docs), problems)
    except _TimeUp:
        return Failure(page.name, f"reading it took longer than {timeout:g} seconds", "Allow more with --timeout")
    except Exception as error:
        return Failure(
            page.name,
            f"reading it failed with {type(error).__name__}: {error}",
            "This is a fault of musnad: please report it with the page",
        )


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Raise _TimeUp inside the block after so many seconds; regular expressions at work are interrupted too."""
    if seconds <= 0 or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise _TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


_Setup = tuple[bool, tuple[Path, ...], float]
_in_hand: tuple[Tools, float] | None = None


def _set_up(model: bool, lexicon: tuple[Path, ...], timeout: float) -> None:
    global _in_hand
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _in_hand = load(model, lexicon), timeout


def _in_worker(page: Page) -> Done | Failure:
    assert _in_hand is not None
    return _read(page, *_in_hand)


def _pool(jobs: int, setup: _Setup) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_set_up, initargs=setup)


def _in_processes(pages: Iterable[Page | Failure], jobs: int, setup: _Setup) -> Iterator[Done | Failure]:
    source = iter(pages)
    waiting: deque[tuple[Page, Future[Done | Failure]] | Failure] = deque()
    pool = _pool(jobs, setup)
    try:
        while True:
            while len(waiting) < AHEAD * jobs and (page := next(source, None)) is not None:
                waiting.append(page if isinstance(page, Failure) else (page, pool.submit(_in_worker, page)))
            if not waiting:
                return
            first = waiting.popleft()
            if isinstance(first, Failure):
                yield first
                continue
            try:
                yield first[1].result()
            except BrokenProcessPool:
                # One of the pages in flight killed its process, and nobody can say which: each is read again in a process of its own.
                pool.shutdown(wait=False)
                for item in (first, *waiting):
                    yield item if isinstance(item, Failure) else _alone(item[0], setup)
                waiting.clear()
                pool = _pool(jobs, setup)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _alone(page: Page, setup: _Setup) -> Done | Failure:
    with _pool(1, setup) as pool:
        try:
            return pool.submit(_in_worker, page).result()
        except BrokenProcessPool:
            return Failure(
                page.name, "the process that read it was killed (out of memory, or a crash in a library)", "Try it alone, with fewer --jobs"
            )

"""`musnad watch`: feeds and folders into a record, round after round."""

from __future__ import annotations

import re
import select
import signal
import socket
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from musnad.cli.reading import LexiconOption, ModelOption
from musnad.cli.record import DEFAULT, Progress, RecordOption, opened

_LENGTH = re.compile(r"(\d{1,6}(?:\.\d+)?)\s*([smhd]?)", re.IGNORECASE)
_UNITS = {"s": 1, "": 1, "m": 60, "h": 3600, "d": 86_400}
_SHORTEST = 60.0


def watch(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE…", help="Feeds' addresses and folders; without any, those watched before.", show_default=False),
    ] = None,
    record: RecordOption = DEFAULT,
    every: Annotated[str, typer.Option(metavar="TIME", help="How often to ask, as 90s, 15m, 2h or 1d.")] = "15m",
    once: Annotated[bool, typer.Option("--once", help="One round, then stop.")] = False,
    delay: Annotated[float, typer.Option(min=0, help="Seconds between two requests to a site; its robots.txt may ask for more.")] = 5.0,
    contact: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Told to the sites with musnad's name: an address where they can reach you.")
    ] = None,
    allow_local: Annotated[bool, typer.Option("--allow-local", help="Also fetch from this machine and its own network.")] = False,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes to read files with.")] = None,
    timeout: Annotated[float | None, typer.Option(min=0, help="Seconds that one page may take; 0: no limit.")] = None,
) -> None:
    """Follow feeds (RSS, Atom) and folders: what is new or changed is read into the record, round after round, until you stop it with Ctrl-C.

    Sites are asked politely: one request at a time with a pause between, robots.txt is obeyed, feeds are fetched only where they have changed, and one that fails
    is left alone for longer each time. The record keeps what was seen, so a watch that was stopped goes on where it was. Pages that couldn't be
    fetched or read are among the failures (`musnad failures`).

    Examples:

    - `musnad watch https://example.org/rss.xml --record 2018.db`
    - `musnad watch incoming/ https://example.org/atom.xml --every 1h`
    - `musnad watch --once --record 2018.db`
    """
    from musnad.batch.watching import Reading, Watcher, is_feed, named
    from musnad.ingest.web import AGENT, Fetcher
    from musnad.record.errors import MusnadError
    from musnad.settings import find_settings, lexicon_folders
    from musnad.store import watched

    seconds = _seconds(every)
    if seconds < (0.1 if allow_local else _SHORTEST):
        raise typer.BadParameter("sites aren't asked more often than once a minute", param_hint="--every")
    if contact and not contact.isprintable():
        raise typer.BadParameter("one line of plain text", param_hint="--contact")
    settings = find_settings(Path.cwd())
    given = named(sources or [])
    with _Stop() as stop, opened(record, create=bool(given)) as store, Progress() as progress:
        wanted = given or [s.source for s in watched.sources(store)]
        if not wanted:
            raise MusnadError(f"nothing to watch: {record} has no feeds or folders yet, name some")
        fetcher = Fetcher(
            pause=delay,
            local=allow_local,
            agent=f"{AGENT} {contact}" if contact else AGENT,
            sleep=stop.wait,
            stopped=stop.is_set,
        )
        watcher = Watcher(
            store,
            wanted,
            fetcher,
            every=seconds,
            reading=Reading(
                model=settings.model if model is None else model,
                lexicon=(*settings.lexicon, *lexicon_folders(lexicon or [])),
                jobs=jobs or settings.jobs,
                timeout=settings.timeout if timeout is None else timeout,
            ),
            stopped=stop.is_set,
            sleep=stop.wait,
            progress=progress,
        )
        typer.echo(
            f"watching {_count(sum(map(is_feed, wanted)), 'feed')} and {_count(len(wanted) - sum(map(is_feed, wanted)), 'folder')}",
            err=True,
        )
        for done in watcher.rounds():
            typer.echo(f"{_clock()} {done}", err=True)
            for problem in done.problems:
                typer.echo(f"      {problem}", err=True)
            if once:
                if done.problems and not (done.new or done.changed) and len(done.problems) == len(wanted):
                    raise typer.Exit(1)
                if done.failed or done.problems:
                    raise typer.Exit(3)
                return
            if not stop.is_set():
                progress(f"next round in {every}; Ctrl-C stops")
        typer.echo("stopped; the same command goes on from here", err=True)


class _Stop:
    """Set by the first Ctrl-C or SIGTERM inside the block, so that the watch ends by itself and what was fetched is written; a second Ctrl-C ends it
    at once. Waiting is on a socket: a lock could be held by the very thread that the signal interrupts."""

    def __init__(self) -> None:
        self._told, self._tell = socket.socketpair()
        self._set = False

    def __enter__(self) -> _Stop:
        if threading.current_thread() is threading.main_thread():
            self._before = {n: signal.signal(n, self._on_signal) for n in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in getattr(self, "_before", {}).items():
            signal.signal(number, handler)
        self._told.close()
        self._tell.close()

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        if self._set and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._set = True
        self._tell.send(b".")

    def is_set(self) -> bool:
        return self._set

    def wait(self, seconds: float) -> None:
        select.select([self._told], [], [], seconds)


def _seconds(length: str) -> float:
    found = _LENGTH.fullmatch(length.strip())
    if not found:
        raise typer.BadParameter(f"{length!r} is no length of time: write it as 90s, 15m, 2h or 1d", param_hint="--every")
    return float(found.group(1)) * _UNITS[found.group(2).lower()]


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"


def _clock() -> str:
    from datetime import datetime

    return datetime.now().astimezone().strftime("%H:%M")

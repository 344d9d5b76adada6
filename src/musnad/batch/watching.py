"""Feeds and folders into a record, round after round: only what is new or changed, politely, and going on where it was after any stop.

What was seen of a source is written after its pages are, and a feed's own ETag last of all: whatever is lost by a kill is asked for again.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import escape
from itertools import islice, takewhile
from pathlib import Path
from time import sleep, time
from typing import TypeVar

from musnad.batch.adding import add_found
from musnad.ingest.feeds import Entry, read_feed
from musnad.ingest.formats import read_bytes
from musnad.ingest.page import Failure, Given, Page
from musnad.ingest.sources import is_readable, pages
from musnad.ingest.web import Answer, Fetcher, Unfetched
from musnad.record.errors import BadPage, MusnadError
from musnad.resolve.refresh import refresh
from musnad.store import watched
from musnad.store.store import Store
from musnad.store.watched import Seen

T = TypeVar("T")
_FEED_LARGEST = 4_000_000
_PAGE_LARGEST = 16_000_000
_PAGES = 100
_TRIES = 5
_TOGETHER = 8
"""Entries fetched before they are read and written: a stop costs no more."""
_LONGEST = 86_400.0
_FIRST_WAIT = 300.0
_SETTLES = 2.0
"""Seconds for which a file must have been left alone: a younger one may be half written."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How pages are read; see `add_pages`. Files are read by `jobs` processes, pages of feeds, which come slowly, by one."""

    model: bool = True
    lexicon: Sequence[Path] = ()
    jobs: int = 1
    timeout: float = 60.0


@dataclass(slots=True)
class Round:
    """What one round brought: sources asked, those of them without news, entries and files that are new or changed, pages failed, reports written;
    `problems` tells of sources that gave nothing, in words."""

    asked: int = 0
    quiet: int = 0
    new: int = 0
    changed: int = 0
    failed: int = 0
    reports: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        many = f"{self.asked} source{'s' * (self.asked != 1)}, {self.quiet} without news"
        return (
            f"{many}: {self.new} new, {self.changed} changed, {self.failed} failed, {self.reports} report{'s' * (self.reports != 1)} added"
        )


def is_feed(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def named(sources: Iterable[str]) -> list[str]:
    """The sources as they are kept: addresses as they are, folders whole. Raises MusnadError where a folder isn't there."""
    out = []
    for source in sources:
        if not is_feed(source) and not Path(source).is_dir():
            raise MusnadError(f"{source} is neither a folder nor the http(s) address of a feed")
        out.append(source if is_feed(source) else str(Path(source).resolve()))
    return list(dict.fromkeys(out))


@dataclass(slots=True)
class Watcher:
    """Looks after `sources` for a record. `every` are the seconds between two rounds, `stopped` tells that the watch is over, `sleep` waits, `progress`
    is told what goes on inside a round."""

    store: Store
    sources: Sequence[str]
    fetcher: Fetcher
    every: float = 900.0
    reading: Reading = Reading()
    stopped: Callable[[], bool] = lambda: False
    sleep: Callable[[float], object] = sleep
    progress: Callable[[str], object] = lambda _: None

    def rounds(self) -> Iterator[Round]:
        """Round after round until the watch is stopped; waits between them."""
        while not self.stopped():
            begun = time()
            yield self.round()
            if not self.stopped():
                self.sleep(max(0.0, begun + self.every - time()))

    def round(self) -> Round:
        """Ask each source once, read what is new or changed, and bring the record together where anything is; where the watch is stopped before, the
        next round, or the next `add`, does that."""
        done = Round()
        state = {source: watched.of_source(self.store, source) for source in self.sources}
        due = [s for s in self.sources if self._is_due(s, state[s].get("", Seen(s)), done)]
        news: list[_News] = []
        for source in self._in_turn((s, s) for s in due if is_feed(s)):
            self.progress(f"asking {source}")
            news.append(self._ask(source, state[source], done))
        self._fetch(news, done)
        for source in due:
            if not is_feed(source) and not self.stopped():
                self._look(source, state[source], done)
        if watched.is_stale(self.store) and not self.stopped():
            self.progress("bringing together …")
            refresh(self.store)
        return done

    def _is_due(self, source: str, own: Seen, done: Round) -> bool:
        if own.due and own.due > _moment():
            done.problems.append(f"{source}: left alone until {own.due[:16]} UTC ({own.problem})")
            return False
        done.asked += 1
        return True

    def _in_turn(self, items: Iterable[tuple[str, T]]) -> Iterator[T]:
        """The items by their addresses, always one of a host that needn't be waited for if there is any."""
        hosts: defaultdict[str, deque[tuple[str, T]]] = defaultdict(deque)
        for url, item in items:
            hosts[url.split("/", 3)[2].lower() if url.count("/") > 1 else url].append((url, item))
        while hosts and not self.stopped():
            host = min(hosts, key=lambda h: self.fetcher.ready(hosts[h][0][0]))
            yield hosts[host].popleft()[1]
            if not hosts[host]:
                del hosts[host]

    # -- feeds

    def _ask(self, source: str, seen: dict[str, Seen], done: Round) -> _News:
        """The entries of a feed that are wanted: new, changed, or due to be tried again."""
        own = seen.get("", Seen(source))
        held = json.loads(own.mark) if own.mark else {}
        news = _News(source, seen, own)
        got = self.fetcher.get(source, largest=_FEED_LARGEST, etag=held.get("etag"), modified=held.get("modified"))
        if self.stopped():
            return news
        if isinstance(got, Unfetched) and got.refused:
            hint = "; `--allow-local` allows that" if "network" in got.reason else ""
            done.problems.append(f"{source}: {got.reason}{hint}")
            done.quiet += 1
            return news
        if isinstance(got, Unfetched):
            return self._troubled(news, f"{got.reason}", got.wait, done)
        hashed = sha256(got.data).hexdigest()
        if got.status == 304 or hashed == held.get("sha256"):
            done.quiet += 1
            news.own = replace(own, tries=0, due=None, problem=None)
            return news
        try:
            entries = read_feed(got.data, got.given.url or source)
        except BadPage as error:
            return self._troubled(news, str(error), 0.0, done)
        news.own = Seen(source, mark=json.dumps({"etag": got.etag, "modified": got.modified, "sha256": hashed}))
        known = watched.texts_of(self.store, [e.link for e in entries if e.link and e.id not in seen])
        for entry in entries:
            before = seen.get(entry.id)
            if before is None and entry.link in known:
                # Another feed brought this page.
                news.noted.append(Seen(source, entry.id, entry.link, entry.mark, known[entry.link or ""]))
            elif before is None or before.mark != entry.mark:
                if before and before.due and before.due > _moment():
                    news.whole = False
                else:
                    news.wanted.append(entry)
        done.quiet += not news.wanted
        return news

    def _troubled(self, news: _News, reason: str, wait: float, done: Round) -> _News:
        """Leave a source alone for a while, each time for longer."""
        tries = news.own.tries + 1
        wait = max(wait, min(_LONGEST, max(_FIRST_WAIT, self.every) * 2 ** (tries - 1)))
        done.problems.append(f"{news.source}: {reason}; asked again in {_length(wait)}")
        done.quiet += 1
        news.own = replace(news.own, tries=tries, due=_moment(wait), problem=reason)
        return news

    def _fetch(self, news: list[_News], done: Round) -> None:
        """Fetch the wanted entries of all feeds and read them into the record, a few at a time."""
        wanted: list[tuple[str, tuple[_News, Entry]]] = []
        taken: set[str] = set()
        for feed in news:
            for entry in feed.wanted:
                if entry.link is None or entry.link not in taken:
                    wanted.append((entry.link or feed.source, (feed, entry)))
                    taken.add(entry.link or "")
                else:  # two feeds at once: the next round finds it fetched
                    feed.whole = False
        turns = self._in_turn(wanted)
        left = len(wanted)
        while some := list(islice(turns, _TOGETHER)):
            marks: list[Seen] = []
            found: list[Page | Failure] = []
            for feed, entry in some:
                if self.stopped():
                    break
                self.progress(f"{left} pages to fetch, {done.reports} reports added")
                left -= 1
                found += self._page(feed, entry, marks, done)
            if found:
                self._add(found, done, 1)
            watched.note(self.store, marks)
        for feed in news:
            if not self.stopped():
                own = feed.own if feed.whole else replace(feed.own, mark="")
                watched.note(self.store, [r for r in (*feed.noted, own) if r != feed.seen.get(r.item)])

    def _page(self, feed: _News, entry: Entry, marks: list[Seen], done: Round) -> list[Page | Failure]:
        """The pages of one entry, with what the feed says where they don't; adds to `marks` what is to be kept of it."""
        before = feed.seen.get(entry.id)
        row = Seen(feed.source, entry.id, entry.link, entry.mark, before.text if before else None)
        got = self.fetcher.get(entry.link, largest=_PAGE_LARGEST) if entry.link else _carried(feed.source, entry)
        if self.stopped():
            return []
        if isinstance(got, Failure):
            tries = (before.tries if before else 0) + 1
            if isinstance(got, Unfetched) and got.again and tries < _TRIES:
                feed.whole = False
                due = _moment(max(got.wait, _FIRST_WAIT * 2 ** (tries - 1)))
                row = replace(row, mark=before.mark if before else "", tries=tries, due=due)
            marks.append(replace(row, problem=got.reason))
            return [got]
        name = entry.link or f"{feed.source}#{entry.id}"
        found = [
            replace(p, name=name) if entry.link is None else p
            for p in islice(read_bytes(entry.link or "entry.html", got.data, got.given), _PAGES)
        ]
        text = sha256("\x1f".join(p.source for p in found if isinstance(p, Page)).encode("utf-8", "surrogatepass")).hexdigest()
        marks.append(replace(row, text=text))
        if text == row.text or (entry.link and text == watched.texts_of(self.store, [entry.link]).get(entry.link)):
            return []
        done.changed += bool(row.text)
        done.new += not row.text
        return [_with_entry(p, entry) if isinstance(p, Page) else p for p in found]

    # -- folders

    def _look(self, source: str, seen: dict[str, Seen], done: Round) -> None:
        """Read the files of a folder that are new or changed."""
        own = seen.get("", Seen(source))
        if not Path(source).is_dir():
            self._note_own(seen, self._troubled(_News(source, seen, own), "the folder isn't there", 0.0, done).own)
            return
        files = self._files(source)
        if any(_young(mark) for mark in files.values()):
            self.progress("waiting for files that are being written …")
            self.sleep(_SETTLES)
            later = self._files(source)
            files = {item: mark for item, mark in later.items() if mark == files.get(item, mark) and not _young(mark)}
        fresh = {item: mark for item, mark in files.items() if item not in seen or seen[item].mark != mark}
        self._note_own(seen, Seen(source))
        if not fresh or self.stopped():
            done.quiet += 1
            return
        done.changed += sum(item in seen for item in fresh)
        done.new += sum(item not in seen for item in fresh)
        found = pages(Path(source) / item for item in fresh)
        self._add(takewhile(lambda _: not self.stopped(), found), done, self.reading.jobs)
        if not self.stopped():
            watched.note(self.store, [Seen(source, item, mark=mark) for item, mark in fresh.items()])

    def _note_own(self, seen: dict[str, Seen], own: Seen) -> None:
        if seen.get("") != own:
            watched.note(self.store, [own])

    def _files(self, source: str) -> dict[str, str]:
        """The folder's files that can be read, hidden ones left out: size and moment of the last change by path."""
        out = {}
        for path in sorted(Path(source).rglob("*")):
            inner = path.relative_to(source)
            if is_readable(path) and not any(part.startswith(".") for part in inner.parts):
                try:
                    if path.is_file():
                        known = path.stat()
                        out[str(inner)] = f"{known.st_size} {known.st_mtime_ns}"
                except OSError:
                    continue  # gone between two looks
        return out

    def _add(self, found: Iterable[Page | Failure], done: Round, jobs: int) -> None:
        if not (isinstance(found, list) and all(isinstance(x, Failure) for x in found)):
            watched.set_stale(self.store)
        reading = self.reading
        before = done.reports, done.failed
        for counts in add_found(self.store, found, model=reading.model, lexicon=reading.lexicon, jobs=jobs, timeout=reading.timeout):
            done.reports, done.failed = before[0] + counts.reports, before[1] + counts.failed
            self.progress(f"{done.reports} reports added")


@dataclass(slots=True)
class _News:
    """What a feed has: the entries that are wanted, rows to be noted, and its own row, noted when all its entries are done (`whole`)."""

    source: str
    seen: dict[str, Seen]
    own: Seen
    wanted: list[Entry] = field(default_factory=list)
    noted: list[Seen] = field(default_factory=list)
    whole: bool = True


def _carried(source: str, entry: Entry) -> Answer | Failure:
    """The text that a feed carries for an entry without an address of its own, as a page."""
    if not entry.html:
        return Failure(f"{source}#{entry.id}", "the feed's entry has neither an address nor a text", "Leave it; the feed's others are read")
    html = f"<html><body><article><h1>{escape(entry.title or '')}</h1>{entry.html}</article></body></html>"
    return Answer(html.encode("utf-8", "replace"), Given(None, _moment()[:10], "utf-8"))


def _with_entry(page: Page, entry: Entry) -> Page:
    """The page with what the feed says of it where the page itself says nothing."""
    return replace(page, published=page.published or entry.published, title=page.title or entry.title)


def _young(mark: str) -> bool:
    return 0 <= time() - int(mark.split()[1]) / 1e9 < _SETTLES


def _moment(later: float = 0.0) -> str:
    """This moment and so many seconds, in UTC."""
    return (datetime.now(UTC) + timedelta(seconds=later)).isoformat(timespec="seconds")


def _length(seconds: float) -> str:
    """A length of time in words: 45 seconds, 5 minutes, 3 hours."""
    for size, word in ((3600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size:
            return f"{round(seconds / size)} {word}s"
    return f"{round(seconds)} seconds"

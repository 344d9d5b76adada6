"""What comes in, as it comes: server-sent events of new reports, happenings and disagreements while `musnad add` or `watch` runs or people judge.

One thread looks at the record's mark at most once a second, for all who listen, and only while somebody does. Where each listener stands is written in the
id of every message (the last report, the last report whose happenings were told, the last judgement), so a connection that broke goes on from there, also
at another process of the same desk.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from musnad.store import schema
from musnad.store.filters import rows_of
from musnad.store.store import Store

_EVERY = 1.0
_EACH, _ALL = 5, 200
"""Listeners of one user, and of all."""
_TOLD = 200
"""Reports that are told one by one at a time; of more only the number."""
_WAITING = 1000


class Place(NamedTuple):
    """How far a listener has been told: the last report, the last one whose happenings were told, the last judgement."""

    report: int
    happening: int
    judgement: int

    def __str__(self) -> str:
        return f"{self.report}.{self.happening}.{self.judgement}"


def parse(text: str | None) -> Place | None:
    """The place that a Last-Event-ID names; None where it names none."""
    parts = (text or "").split(".")
    if len(parts) == 3 and all(p.isascii() and p.isdigit() and len(p) < 10 for p in parts):
        return Place(*map(int, parts))
    return None


class Message(NamedTuple):
    event: str
    data: Any
    place: Place

    def __bytes__(self) -> bytes:
        return f"event: {self.event}\nid: {self.place}\ndata: ".encode() + msgspec.json.encode(self.data) + b"\n\n"


def newest(store: Store) -> Place:
    """Where the record stands now."""
    with store.reading() as c:
        report = int(c.execute(sa.select(sa.func.max(schema.report.c.seq))).scalar() or 0)
        judged = int(c.execute(sa.select(sa.func.max(schema.judgement.c.id))).scalar() or 0)
    return Place(report, report if _merged(store, 0, report) else 0, judged)


def news(store: Store, since: Place) -> tuple[list[Message], Place]:
    """What came after a place, and the place behind it. Happenings of new reports are told when the record has been brought together."""
    r, j = schema.report.c, schema.judgement.c
    with store.reading() as c:
        last = int(c.execute(sa.select(sa.func.max(r.seq))).scalar() or 0)
        judged = int(c.execute(sa.select(sa.func.max(j.id))).scalar() or 0)
    reports = list(range(since.report, last))
    merged = since.happening < last and _merged(store, since.happening, last)
    place = Place(last, last if merged else since.happening, judged)
    out: list[Message] = []
    if reports:
        out += _reports(store, since, place)
    touched = [_of_reports(since.happening, last)] if merged else []
    if judged > since.judgement:
        touched.append(_of_judgements(since.judgement, judged))
    if touched:
        out += _happenings(store, touched, place)
    return out, place


def _reports(store: Store, since: Place, place: Place) -> Iterator[Message]:
    r = schema.report.c
    new = sa.and_(r.seq > since.report, r.seq <= place.report)
    query = sa.select(r.seq, r.id, r.key, r.title, r.outlet, r.republisher, r.published, r.url).where(new).order_by(r.seq.desc())
    found = rows_of(store, query.limit(_TOLD))
    with store.reading() as c:
        count = int(c.execute(sa.select(sa.func.count()).select_from(schema.report).where(new)).scalar_one())
    if count > len(found):
        yield Message("more", {"reports": count - len(found)}, Place(found[-1]["seq"] - 1, since.happening, since.judgement))
    for row in reversed(found):
        yield Message("report", row, Place(row.pop("seq"), since.happening, since.judgement))


def _merged(store: Store, first: int, last: int) -> bool:
    """Whether all events of the reports behind `first` belong to a happening by now."""
    e, r, t = schema.event.c, schema.report.c, schema.cluster
    query = (
        sa.select(e.id)
        .join_from(schema.report, schema.event, e.report == r.id)
        .outerjoin(t, sa.and_(t.c.layer == "events", t.c.item == e.id))
        .where(r.seq > first, r.seq <= last, t.c.item.is_(None))
        .limit(1)
    )
    with store.reading() as c:
        return c.execute(query).first() is None


def _of_reports(first: int, last: int) -> sa.Select[Any]:
    e, r, t = schema.event.c, schema.report.c, schema.cluster.c
    return (
        sa.select(t.cluster)
        .join_from(schema.report, schema.event, e.report == r.id)
        .join(schema.cluster, sa.and_(t.layer == "events", t.item == e.id))
        .where(r.seq > first, r.seq <= last)
    )


def _of_judgements(first: int, last: int) -> sa.Select[Any]:
    j, t = schema.judgement.c, schema.cluster.c
    return (
        sa.select(t.cluster)
        .join_from(schema.judgement, schema.cluster, sa.and_(t.layer == "events", sa.or_(t.item == j.item, t.item == j.other)))
        .where(j.id > first, j.id <= last, j.layer == "events")
    )


def _happenings(store: Store, touched: list[sa.Select[Any]], place: Place) -> Iterator[Message]:
    h = schema.happening.c
    query = sa.select(h.id, h.type, h.day, h.status, h.place, h.tellings, h.independent, h.contested)
    query = query.where(sa.or_(*(h.id.in_(ids) for ids in touched))).order_by(h.day.desc(), h.id)
    found = rows_of(store, query.limit(_TOLD + 1))
    if len(found) > _TOLD:
        yield Message("more", {"happenings": True}, place)
        return
    for row in found:
        yield Message("contested" if row["contested"] else "happening", row, place)


@dataclass(eq=False)
class _Listener:
    user: str
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[list[Message] | None] = field(default_factory=lambda: asyncio.Queue(_WAITING))
    place: Place | None = None

    def tell(self, messages: list[Message] | None) -> None:
        """Called from the thread that looks: None ends the stream. Who doesn't keep up is let go, and comes back with the id of the last message."""

        def put() -> None:
            try:
                self.queue.put_nowait(messages)
            except asyncio.QueueFull:
                while not self.queue.empty():
                    self.queue.get_nowait()
                self.queue.put_nowait(None)

        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(put)


class Feed:
    """The one who looks, for all who listen."""

    def __init__(self, store: Store, every: float = _EVERY) -> None:
        self.store, self.every = store, every
        self.closed = threading.Event()
        self._listeners: list[_Listener] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def join(self, user: str, loop: asyncio.AbstractEventLoop) -> _Listener | None:
        """A new listener; None where there are too many, or the desk closes."""
        with self._lock:
            mine = sum(x.user == user for x in self._listeners)
            if self.closed.is_set() or mine >= _EACH or len(self._listeners) >= _ALL:
                return None
            listener = _Listener(user, loop)
            self._listeners.append(listener)
        return listener

    def begin(self, listener: _Listener, since: Place | None) -> None:
        """Tell a listener what came after a place, and from now on what comes. It blocks for a moment."""
        now = newest(self.store)
        place = Place(*map(min, since, now)) if since else now
        with self._lock:
            listener.place = place
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="musnad-live", daemon=True)
                self._thread.start()

    def leave(self, listener: _Listener) -> None:
        with self._lock:
            self._listeners.remove(listener)

    def close(self) -> None:
        """End all streams."""
        self.closed.set()
        for listener in list(self._listeners):
            listener.tell(None)

    def _look(self) -> None:
        mark, settled = None, set[_Listener]()
        while not self.closed.is_set():
            with self._lock:
                listeners = [x for x in self._listeners if x.place is not None]
                if not self._listeners:
                    self._thread = None
                    return
            try:
                now = self.store.mark()
                told: dict[Place, tuple[list[Message], Place]] = {}
                for listener in listeners:
                    if listener in settled and now == mark:
                        continue
                    assert listener.place is not None
                    if listener.place not in told:
                        told[listener.place] = news(self.store, listener.place)
                    messages, listener.place = told[listener.place]
                    if messages:
                        listener.tell(messages)
                mark, settled = now, set(listeners)
            except sa.exc.SQLAlchemyError:
                mark = None  # the record is busy or away: the next look tries again
            self.closed.wait(self.every)


def feed_of(app: Any) -> Feed:
    """The feed of an application, made when the first one listens. Called in the server's own thread: from then on a signal that ends the server also
    ends the streams, for which it would wait else."""
    feed: Feed | None = getattr(app.state, "feed", None)
    if feed is None or feed.closed.is_set():
        app.state.feed = feed = Feed(app.state.store)
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, _after(feed.close, signal.getsignal(number)))
    return feed


def _after(close: Callable[[], None], then: Any) -> Callable[[int, FrameType | None], None]:
    def on_signal(number: int, frame: FrameType | None) -> None:
        close()
        if callable(then):
            then(number, frame)

    return on_signal

"""News as they come: told once, in order, from where one was; and many listeners cost one look."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from tests.web.serving import free_port, serving

from musnad.batch.adding import add_pages
from musnad.resolve import acts
from musnad.resolve.refresh import refresh
from musnad.store import queries, schema
from musnad.store.filters import Filter
from musnad.store.store import Store, open_store
from musnad.web import live
from musnad.web.desk import Setting
from musnad.web.live import Feed, Place, newest, news, parse

TEXT = "بيروت - قتل {n} أشخاص في هجوم على سوق مدينة طرابلس اللبنانية الأحد 3 أيار/مايو 2015، وفق ما أعلن الجيش اللبناني. واجتمع وزير الداخلية اللبناني بقائد الجيش في بيروت.\n"


@pytest.fixture
def store(record: Path) -> Iterator[Store]:
    with open_store(record) as opened:
        yield opened


def add(store: Store, folder: Path, *numbers: int, together: bool = True) -> None:
    for n in numbers:
        (folder / f"{n}.txt").write_text(f"مقتل {n} أشخاص في هجوم على سوق في طرابلس\n\n" + TEXT.format(n=n), encoding="utf-8")
    list(add_pages(store, [str(folder / f"{n}.txt") for n in numbers], model=False))
    if together:
        refresh(store)


class TestNews:
    def test_reports_at_once_and_happenings_when_they_are_brought_together(self, store: Store, tmp_path: Path) -> None:
        place = newest(store)
        add(store, tmp_path, 3, together=False)
        told, place = news(store, place)
        assert [m.event for m in told] == ["report"]
        assert told[0].data["title"] == "مقتل 3 أشخاص في هجوم على سوق في طرابلس" and "seq" not in told[0].data
        assert news(store, place) == ([], place)
        refresh(store)
        told, place = news(store, place)
        assert told and {m.event for m in told} <= {"happening", "contested"}
        assert {"ASSAULT"} <= {m.data["type"] for m in told}
        assert news(store, place) == ([], place)

    def test_disagreement_is_told(self, store: Store, tmp_path: Path) -> None:
        place = newest(store)
        add(store, tmp_path, 3)
        (id, *_) = [m.data["id"] for m in news(store, place)[0] if m.event == "happening"]
        h = schema.happening
        with store.writing() as c:
            c.execute(sa.update(h).where(h.c.id == id).values(contested=["figures"]))
        told = {m.data["id"]: m for m in news(store, place)[0]}
        assert told[id].event == "contested" and told[id].data["contested"] == ["figures"]

    def test_what_people_decide_is_told(self, store: Store) -> None:
        place = newest(store)
        event = next(e for e in queries.events(store, Filter(limit=0, status="happened")) if e["tellings"] == 1)
        (telling,) = queries.tellings(store, event["id"])
        acts.correct(store, "lina", telling["report"], "events", telling["id"], "correct", {"status": "planned"})
        told, _ = news(store, place)
        assert [(m.data["id"], m.data["status"]) for m in told] == [(event["id"], "planned")]

    def test_from_each_message_on_all_that_follows(self, store: Store, tmp_path: Path) -> None:
        """Wherever a connection breaks, the id of the last message gives the rest, and nothing twice."""
        place = newest(store)
        add(store, tmp_path, 3, 4, 5)
        told, _ = news(store, place)
        reports = [m for m in told if m.event == "report"]
        assert len(reports) == 3
        for n, message in enumerate(reports):
            rest, _ = news(store, parse(str(message.place)) or place)
            assert [m.data["id"] for m in rest if m.event == "report"] == [m.data["id"] for m in reports[n + 1 :]]
            assert [m.data["id"] for m in rest if m.event != "report"] == [m.data["id"] for m in told if m.event != "report"]

    def test_too_many_are_counted(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(live, "_TOLD", 5)
        told, _ = news(store, Place(0, 0, 0))
        kinds = [m.event for m in told]
        assert kinds == ["more", *["report"] * 5, "more"]
        assert told[0].data["reports"] == newest(store).report - 5

    @pytest.mark.parametrize("text", [None, "", "1", "1.2", "1.2.x", "1.2.-3", "9999999999.1.1", "١.٢.٣", "1.2.3.4"])
    def test_an_odd_place_is_none(self, text: str | None) -> None:
        assert parse(text) is None
        assert parse("1.2.3") == Place(1, 2, 3)


class TestFeed:
    def test_one_look_for_all(self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        looks: list[Place] = []
        monkeypatch.setattr(live, "news", lambda s, place: (looks.append(place), news(s, place))[1])

        async def run() -> None:
            feed = Feed(store, every=0.02)
            loop = asyncio.get_running_loop()
            mine = [feed.join("lina", loop) for _ in range(7)]
            others = [feed.join(f"user{n}", loop) for n in range(5)]
            listeners = [x for x in mine + others if x]
            assert len([x for x in mine if x]) == 5 and all(others)
            for x in listeners:
                await asyncio.to_thread(feed.begin, x, None)
            assert threading.active_count() < 20
            await asyncio.sleep(0.1)
            looks.clear()
            await asyncio.to_thread(add, store, tmp_path, 3, together=False)
            for x in listeners:
                (message,) = await asyncio.wait_for(x.queue.get(), 5)
                assert message.data["title"] == "مقتل 3 أشخاص في هجوم على سوق في طرابلس"
            assert len(looks) <= 4  # a few looks, not one a listener
            feed.close()
            for x in listeners:
                assert await asyncio.wait_for(x.queue.get(), 5) is None
                feed.leave(x)
            assert feed.join("lina", loop) is None

        asyncio.run(run())

    def test_nobody_listens_nobody_looks(self, store: Store) -> None:
        async def run() -> None:
            feed = Feed(store, every=0.01)
            x = feed.join("lina", asyncio.get_running_loop())
            assert x
            await asyncio.to_thread(feed.begin, x, None)
            assert feed._thread and feed._thread.is_alive()
            thread = feed._thread
            feed.leave(x)
            await asyncio.to_thread(thread.join, 5)
            assert not thread.is_alive()

        asyncio.run(run())

    def test_who_doesnt_keep_up_is_let_go(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(live, "_WAITING", 3)

        async def run() -> None:
            x = Feed(store).join("lina", asyncio.get_running_loop())
            assert x
            for _ in range(10):
                x.tell([])
            await asyncio.sleep(0.01)
            got = [x.queue.get_nowait() for _ in range(x.queue.qsize())]
            assert None in got

        asyncio.run(run())


def test_a_signal_that_ends_the_server_ends_the_streams(store: Store) -> None:
    got: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: got.append(number))
    interrupt = signal.getsignal(signal.SIGINT)
    try:
        feed = live.feed_of(SimpleNamespace(state=SimpleNamespace(store=store)))
        signal.raise_signal(signal.SIGTERM)
        assert feed.closed.is_set() and got == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, interrupt)


class TestStream:
    """Over HTTP, with a real server: what the browser sees, and that the server can end."""

    @pytest.fixture
    def served(self, record: Path) -> Iterator[tuple[str, Callable[[], None], str]]:
        setting = Setting(record=str(record), token="t", secret="0" * 64, port=free_port())
        with serving(setting) as (base, end):
            yield base, end, f"{setting.cookie}={setting.local_session}"

    def test_the_whole_way(self, served: tuple[str, Callable[[], None], str], store: Store, tmp_path: Path) -> None:
        import httpx

        base, end, cookie = served
        with httpx.Client(base_url=base, headers={"Cookie": cookie}, timeout=20) as browser:
            assert httpx.get(f"{base}/api/v1/live").status_code == 401
            with browser.stream("GET", "/api/v1/live", headers={"Accept-Encoding": "gzip"}) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                assert "content-encoding" not in answer.headers
                lines = answer.iter_lines()
                hello = message(lines)
                assert hello["event"] == "hello"
                add(store, tmp_path, 3)
                first = message(lines)
                assert first["event"] == "report" and json.loads(first["data"])["title"] == "مقتل 3 أشخاص في هجوم على سوق في طرابلس"
            with browser.stream("GET", "/api/v1/live", headers={"Last-Event-ID": hello["id"]}) as answer:
                lines = answer.iter_lines()
                assert message(lines)["event"] == "hello"
                assert message(lines)["data"] == first["data"]
                end()
                assert all("event: report" not in x for x in lines)


def message(lines: Iterator[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in lines:
        if not line and found:
            return found
        key, _, value = line.partition(": ")
        if key:
            found[key] = value
    raise AssertionError("the stream ended")

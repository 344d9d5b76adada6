"""Feeds and folders, watched: what is new comes in once, what is hostile or broken does no harm, a stop loses nothing."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.batch.newsroom import Site, newsroom

from musnad.batch.watching import Reading, Watcher, named
from musnad.ingest.feeds import read_feed
from musnad.ingest.web import Fetcher
from musnad.record.errors import BadPage, MusnadError
from musnad.store import schema, watched
from musnad.store.store import Store, open_store

TEXT = "بيروت - وصل وزير الزراعة إلى المدينة أمس الخميس واجتمع مع رئيس البلدية، وبحثا في مشاريع الري في القرى الجبلية. وقال الوزير إن العمل يبدأ في الربيع المقبل. {}"


@pytest.fixture
def site() -> Iterator[Site]:
    with newsroom() as made:
        yield made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "r.db") as made:
        yield made


def watcher(store: Store, *sources: str, **more: object) -> Watcher:
    fetcher = Fetcher(**{"pause": 0.0, "local": True, "silence": 2.0, "whole": 2.0} | more)  # type: ignore[arg-type]
    return Watcher(store, named(sources), fetcher, reading=Reading(model=False))


def three(site: Site, etag: str | None = None) -> None:
    site.feed([(1, "أول"), (2, "ثان"), (3, "ثالث")], etag)
    for n in (1, 2, 3):
        site.article(n, TEXT.format(f"الخبر رقم {n}."))


def rows(store: Store) -> list[dict[str, str]]:
    with store.reading() as c:
        return [dict(x) for x in c.execute(sa.select(schema.page.c.name, schema.page.c.published, schema.page.c.title)).mappings()]


def due_now(store: Store) -> None:
    """Everything that was put off may be tried again."""
    with store.writing() as c:
        c.execute(sa.update(schema.watched).values(due="2000-01-01T00:00:00+00:00").where(schema.watched.c.due.is_not(None)))


class TestFeeds:
    def test_entries_come_in_once(self, site: Site, store: Store) -> None:
        three(site, etag='"one"')
        done = watcher(store, f"{site.base}/rss").round()
        assert (done.new, done.changed, done.failed, done.reports) == (3, 0, 0, 3)
        assert {(r["published"], r["title"]) for r in rows(store)} >= {("2014-09-22", "أول")}
        before = len(site.asked)
        again = watcher(store, f"{site.base}/rss").round()
        assert (again.new, again.quiet) == (0, 1)
        assert [p for p, _ in site.asked[before:]] == ["/robots.txt", "/rss"]
        assert site.asked[-1][1]["if-none-match"] == '"one"'
        assert "musnad" in site.asked[-1][1]["user-agent"]

    def test_an_entry_that_changed_is_read_again(self, site: Site, store: Store) -> None:
        three(site)
        watcher(store, f"{site.base}/rss").round()
        site.feed([(1, "أول، محدث"), (2, "ثان"), (3, "ثالث")])
        site.article(1, TEXT.format("وأضاف أن الميزانية أقرت."))
        done = watcher(store, f"{site.base}/rss").round()
        assert (done.new, done.changed) == (0, 1)
        assert len(rows(store)) == 4

    def test_only_the_titles_change_is_no_news(self, site: Site, store: Store) -> None:
        three(site)
        watcher(store, f"{site.base}/rss").round()
        site.feed([(1, "أول (محدث)"), (2, "ثان"), (3, "ثالث")])
        done = watcher(store, f"{site.base}/rss").round()
        assert (done.new, done.changed, len(rows(store))) == (0, 0, 3)

    def test_the_record_is_brought_together(self, site: Site, store: Store) -> None:
        three(site)
        watcher(store, f"{site.base}/rss").round()
        with store.reading() as c:
            assert c.execute(sa.select(sa.func.count()).select_from(schema.actor)).scalar_one() > 0
        assert not watched.is_stale(store)

    def test_a_page_of_two_feeds_is_fetched_once(self, site: Site, store: Store) -> None:
        three(site)
        site.pages["/rss2"] = site.pages["/rss"]
        watcher(store, f"{site.base}/rss", f"{site.base}/rss2").round()
        watcher(store, f"{site.base}/rss", f"{site.base}/rss2").round()
        assert site.paths().count("/news/1") == 1

    def test_robots_are_obeyed(self, site: Site, store: Store) -> None:
        three(site)
        site.give("/robots.txt", "User-agent: *\nDisallow: /news/2\n")
        done = watcher(store, f"{site.base}/rss").round()
        assert (done.new, done.failed) == (2, 1)
        assert "/news/2" not in site.paths()
        assert "robots.txt" in store.failures()[0]["reason"]
        watcher(store, f"{site.base}/rss").round()
        assert store.failures()[0]["tries"] == 1

    def test_robots_out_of_order_allow_nothing_for_now(self, site: Site, store: Store) -> None:
        three(site)
        site.give("/robots.txt", "", status=503)
        done = watcher(store, f"{site.base}/rss").round()
        assert done.problems
        assert site.paths() == []

    def test_a_host_is_asked_with_a_pause(self, site: Site, store: Store) -> None:
        three(site)
        site.give("/robots.txt", "User-agent: musnad\nCrawl-delay: 7\n")
        waits: list[float] = []
        watcher(store, f"{site.base}/rss", pause=0.0, sleep=waits.append).round()
        assert len(waits) == 4
        assert all(6 < w <= 7 for w in waits)

    def test_a_busy_site_is_left_alone(self, site: Site, store: Store) -> None:
        site.give("/rss", "", status=429, headers={"Retry-After": "7200"})
        done = watcher(store, f"{site.base}/rss").round()
        assert "asked again in 2 hours" in done.problems[0]
        before = len(site.asked)
        again = watcher(store, f"{site.base}/rss").round()
        assert "left alone until" in again.problems[0]
        assert len(site.asked) == before
        due_now(store)
        three(site)
        assert watcher(store, f"{site.base}/rss").round().new == 3
        assert watched.sources(store)[0].tries == 0

    def test_waits_grow(self, site: Site, store: Store) -> None:
        site.give("/rss", "", status=500)
        told = []
        for _ in range(3):
            told.append(watcher(store, f"{site.base}/rss").round().problems[0].rpartition("in ")[2])
            due_now(store)
        assert told == ["15 minutes", "30 minutes", "60 minutes"]

    def test_a_page_that_failed_is_tried_again(self, site: Site, store: Store) -> None:
        three(site, etag='"one"')
        site.give("/news/2", "", status=503)
        assert watcher(store, f"{site.base}/rss").round().failed == 1
        site.article(2, TEXT.format("الخبر الثاني."))
        assert watcher(store, f"{site.base}/rss").round().new == 0  # not before its time
        due_now(store)
        assert watcher(store, f"{site.base}/rss").round().new == 1
        assert store.failures() == []

    def test_a_page_that_is_gone_is_not_asked_again(self, site: Site, store: Store) -> None:
        three(site)
        del site.pages["/news/2"]
        for _ in range(3):
            due_now(store)
            watcher(store, f"{site.base}/rss").round()
        assert site.paths().count("/news/2") == 1

    def test_text_without_a_page(self, site: Site, store: Store) -> None:
        body = TEXT.format("")
        site.give(
            "/rss",
            f"<rss version='2.0'><channel><item><guid isPermaLink='false'>x7</guid><title>عنوان</title><description>&lt;p&gt;{body}&lt;/p&gt;</description></item></channel></rss>",
        )
        assert watcher(store, f"{site.base}/rss").round().reports == 1
        assert rows(store)[0]["name"] == f"{site.base}/rss#x7"


class TestHostile:
    def test_an_entity_bomb(self, site: Site, store: Store) -> None:
        bomb = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "بم"}">' for i in range(12))
        site.give(
            "/rss",
            f"<?xml version='1.0'?><!DOCTYPE r [{bomb}]><rss version='2.0'><channel><item><title>&a11;</title></item></channel></rss>",
        )
        begun = time.process_time()
        watcher(store, f"{site.base}/rss").round()
        assert time.process_time() - begun < 2
        assert rows(store) == []

    def test_a_file_named_by_an_entity_or_as_the_feed(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.xml"
        secret.write_text("<rss version='2.0'><channel><item><title>سر</title><link>http://x.example/1</link></item></channel></rss>")
        with pytest.raises(BadPage):
            read_feed(str(secret).encode(), "http://x.example/")
        xml = f"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a SYSTEM 'file://{secret}'>]><rss version='2.0'><channel><item><link>http://x.example/1</link><title>&a;</title></item></channel></rss>"
        assert all("سر" not in (e.title or "") for e in read_feed(xml.encode(), "http://x.example/"))

    def test_too_large_and_packed_too_large(self, site: Site, store: Store) -> None:
        site.give("/rss", b"<rss>" + b" " * 5_000_000)
        assert "more than 4 MB" in watcher(store, f"{site.base}/rss").round().problems[0]
        due_now(store)
        site.give("/rss", gzip.compress(b" " * 200_000_000, 1), headers={"Content-Encoding": "gzip"})
        assert "more than 4 MB" in watcher(store, f"{site.base}/rss").round().problems[0]
        due_now(store)
        site.give("/rss", b"x", headers={"Content-Encoding": "gzip, gzip"})
        assert "packed" in watcher(store, f"{site.base}/rss").round().problems[0]

    def test_an_address_of_ones_own_is_refused_until_it_is_allowed(self, site: Site, store: Store) -> None:
        three(site)
        assert "--allow-local" in watcher(store, f"{site.base}/rss", local=False).round().problems[0]
        assert site.asked == []
        assert watcher(store, f"{site.base}/rss").round().new == 3

    def test_a_server_that_drips(self, site: Site, store: Store) -> None:
        site.give("/rss", b"<rss>" + b" " * 100, drip=0.1)
        begun = time.monotonic()
        done = watcher(store, f"{site.base}/rss", whole=0.5).round()
        assert time.monotonic() - begun < 3
        assert "didn't answer" in done.problems[0]

    @pytest.mark.parametrize(
        "link",
        ["file:///etc/passwd", "ftp://x.example/1", "javascript:alert(1)", "http://[::1", "http://", "http://x y/"],
        ids=str,
    )
    def test_odd_links(self, site: Site, store: Store, link: str) -> None:
        site.feed([(1, "أول")], link=link)
        done = watcher(store, f"{site.base}/rss").round()
        assert (done.new, done.failed) == (0, 1)
        assert site.paths() in (["/rss"], ["/rss", "/"])

    def test_no_feed_and_one_that_is_named(self, site: Site, store: Store) -> None:
        site.give("/", "<html><head><link rel=alternate type='application/rss+xml' href='/rss'></head><body>x</body></html>")
        assert f"the page names {site.base}/rss" in watcher(store, f"{site.base}/").round().problems[0]

    def test_redirects_are_followed_and_end(self, site: Site, store: Store) -> None:
        three(site)
        site.give("/moved", "", status=301, headers={"Location": "/rss"})
        site.give("/round", "", status=302, headers={"Location": "/round"})
        assert watcher(store, f"{site.base}/moved").round().new == 3
        assert "without end" in watcher(store, f"{site.base}/round").round().problems[0]


class TestFolders:
    def test_new_and_changed_files_only(self, tmp_path: Path, store: Store) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        for n in (1, 2):
            put(folder / f"{n}.txt", TEXT.format(n))
        put(folder / ".hidden.txt", "لا")
        put(folder / "song.mp3", "لا")
        assert watcher(store, str(folder)).round().new == 2
        assert watcher(store, str(folder)).round().quiet == 1
        put(folder / "1.txt", TEXT.format("وأضيف سطر."), age=50)
        put(folder / "deeper" / "3.txt", TEXT.format(3))
        done = watcher(store, str(folder)).round()
        assert (done.new, done.changed, done.reports) == (1, 1, 2)

    def test_a_file_that_is_being_written_waits(self, tmp_path: Path, store: Store) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        (folder / "1.txt").write_text("بيرو", encoding="utf-8")
        looks = watcher(store, str(folder))
        looks.sleep = lambda _: put(folder / "1.txt", TEXT.format(1)) and None
        assert looks.round().new == 0
        looks.sleep = lambda _: None
        assert looks.round().new == 1
        assert len(rows(store)) == 1

    def test_a_folder_that_is_gone(self, tmp_path: Path, store: Store) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        looks = watcher(store, str(folder))
        folder.rmdir()
        assert "isn't there" in looks.round().problems[0]
        with pytest.raises(MusnadError, match="neither a folder"):
            named([str(folder)])


def put(path: Path, text: str, age: float = 100) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() - age,) * 2)


class TestStopping:
    def test_stopped_in_the_middle(self, site: Site, store: Store) -> None:
        three(site, etag='"one"')
        looks = watcher(store, f"{site.base}/rss")
        looks.stopped = lambda: len(site.paths()) >= 3
        done = looks.round()
        assert done.new < 3
        assert sum(w.round().new for w in [watcher(store, f"{site.base}/rss")]) + done.new == 3
        assert len(rows(store)) == 3

    def test_killed_and_started_again(self, site: Site, tmp_path: Path) -> None:
        three(site, etag='"one"')
        site.give("/news/3", site.pages["/news/3"].body, drip=0.02, headers={"Content-Type": "text/html; charset=utf-8"})
        running = start(site, tmp_path)
        wait_for(lambda: "/news/3" in site.paths())
        running.kill()
        running.wait()
        site.article(3, TEXT.format("الثالث."))
        with open_store(tmp_path / "k.db") as store:
            watcher(store, f"{site.base}/rss").round()
            assert sorted(r["name"][-1] for r in rows(store)) == ["1", "2", "3"]
            assert not watched.is_stale(store)

    def test_a_signal_ends_it_cleanly(self, site: Site, tmp_path: Path) -> None:
        three(site)
        running = start(site, tmp_path)
        wait_for(lambda: len(site.paths()) == 4)
        running.send_signal(signal.SIGTERM)
        _, told = running.communicate(timeout=60)
        assert running.returncode == 0
        assert "the same command goes on from here" in told
        with open_store(tmp_path / "k.db") as store:
            # All that was fetched by then is there; the page on its way may come with the next run.
            assert len(rows(store)) >= 2


def start(site: Site, folder: Path) -> subprocess.Popen[str]:
    options = ["--record", str(folder / "k.db"), "--allow-local", "--delay", "0", "--no-model"]
    code = "from musnad.cli import main; main()"
    return subprocess.Popen([sys.executable, "-c", code, "watch", f"{site.base}/rss", *options], stderr=subprocess.PIPE, text=True)


def wait_for(what: object, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.02)

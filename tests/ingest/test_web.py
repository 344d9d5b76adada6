"""Addresses that may be asked, and those that may not: what a feed names is hostile."""

from __future__ import annotations

import socket

import pytest
from tests.batch.newsroom import newsroom

from musnad.ingest import web, wire
from musnad.ingest.web import Answer, Fetcher, Unfetched, fetch
from musnad.ingest.wire import is_public


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 192.168.0.1 172.16.9.9 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 ::1 :: fe80::1%eth0 fd00::1 ::ffff:127.0.0.1 "
    "64:ff9b::7f00:1 2002:7f00:1:: ff02::1 ::127.0.0.1 ::a00:1 fec0::1".split(),
)
def test_addresses_of_ones_own(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_by_any_name_is_refused(host: str) -> None:
    with newsroom() as site:
        got = Fetcher(pause=0.0).get(f"http://{host}:{site.base.rpartition(':')[2]}/")
        assert isinstance(got, Unfetched)
        assert site.asked == []


def test_a_redirect_to_this_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first host counts as public, the one that it sends to does not."""
    with newsroom() as site, newsroom() as inner:
        inner.give("/secret", "سر")
        site.give("/go", "", status=302, headers={"Location": inner.base.replace("127.0.0.1", "localhost") + "/secret"})
        monkeypatch.setattr(wire, "addresses", lambda host, port: ["127.0.0.1"] if host == "127.0.0.1" else ["127.0.0.2"])
        monkeypatch.setattr(wire, "is_public", lambda ip: ip == "127.0.0.1")
        got = Fetcher(pause=0.0).get(site.base + "/go")
        assert isinstance(got, Unfetched)
        assert "this machine" in got.reason
        assert [p for p, _ in site.asked] == ["/robots.txt", "/go"]
        assert inner.asked == []


def test_a_name_that_answers_twice_differently_does_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to the address that was checked; the name isn't looked up again."""
    answers = iter([[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80))]])
    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *a, **k: next(answers))
    monkeypatch.setattr(wire, "is_public", lambda ip: True)
    asked: list[str] = []

    def connect(self: object, host: str, *_: object) -> None:
        asked.append(host)
        raise wire.httpcore.ConnectError

    monkeypatch.setattr(wire.httpcore.SyncBackend, "connect_tcp", connect)
    assert isinstance(Fetcher(pause=0.0).get("http://twice.example/"), Unfetched)
    assert asked == ["192.0.2.1"]


def test_what_a_user_asks_for_may_be_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_fetcher", lambda local: Fetcher(pause=0.0, local=local))
    with newsroom() as site:
        site.give("/a.txt", "نص", headers={"Content-Type": "text/plain; charset=utf-8"})
        got = fetch(site.base + "/a.txt")
        assert isinstance(got, tuple)
        assert got[0].decode() == "نص"
        assert got[1].charset == "utf-8"


def test_robots_by_redirect_and_of_the_target_too() -> None:
    with newsroom() as site:
        site.give("/robots.txt", "", status=301, headers={"Location": "/r"})
        site.give("/r", "User-agent: *\nDisallow: /closed\n")
        site.give("/go", "", status=302, headers={"Location": "/closed"})
        site.give("/closed", "x")
        fetcher = Fetcher(pause=0.0, local=True)
        got = fetcher.get(site.base + "/go")
        assert isinstance(got, Unfetched)
        assert "robots.txt" in got.reason
        site.give("/open", "y")
        assert isinstance(fetcher.get(site.base + "/open"), Answer)

"""Answers kept at hand: made anew after each write, and what lags says so."""

from __future__ import annotations

from pathlib import Path

from musnad.store.store import _KEPT, LAGGING, open_store


def test_what_lags_says_so_and_so_does_what_is_made_of_it(tmp_path: Path) -> None:
    with open_store(tmp_path / "r.db") as store:
        store.fail("a", "the first write")
        made = iter(range(10))
        assert store.kept("slow", lambda: next(made)) == 0
        mark, _, value = store._kept["slow"]
        store._kept["slow"] = mark, float("inf"), value  # as if it had taken long to make
        store.fail("b", "the record changes")
        told: list[object] = []
        token = LAGGING.set(told)
        try:
            assert store.kept("quick", lambda: next(made)) == 1 and told == []
            assert store.kept("slow", lambda: next(made)) == 0 and told == ["slow"]
            assert store.kept("whole", lambda: ("made of", store.kept("slow", lambda: next(made)))) == ("made of", 0)
            assert told == ["slow", "whole"]
            store._kept["slow"] = mark, 0.0, value  # its time is over
            assert store.kept("whole", lambda: ("made of", store.kept("slow", lambda: next(made)))) == ("made of", 2)
            assert store.kept("whole", lambda: None) == ("made of", 2) and told == ["slow", "whole"]
        finally:
            LAGGING.reset(token)


def test_what_is_asked_for_again_stays_when_others_go(tmp_path: Path) -> None:
    with open_store(tmp_path / "r.db") as store:
        for n in range(_KEPT):
            store.kept(n, lambda: "first")
        assert store.kept(0, lambda: "anew") == "first"
        store.kept("one more", lambda: "")
        assert len(store._kept) == _KEPT
        assert store.kept(0, lambda: "anew") == "first" and store.kept(1, lambda: "anew") == "anew"

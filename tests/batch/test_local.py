"""Many pages: order, guards, processes that die."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest

from musnad.batch import local
from musnad.batch.local import Done, read_all
from musnad.export.jsonl import decode
from musnad.ingest.page import Failure, Page
from musnad.pipeline import STAGES, Stage

TEXT = "قال وزير الدفاع إن الوفد سيصل إلى بغداد يوم الخميس المقبل لإجراء محادثات مع رئيس الأركان."


def make(n: int, text: str = TEXT) -> Page:
    return Page(f"p{n}.txt", text, f"{n:064d}", published="2021-12-04")


def test_outcomes_come_in_order_and_failures_are_passed_on() -> None:
    given = [make(0), Failure("gone.txt", "no such file", "Check the path"), make(1)]
    first, second, third = read_all(given, model=False)
    assert isinstance(first, Done)
    assert isinstance(second, Failure)
    assert second.reason == "no such file"
    assert isinstance(third, Done)
    assert decode(third.lines[0]).report.page == "p1.txt"


def test_pages_are_taken_as_needed() -> None:
    taken = count()

    def endless() -> Iterator[Page]:
        for n in taken:
            yield make(n)

    assert len(list(islice(read_all(endless(), model=False), 3))) == 3
    assert next(taken) <= 4


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer signals on this system")
def test_a_page_that_takes_too_long_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(page: Page, tools: object) -> list[object]:
        while page.name == "p1.txt":
            time.sleep(0.01)
        return []

    monkeypatch.setattr(local, "read_page", endless)
    first, second, third = read_all([make(0), make(1), make(2)], model=False, timeout=0.1)
    assert isinstance(first, Done)
    assert isinstance(second, Failure)
    assert "longer than 0.1 seconds" in second.reason
    assert isinstance(third, Done)


def test_a_stage_that_fails_costs_its_records_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[object]:
        raise ZeroDivisionError("of ours")

    stages = tuple(Stage(s.name, broken, s.reads, s.writes) if s.name == "times" else s for s in STAGES)  # type: ignore[arg-type]
    monkeypatch.setattr("musnad.pipeline.STAGES", stages)
    (done,) = read_all([make(0)], model=False)
    assert isinstance(done, Done)
    line = decode(done.lines[0])
    assert not line.times
    assert line.mentions
    assert "stage times failed" in line.report.problems[0]
    assert done.problems == line.report.problems


def test_processes_keep_the_order() -> None:
    outcomes = list(
        read_all([make(0), Failure("gone.txt", "no such file", "Check the path"), *map(make, range(1, 12))], model=False, jobs=2)
    )
    assert [decode(o.lines[0]).report.page if isinstance(o, Done) else o.name for o in outcomes] == [
        "p0.txt",
        "gone.txt",
        *(f"p{n}.txt" for n in range(1, 12)),
    ]


class Deadly(str):
    """A text that ends the process that unpickles it, as a crash in a library would."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (9,)


def test_a_page_that_kills_its_process_is_the_only_one_lost() -> None:
    outcomes = list(read_all([make(0), make(1, Deadly(TEXT)), make(2)], model=False, jobs=2))
    assert [type(o).__name__ for o in outcomes] == ["Done", "Failure", "Done"]
    assert "was killed" in outcomes[1].reason  # type: ignore[union-attr]


def test_a_users_lists_reach_the_processes(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "broken.tsv").write_text("no\tsuch\tcolumn\n", encoding="utf-8")
    from musnad.record.errors import BadRule

    with pytest.raises(BadRule, match=r"broken\.tsv:1"):
        list(read_all([make(0)], model=False, jobs=2, lexicon=(tmp_path,)))

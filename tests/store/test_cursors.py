"""Pages that follow each other although rows come in between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from musnad.batch.adding import add_pages
from musnad.record.errors import StoreError
from musnad.resolve.refresh import refresh
from musnad.store import queries
from musnad.store.cursors import FIRST
from musnad.store.queries import Filter, Rows
from musnad.store.store import Store

TEXT = (
    "زيارة رقم {n}\n\nبغداد - وصل وزير الزراعة العراقي سليم الربيعي إلى البصرة في {day} أيار/مايو 2016، وقال إن الحكومة تتعهد ببناء {n} مدرسة قبل نهاية العام {year}. "
    "وقتل {n} أشخاص في حادث سير على طريق الكوت.\n"
)
Ask = Callable[[Store, Filter], Rows]


def put(store: Store, folder: Path, numbers: range, dated: bool = True) -> None:
    rows = ["page,published,outlet,url"]
    for n in numbers:
        (folder / f"{n}.txt").write_text(TEXT.format(n=n, day=n % 20 + 1, year=2016 + n % 3), encoding="utf-8")
        rows.append(f"{n}.txt,{f'2016-05-{n % 20 + 2:02}' if dated and n % 3 else ''},منبر {n % 2},")
    (folder / "m.csv").write_text("\n".join(rows), encoding="utf-8")
    list(add_pages(store, [str(folder / f"{n}.txt") for n in numbers], metadata=folder / "m.csv", model=False))
    refresh(store)


@pytest.fixture
def record(store: Store, tmp_path: Path) -> Store:
    put(store, tmp_path, range(2, 8))
    return store


ASKED = [queries.reports, queries.events, queries.statements, queries.actors, queries.commitments, queries.claims, queries.lineage]


def keys(rows: Rows) -> list[object]:
    return [row.get("id") or (row["a"], row["b"]) for row in rows]


@pytest.mark.parametrize("ask", ASKED, ids=lambda a: a.__name__)
def test_the_pages_are_the_whole(record: Store, ask: Ask) -> None:
    whole = keys(ask(record, Filter(limit=0)))
    paged, after = [], FIRST
    while after:
        rows = ask(record, Filter(limit=1, after=after))
        assert not any(k.startswith("_") for row in rows for k in row)
        paged += keys(rows)
        after = rows.after or ""
    assert paged == whole
    if ask is not queries.lineage:
        assert len(whole) > 1


def test_what_comes_in_between_moves_nothing(record: Store, tmp_path: Path) -> None:
    for query in (None, "الزراعة"):
        before = keys(queries.reports(record, Filter(limit=0, query=query)))
        first = queries.reports(record, Filter(limit=3, query=query, after=FIRST))
        put(record, tmp_path, range(30, 33) if query else range(20, 24))
        rest, after = keys(first), first.after
        while after:
            rows = queries.reports(record, Filter(limit=2, query=query, after=after))
            rest += keys(rows)
            after = rows.after
        assert len(rest) == len(set(rest))
        assert set(before) <= set(rest)


def test_a_cursor_of_another_list_is_refused(record: Store) -> None:
    other = queries.actors(record, Filter(limit=1, after=FIRST)).after or ""
    for after in (other, "~x", "~", "~" + "A" * 5000, "~WyJcdTAwMDAiLDFd", "~bnVsbA", "~W251bGxd", "~W1tdLHt9XQ", "~é"):
        if after != FIRST:
            with pytest.raises(StoreError, match="cursor"):
                queries.reports(record, Filter(limit=1, after=after))
    with pytest.raises(StoreError, match="cursor"):
        queries.reports(record, Filter(limit=1, query="وزير", after="~WzEsLTFd"))

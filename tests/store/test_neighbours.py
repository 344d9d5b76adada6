"""Which reports stand beside one in a list: the list itself is the measure."""

from __future__ import annotations

from hashlib import sha256

import pytest

from musnad.ingest.page import Page
from musnad.record.kinds import Line, Named, Published, Report, Segment
from musnad.record.span import Span
from musnad.store import queries
from musnad.store.neighbours import neighbours
from musnad.store.queries import Filter
from musnad.store.store import Store

DAYS = ("2016-01-22", None, "2014-09-18", "2016-01-22", "2015-03-01", None, "2016-01-22", "2014-09-18T10:00")


def told(n: int, day: str | None) -> tuple[Page, list[Line]]:
    text = f"عاد الوفد رقم {n} إلى بغداد" + (" ومعه الوزير" if n % 2 else "")
    span = {"start": 0, "end": len(text), "text": text}
    sha = sha256(text.encode()).hexdigest()
    report = Report(
        id=f"r{n}",
        page=f"p{n}",
        part=0,
        sha256=sha,
        title=Span(**span),
        outlet=Named(name="الصباح" if n % 3 else "المدى"),
        published=Published(date=day, basis="metadata") if day else None,
        segments=(Segment(kind="title", **span),),
    )
    return Page(f"p{n}", text, sha), [Line(report=report)]


ASKED = {
    "everything": Filter(limit=0),
    "an outlet": Filter(outlet="الصباح", limit=0),
    "some days": Filter(since="2014-01-01", until="2015-12-31", limit=0),
    "a search": Filter(query="الوزير", limit=0),
}


@pytest.mark.parametrize("wanted", ASKED.values(), ids=ASKED.keys())
def test_neighbours_are_those_of_the_list(store: Store, wanted: Filter) -> None:
    store.add(told(n, day) for n, day in enumerate(DAYS))
    listed = [None, *(row["id"] for row in queries.reports(store, wanted)), None]
    assert len(listed) > 4
    for before, here, after in zip(listed, listed[1:], listed[2:], strict=False):
        assert here
        assert tuple(row and row["id"] for row in neighbours(store, here, wanted)) == (before, after)


def test_outside_of_the_list_there_is_no_neighbour(store: Store) -> None:
    store.add([told(0, None), told(1, "2016-01-22")])
    assert neighbours(store, "r99", Filter()) == (None, None)
    assert neighbours(store, "r0", Filter(query="الوزير")) == (None, None)


def test_facets_leave_the_other_choices_of_their_own_column(store: Store) -> None:
    store.add(told(n, day) for n, day in enumerate(DAYS))
    wanted = Filter(outlet="المدى", since="2014-01-01", until="2015-12-31")
    assert queries.facets(store, wanted, "outlet") == [("الصباح", 3)]
    assert queries.facets(store, wanted, "year") == [("2016", 3)]

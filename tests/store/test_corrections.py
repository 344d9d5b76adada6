"""People's decisions in the index: rejected, corrected, added, taken back, and kept when a page is read again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import musnad
from musnad.ingest.page import Page
from musnad.record.errors import StoreError
from musnad.store import corrections, queries, schema
from musnad.store.judgements import undo
from musnad.store.queries import Filter
from musnad.store.store import Store

TEXT = "قال وزير النفط العراقي إحسان إسماعيل أمس الأحد إن الإنتاج بلغ 4 ملايين برميل. وأضاف أن الوزارة ستلتزم بالاتفاق."


def add(store: Store, reader: str | None = None) -> str:
    docs = musnad.read_text(TEXT, published="2021-03-01", name="a", model=False)
    store.add([(Page("a", docs[0].source, docs[0].report.sha256), [d.line() for d in docs])], reader)
    return docs[0].report.id


def event(report: str) -> dict[str, object]:
    start = TEXT.index("بالاتفاق")
    return {"type": "AGREE", "trigger": {"start": start, "end": start + len("بالاتفاق"), "text": "بالاتفاق"}}


def test_reject_and_undo(store: Store) -> None:
    report = add(store)
    first = queries.statements(store, Filter())
    made = corrections.correct(store, "ann", report, "statements", first[0]["id"], "reject")
    assert len(queries.statements(store, Filter())) == len(first) - 1
    undo(store, made, "ann")
    corrections.reindex(store, report)
    assert len(queries.statements(store, Filter())) == len(first)


def test_corrections_are_checked_and_outlive_a_new_reading(store: Store) -> None:
    report = add(store)
    item = queries.statements(store, Filter())[-1]["id"]
    corrections.correct(store, "ann", report, "statements", item, "correct", {"act": "confirm"})
    assert [s["act"] for s in queries.statements(store, Filter()) if s["id"] == item] == ["confirm"]
    add(store, "newer")
    corrections.reindex(store, report)
    assert [s["act"] for s in queries.statements(store, Filter()) if s["id"] == item] == ["confirm"]
    with pytest.raises(StoreError, match="no statement"):
        corrections.correct(store, "ann", report, "statements", item, "correct", {"act": "sing"})
    with pytest.raises(StoreError, match="have no"):
        corrections.correct(store, "ann", report, "statements", item, "correct", {"colour": "red"})
    with pytest.raises(StoreError, match="where the source has"):
        corrections.correct(store, "ann", report, "statements", item, "correct", {"cue": {"start": 0, "end": 3, "text": "غير"}})


def test_a_missed_event_is_added(store: Store) -> None:
    report = add(store)
    _, item = corrections.add(store, "ann", report, "events", event(report))
    with store.reading() as c:
        row = c.execute(sa.select(schema.event.c.found_by, schema.event.c.confidence).where(schema.event.c.id == item)).one()
    assert tuple(row) == ("people", 1.0)
    with pytest.raises(StoreError):
        corrections.add(store, "ann", report, "events", {**event(report), "trigger": {"start": 1, "end": 2, "text": "؟"}})


@pytest.mark.parametrize(
    "change",
    [
        {"trigger": "بالاتفاق"},
        {"trigger": None},
        {"trigger": {"start": 0}},
        {"trigger": {"start": -9, "end": -1, "text": "بالاتفاق"}},
        {"trigger": {"start": 10**9, "end": 10**10, "text": ""}},
        {"id": "v1"},
        {"found_by": "ann"},
        {"confidence": 0.5},
        {"colour": "red"},
        {"from": "2021-02-31"},
        {"from": "2021-2-3"},
        {"from": "2021-03-02", "to": "2021-03-01"},
        {"mode": "\0"},
        {"mode": "\ud800"},
        {"mode": "x" * 1001},
        {"type": "WAR"},
    ],
    ids=str,
)
def test_what_nobody_may_say_is_refused_in_words(store: Store, change: dict[str, object]) -> None:
    report = add(store)
    _, item = corrections.add(store, "ann", report, "events", event(report))
    with store.reading() as c:
        before = c.execute(sa.select(sa.func.count()).select_from(schema.judgement)).scalar()
    with pytest.raises(StoreError):
        corrections.add(store, "ann", report, "events", {**event(report), **change})
    with pytest.raises(StoreError):
        corrections.correct(store, "ann", report, "events", item, "correct", change)
    with store.reading() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(schema.judgement)).scalar() == before


def test_numbers_and_reasons_are_bounded(store: Store) -> None:
    report = add(store)
    with store.reading() as c:
        figure = c.execute(sa.select(schema.figure.c.id)).scalars().first()
    for change in ({"low": float("inf")}, {"high": float("nan")}, {"low": 9e9}, {"low": 10**400}):
        with pytest.raises(StoreError):
            corrections.correct(store, "ann", report, "figures", figure, "correct", change)
    for why in ("\0", "\ud800", "x" * 4001):
        with pytest.raises(StoreError):
            corrections.correct(store, "ann", report, "figures", figure, "reject", why=why)
    with pytest.raises(StoreError, match="a layer is one of"):
        corrections.add(store, "ann", report, "wars", {})
    corrections.correct(store, "ann", report, "figures", figure, "correct", {"high": 9e9})

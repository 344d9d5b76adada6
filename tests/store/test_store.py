"""Adding, replacing, forgetting and searching, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

import musnad
from musnad.ingest.page import Page
from musnad.record.errors import StoreError
from musnad.record.kinds import Line
from musnad.store import schema
from musnad.store.search import highlights, matching
from musnad.store.store import Store, open_store

TEXT = "زار وزير الدفاع الفرنسي جان إيف لودريان بغداد أمس الخميس. وقال الوزير للصحفيين إن القوات الفرنسية ستواصل تدريب 500 جندي عراقي."
OTHER = "افتتح محافظ البصرة جسرا جديدا على شط العرب بطول 1,200 متر، وأعلن أن كلفته بلغت 12.5 مليون دولار."


def page(text: str, name: str) -> tuple[Page, list[Line]]:
    docs = musnad.read_text(text, published="2016-01-22", outlet="إيلاف", name=name, model=False)
    known = {"outlet": "إيلاف", "published": "2016-01-22", "url": f"https://example.org/{name}"}
    return Page(name, docs[0].source, docs[0].report.sha256, **known), [d.line() for d in docs]


def found(store: Store, query: str) -> list[str]:
    hits = matching(store.dialect, query)
    with store.reading() as c:
        rows = c.execute(sa.select(schema.report.c.key).join(hits, hits.c.seq == schema.report.c.seq).order_by(hits.c.rank))
        return [r.key for r in rows]


def test_the_same_page_twice_changes_nothing(store: Store) -> None:
    store.add([page(TEXT, "a"), page(OTHER, "b")])
    first = store.counts()
    assert first["page"] == first["report"] == 2
    assert first["entity"] > 2 and first["figure"] > 1
    store.add([page(TEXT, "a")])
    assert store.counts() == first


def test_half_a_page_is_never_seen(store: Store) -> None:
    good, docs = page(TEXT, "a")
    with pytest.raises(RuntimeError):
        store.add(_breaks_after((good, docs)))
    assert store.counts()["page"] == store.counts()["report"] == 0


def _breaks_after(first: tuple[Page, list[Line]]) -> object:
    yield first
    raise RuntimeError("killed")


def test_forgetting_a_page_takes_all_that_hangs_on_it(store: Store) -> None:
    store.add([page(TEXT, "a"), page(OTHER, "b")])
    with store.reading() as c:
        item = c.execute(sa.select(schema.entity.c.id).join(schema.report).where(schema.report.c.key == "a")).scalars().first()
    with store.writing() as c:
        c.execute(sa.insert(schema.judgement), [{"at": "2026-01-01", "by": "x", "layer": "mentions", "item": item, "verdict": "accept"}])
    assert store.forget("a") == 1
    assert store.forget("a") == 0
    counts = store.counts()
    assert counts["page"] == counts["report"] == 1 and counts["judgement"] == 0
    assert found(store, "لودريان") == []


def test_judgements_outlive_a_new_reading(store: Store) -> None:
    store.add([page(TEXT, "a")])
    with store.writing() as c:
        c.execute(sa.insert(schema.judgement), [{"at": "2026-01-01", "by": "x", "layer": "mentions", "item": "m1", "verdict": "accept"}])
    store.add([page(TEXT, "a")], reader="newer")
    assert store.counts()["judgement"] == 1
    assert set(store.readers().values()) == {"newer"}


@pytest.mark.parametrize(
    "query, keys",
    [
        ("الوزير", ["a"]),
        ("وزيرها فرنسية", ["a"]),
        ('"وزير الدفاع"', ["a"]),
        ('"الدفاع وزير"', []),
        ("جسر", ["b"]),
        ("«شط العرب»", ["b"]),
        ("1,200", ["b"]),
        ("12.5", ["b"]),
        ("لودريان -بغداد", []),
        ("لودريان OR جسر", ["a", "b"]),
        ("o'neil", []),
        ("\\", None),
        ('"', None),
        ("-بغداد", None),
    ],
)
def test_search_knows_arabic(store: Store, query: str, keys: list[str] | None) -> None:
    store.add([page(TEXT, "a"), page(OTHER, "b")])
    if keys is None:
        with pytest.raises(StoreError, match="at least one word"):
            found(store, query)
    else:
        assert sorted(found(store, query)) == keys


def test_highlights_are_code_points_of_the_text() -> None:
    assert [TEXT[a:b] for a, b in highlights(TEXT, 'وزير "القوات الفرنسية"')] == ["وزير", "الوزير", "القوات الفرنسية"]


def test_failures_are_kept_and_cleared(store: Store) -> None:
    store.fail("a", "the page is empty")
    store.fail("a", "the page is empty")
    assert [(f["name"], f["tries"]) for f in store.failures()] == [("a", 2)]
    store.add([page(TEXT, "a")])
    assert store.failures() == []


def test_foreign_files_are_not_trusted(tmp_path: Path) -> None:
    text = tmp_path / "a.db"
    text.write_text("not a database at all", encoding="utf-8")
    with pytest.raises(StoreError, match="isn't a SQLite file"):
        open_store(text)
    foreign = tmp_path / "b.db"
    with sqlite3.connect(foreign) as c:
        c.execute("CREATE TABLE t (x)")
    with pytest.raises(StoreError, match="not a record of musnad"):
        open_store(foreign)
    ours = tmp_path / "c.db"
    open_store(ours).close()
    with sqlite3.connect(ours) as c:
        c.execute("CREATE TRIGGER evil AFTER INSERT ON page BEGIN DELETE FROM report; END")
    with pytest.raises(StoreError, match="trigger"):
        open_store(ours)
    with pytest.raises(StoreError, match="doesn't exist"):
        open_store(tmp_path / "none.db", create=False)


def test_backup_is_a_record(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store:
        store.add([page(TEXT, "a")])
        store.backup(tmp_path / "copy.db")
        with pytest.raises(StoreError, match="exists"):
            store.backup(tmp_path / "copy.db")
    with open_store(tmp_path / "copy.db") as copy:
        assert copy.counts()["report"] == 1
        assert found(copy, "لودريان") == ["a"]

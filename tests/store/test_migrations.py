"""Records of earlier versions are brought up to date when they are opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from musnad.store import queries, schema
from musnad.store.queries import Filter
from musnad.store.store import open_store


def test_a_record_of_the_first_version_gets_all_tables_columns_and_indexes(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old = sqlite3.connect(path)
    old.executescript((Path(__file__).parent / "record_0001.sql").read_text(encoding="utf-8"))
    old.execute(
        "INSERT INTO happening VALUES ('v1', 'ASSAULT', NULL, NULL, NULL, '2014-09-22', 'happened', NULL, NULL, 1, 1, '[]', '[]', '[]', 0.9)"
    )
    old.commit()
    old.close()
    with open_store(path) as store:
        with store.reading() as c:
            found = sa.inspect(c)
            for table in schema.metadata.sorted_tables:
                assert {x.name for x in table.columns} <= {x["name"] for x in found.get_columns(table.name)}, table.name
            there = set(c.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'index'")).scalars())
            assert {i.name for table in schema.metadata.sorted_tables for i in table.indexes} <= there
        assert [e["id"] for e in queries.events(store, Filter())] == ["v1"]
        assert store.mark()
    with open_store(path) as store:  # nothing is left to do the second time
        assert store.mark()


def test_lists_walk_along_their_indexes(tmp_path: Path) -> None:
    """SQLite sorts nothing for the lists that people open first."""
    h, r, a = schema.happening.c, schema.report.c, schema.actor.c
    questions = [
        sa.select(schema.happening).order_by(h.day.desc().nulls_last(), h.id),
        sa.select(schema.happening).where(h.type == "AID").order_by(h.day.desc().nulls_last(), h.id),
        sa.select(schema.happening).where(schema.CONTESTED).order_by(h.day.desc().nulls_last(), h.id),
        sa.select(r.id, r.title).order_by(r.published.desc().nulls_last(), r.seq.desc()),
        sa.select(r.id, r.title).where(r.outlet == "x").order_by(r.published.desc().nulls_last(), r.seq.desc()),
        sa.select(schema.actor).order_by(a.reports.desc(), a.id),
    ]
    with open_store(tmp_path / "new.db") as store, store.reading() as c:
        for question in questions:
            plan = c.exec_driver_sql("EXPLAIN QUERY PLAN " + str(question.compile(c, compile_kwargs={"literal_binds": True}))).all()
            assert "USING INDEX ix_" in str(plan) and "TEMP B-TREE" not in str(plan), plan

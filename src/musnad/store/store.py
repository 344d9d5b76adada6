"""One record on SQLite (the embedded default) or PostgreSQL: opening, adding, forgetting, checking.

A page is written in one transaction or not at all, so a process killed at any moment leaves a sound record, and a restart goes on where it stopped:
pages that are there (same bytes, same reader) are passed over.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql, sqlite

import musnad
from musnad.ingest.page import Page
from musnad.record.errors import MissingExtra, StoreError
from musnad.record.kinds import Line
from musnad.store import schema
from musnad.store.clock import now as now
from musnad.store.corrections import as_people_left_it
from musnad.store.rows import item_rows, kept_text, report_row
from musnad.store.search import index_text

APPLICATION_ID = 0x6D736E64
"""Marks a SQLite file as ours ("msnd")."""
_BUSY_MS = 30_000
_MARK = "mark"
_KEPT = 100
"""Answers kept at hand (see `Store.kept`)."""
T = TypeVar("T")


LAGGING: ContextVar[list[Hashable] | None] = ContextVar("lagging", default=None)
"""Set to a list by whoever must know: the keys of the answers that were given although the record has changed since."""


class Store:
    """A record that is open. Made by `open_store`; use as a context manager or call `close`."""

    def __init__(self, engine: sa.Engine, where: str, reveal: bool = False) -> None:
        self.engine = engine
        self.where = where
        self.reveal = reveal
        self._kept: dict[Hashable, tuple[str, float, Any]] = {}

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, marked: bool = True) -> Iterator[sa.Connection]:
        """A transaction: all of it is written, or nothing. What isn't part of the record (sessions of people at the desk) leaves its mark as it is."""
        with self.engine.execution_options(writing=True).begin() as connection:
            yield connection
            if marked:  # last of all: on PostgreSQL writers wait for each other from here on
                made = postgresql.insert(schema.meta) if self.dialect == "postgresql" else sqlite.insert(schema.meta)
                row = {"key": _MARK, "value": secrets.token_hex(8)}
                connection.execute(made.values(row).on_conflict_do_update(index_elements=["key"], set_={"value": made.excluded.value}))

    def mark(self) -> str:
        """A word that is another one after every write by anyone, and never comes back: answers made under one mark are equal."""
        return self.value(_MARK) or ""

    def value(self, key: str) -> str | None:
        """A value of table meta."""
        with self.reading() as c:
            return c.execute(sa.select(schema.meta.c.value).where(schema.meta.c.key == key)).scalar()

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made anew only after the record has changed; leave it as it is. What took long to make (from 0.1 s) may lag behind the
        record, by at most twenty times as long; `LAGGING` is told of it."""
        mark, told = self.mark(), LAGGING.get()
        held = self._kept.get(key)
        if held is None or (held[0] != mark and monotonic() > held[1]):
            began = monotonic()
            inner: list[Hashable] = []
            token = LAGGING.set(inner)
            try:
                value = make()
            finally:
                LAGGING.reset(token)
            took = monotonic() - began
            while len(self._kept) >= _KEPT and key not in self._kept:
                self._kept.pop(next(iter(list(self._kept))), None)
            # What was made of something that lags does so itself.
            held = "" if inner else mark, monotonic() + 20 * took if took >= 0.1 else 0.0, value
        # What is asked for again goes last of all: others come and go meanwhile.
        self._kept.pop(key, None)
        self._kept[key] = held
        if held[0] != mark and told is not None:
            told.append(key)
        return cast(T, held[2])

    def survey(self) -> None:
        """Lets the store learn how its rows are spread, so that it finds them by the shortest way. Called after much has changed."""
        with self.writing(marked=False) as c:
            if self.dialect == "sqlite":
                c.exec_driver_sql("PRAGMA analysis_limit = 1000")
            c.exec_driver_sql("ANALYZE")

    def readers(self) -> dict[str, str]:
        """Page hash → the reader (version and model) that wrote it, for all pages."""
        with self.reading() as c:
            return {row.sha256: row.reader for row in c.execute(sa.select(schema.page.c.sha256, schema.page.c.reader))}

    def add(self, pages: Iterable[tuple[Page, Sequence[Line]]], reader: str | None = None) -> int:
        """Write pages with their reports in one transaction; a page that is there is replaced, judgements stay and hold. Returns the number of reports."""
        reader = reader or musnad.__version__
        count = 0
        with self.writing() as c:
            for page, lines in pages:
                _remove(c, self.dialect, schema.page.c.sha256 == page.sha256)
                c.execute(sa.insert(schema.page), [_page_row(page, reader)])
                c.execute(sa.delete(schema.failure).where(schema.failure.c.name == page.name))
                for line in lines:
                    seq = c.execute(sa.insert(schema.report).returning(schema.report.c.seq), [report_row(line, page.sha256)]).scalar_one()
                    _index(c, self.dialect, seq, index_text(kept_text(line)))
                    rows = item_rows(as_people_left_it(c, line))
                    for table in schema.EVIDENCE:
                        if rows[table.name]:
                            c.execute(sa.insert(table), rows[table.name])
                    count += 1
        return count

    def fail(self, name: str, reason: str) -> None:
        """Keep a page that couldn't be read, with its reason, so that it can be retried."""
        f = schema.failure
        with self.writing() as c:
            tries = c.execute(sa.select(f.c.tries).where(f.c.name == name)).scalar() or 0
            c.execute(sa.delete(f).where(f.c.name == name))
            c.execute(sa.insert(f), [{"name": name, "reason": reason, "tries": tries + 1, "at": now()}])

    def failures(self) -> list[dict[str, Any]]:
        with self.reading() as c:
            return [dict(r._mapping) for r in c.execute(sa.select(schema.failure).order_by(schema.failure.c.name))]

    def forget(self, name: str) -> int:
        """Remove the pages of this name, hash or URL and all that hangs on them, judgements on their items too; returns how many pages went."""
        p = schema.page.c
        with self.writing() as c:
            return _remove(c, self.dialect, sa.or_(p.name == name, p.sha256 == name, p.url == name), judgements=True)

    def counts(self) -> dict[str, int]:
        """Rows by table."""
        tables = (schema.page, schema.report, *schema.EVIDENCE, schema.pair, schema.judgement, schema.failure)
        with self.reading() as c:
            return {t.name: c.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in tables}

    def backup(self, path: Path) -> None:
        """A copy of a SQLite record, made while it is in use; raises StoreError on PostgreSQL (use pg_dump) or where the file exists."""
        if self.dialect != "sqlite":
            raise StoreError("on PostgreSQL use pg_dump and pg_restore")
        if path.exists():
            raise StoreError(f"{path} exists: choose another name")
        with self.reading() as c:
            source = c.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            target = sqlite3.connect(path)
            with target:
                source.backup(target)
            target.close()


def open_store(where: str | Path, *, create: bool = True, reveal: bool = False, cache: int = 64) -> Store:
    """Open a record: a file path (SQLite) or a `postgresql://` URL; made or migrated to the newest version where needed. With `reveal` (for editors)
    redacted names are shown. `cache` is the MB that each connection to a file may keep. Raises StoreError."""
    text = str(where)
    if text.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        try:
            import psycopg  # noqa: F401
        except ImportError as error:
            raise MissingExtra("PostgreSQL", "postgres") from error
        url = "postgresql+psycopg://" + text.split("://", 1)[1]
        # Compiling a question takes PostgreSQL longer than answering one of ours; many are asked at once, so none needs two processors.
        options = {"options": "-c jit=off -c random_page_cost=1.1 -c max_parallel_workers_per_gather=0"}
        engine = sa.create_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=8, max_overflow=32, json_serializer=_json, connect_args=options
        )
    else:
        path = Path(text.removeprefix("sqlite:///"))
        if path.exists():
            _trust(path)
        elif not create:
            raise StoreError(f"{path} doesn't exist: make a record with `musnad add PAGES --record {path}`")
        # Whoever waits for a second connection must get one, else many who hold one each would wait for ever.
        pool = {"pool_size": 8, "max_overflow": -1, "connect_args": {"timeout": _BUSY_MS / 1000}}
        engine = sa.create_engine(f"sqlite:///{path}", hide_parameters=True, json_serializer=_json, **pool)
        sa.event.listen(engine, "connect", partial(_prepare_sqlite, cache))
        sa.event.listen(engine, "begin", _begin)
    store = Store(engine, text, reveal)
    try:
        _migrate(store)
    except sa.exc.OperationalError as error:
        raise StoreError(f"can't open {text}: {error.orig}") from error
    except sa.exc.DatabaseError as error:
        raise StoreError(f"{text} isn't a record that musnad can use: {error.orig}") from error
    return store


def _json(value: Any) -> str:
    """JSON columns hold letters as letters: they are searched in, and escapes would take six bytes for each."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _trust(path: Path) -> None:
    """Refuse a file that isn't a sound record of ours; nothing in it is run before this."""
    if path.stat().st_size == 0:
        return
    if path.read_bytes()[:16] != b"SQLite format 3\x00":
        raise StoreError(f"{path} isn't a SQLite file")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreError(f"{path} is a SQLite file, but not a record of musnad")
        odd = connection.execute("SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchall()
        if odd:
            raise StoreError(f"{path} holds a {odd[0][0]} ({odd[0][1]}) that musnad didn't make: it isn't trusted")
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is damaged: {error}") from error
    finally:
        connection.close()


def _prepare_sqlite(cache: int, connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        f"cache_size = -{cache * 1024}",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    """SQLite's driver would begin too late: writers ask for the lock at once, so that two never meet half-way."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing", False) else "BEGIN")


def _migrate(store: Store) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    head = ScriptDirectory.from_config(config).get_current_head()
    with store.reading() as c:
        current = MigrationContext.configure(c).get_current_revision()
    if current == head:
        return
    with store.writing() as c:
        if store.dialect == "sqlite":
            c.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        config.attributes["connection"] = c
        command.upgrade(config, "head")


def _page_row(page: Page, reader: str) -> dict[str, Any]:
    return {
        "sha256": page.sha256,
        "name": page.name,
        "url": page.url,
        "captured": page.captured,
        "published": page.published,
        "outlet": page.outlet,
        "title": page.title,
        "source": page.source,
        "problems": list(page.problems),
        "reader": reader,
        "added": now(),
    }


def _index(c: sa.Connection, dialect: str, seq: int, stems: str) -> None:
    if dialect == "sqlite":
        c.execute(sa.text("INSERT INTO words (rowid, stems) VALUES (:seq, :stems)"), {"seq": seq, "stems": stems})
    else:
        c.execute(
            sa.text("INSERT INTO words (seq, stems) VALUES (:seq, CAST(:stems AS tsvector))"), {"seq": seq, "stems": as_tsvector(stems)}
        )


_TSVECTOR_POSITIONS = 16_383


def as_tsvector(stems: str) -> str:
    """Stems with their positions as PostgreSQL writes a tsvector, so that its own parser never cuts them another way than SQLite."""
    words = enumerate(stems.split(" "), 1) if stems else ()
    return " ".join("'" + w.replace("\\", "\\\\").replace("'", "''") + f"':{min(n, _TSVECTOR_POSITIONS)}" for n, w in words)


def _remove(c: sa.Connection, dialect: str, which: sa.ColumnElement[bool], judgements: bool = False) -> int:
    """Remove pages and all that hangs on them."""
    shas = list(c.execute(sa.select(schema.page.c.sha256).where(which)).scalars())
    if not shas:
        return 0
    reports = c.execute(sa.select(schema.report.c.seq, schema.report.c.id).where(schema.report.c.page.in_(shas))).all()
    ids = [r.id for r in reports]
    # Its copies are looked for anew when the report comes back.
    c.execute(sa.delete(schema.pair).where(schema.pair.c.layer == "reports", sa.or_(schema.pair.c.a.in_(ids), schema.pair.c.b.in_(ids))))
    if judgements:
        for table in schema.EVIDENCE[:-1]:
            items = sa.select(table.c.id).where(table.c.report.in_(ids))
            j = schema.judgement.c
            c.execute(sa.delete(schema.judgement).where(sa.or_(j.item.in_(items), j.item.in_(ids), j.report.in_(ids))))
            c.execute(sa.delete(schema.cluster).where(schema.cluster.c.item.in_(items)))
        c.execute(sa.delete(schema.cluster).where(schema.cluster.c.item.in_(ids)))
        coded = sa.select(schema.batch_item.c.item).where(schema.batch_item.c.report.in_(ids))
        c.execute(sa.delete(schema.coding).where(schema.coding.c.item.in_(coded)))
        c.execute(sa.delete(schema.batch_item).where(schema.batch_item.c.report.in_(ids)))
    if dialect == "sqlite":
        for r in reports:
            c.execute(sa.text("DELETE FROM words WHERE rowid = :seq"), {"seq": r.seq})
    c.execute(sa.delete(schema.page).where(schema.page.c.sha256.in_(shas)))
    return len(shas)

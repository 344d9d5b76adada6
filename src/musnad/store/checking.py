"""Is a record sound? Evidence equals its slice, nothing is orphaned, the index fits the reports."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from musnad.document import check_evidence
from musnad.record.errors import BadRecord
from musnad.record.kinds import LAYERS
from musnad.store import schema
from musnad.store.reports import unpack
from musnad.store.store import Store


def problems(store: Store) -> Iterator[str]:
    """What is wrong, one sentence a thing; nothing for a sound record."""
    with store.reading() as c:
        if store.dialect == "sqlite":
            for (said,) in c.exec_driver_sql("PRAGMA integrity_check").fetchall():
                if said != "ok":
                    yield f"the file is damaged: {said}"
            for row in c.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                yield f"a row of {row[0]} hangs on nothing"
            indexed = sa.text("SELECT rowid FROM words")
        else:
            indexed = sa.text("SELECT seq FROM words")
        seqs = set(c.execute(sa.select(schema.report.c.seq)).scalars())
        words = set(c.execute(indexed).scalars())
        if seqs - words:
            yield f"{len(seqs - words)} reports can't be searched: they aren't in the index"
        if words - seqs:
            yield f"{len(words - seqs)} rows of the index belong to no report"
        query = (
            sa.select(schema.report.c.id, schema.report.c.line, schema.page.c.source)
            .join_from(schema.report, schema.page)
            .execution_options(stream_results=True, yield_per=200)
        )
        for row in c.execute(query):
            yield from _report(row.id, row.line, row.source)
        for table in schema.EVIDENCE:
            count = c.execute(
                sa.select(sa.func.count()).select_from(table).where(table.c.report.not_in(sa.select(schema.report.c.id)))
            ).scalar_one()
            if count:
                yield f"{count} rows of {table.name} belong to no report"


def _report(id: str, blob: bytes, source: str) -> Iterator[str]:
    line = unpack(blob)
    for layer in ("report", *LAYERS):
        value = getattr(line, layer)
        for record in value if isinstance(value, tuple) else (value,):
            try:
                if layer == "report":
                    for span in (*record.segments, *record.dropped, *filter(None, (record.title, record.dateline, record.byline))):
                        check_evidence(source, span)
                else:
                    check_evidence(source, record)
            except BadRecord as error:
                yield f"report {id}: {error}"

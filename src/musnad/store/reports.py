"""Reports out of the record: their lines and texts."""

from __future__ import annotations

import zlib

import msgspec
import sqlalchemy as sa

from musnad.record.errors import StoreError
from musnad.record.kinds import Line
from musnad.store import schema
from musnad.store.rows import kept_text


def unpack(blob: bytes) -> Line:
    """The line that column `line` holds."""
    return msgspec.json.decode(zlib.decompress(blob), type=Line)


def line_of(c: sa.Connection, report: str) -> Line:
    """The line of a report; raises StoreError where there is none of this id."""
    blob = c.execute(sa.select(schema.report.c.line).where(schema.report.c.id == report)).scalar()
    if blob is None:
        raise StoreError(f"no report {report} in this record")
    return unpack(blob)


def text_of(c: sa.Connection, report: str) -> str:
    """The kept text of a report, its segments one a paragraph."""
    return kept_text(line_of(c, report))

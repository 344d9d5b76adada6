"""What the desk needs: accounts, batches, the report of each judgement, and the indexes that its pages ask for."""

import sqlalchemy as sa
from alembic import op

from musnad.record.kinds import LAYERS
from musnad.store import schema
from musnad.store.reports import unpack

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    connection = op.get_bind()
    # Creates the tables that aren't there yet, with their indexes.
    schema.metadata.create_all(connection)
    j = schema.judgement.c
    if "report" not in {column["name"] for column in sa.inspect(connection).get_columns("judgement")}:
        op.add_column("judgement", sa.Column("report", sa.Text))
        added = connection.execute(sa.select(j.id, j.after).where(j.verdict == "add")).all()
        for row in added:
            connection.execute(sa.update(schema.judgement).where(j.id == row.id).values(report=row.after["report"]))
        for table in schema.EVIDENCE[:-1]:
            found = sa.select(table.c.report).where(table.c.id == j.item).scalar_subquery()
            connection.execute(sa.update(schema.judgement).where(j.report.is_(None), j.verdict.in_(schema.OF_ITEMS)).values(report=found))
        _find_rejected(connection)
    # Asked for by name: SQLAlchemy can't see indexes of expressions.
    named = "SELECT name FROM sqlite_master" if connection.dialect.name == "sqlite" else "SELECT indexname FROM pg_indexes"
    there = set(connection.execute(sa.text(named)).scalars())
    for table in schema.metadata.sorted_tables:
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            if index.name not in there:
                index.create(connection)


def _find_rejected(connection: sa.Connection) -> None:
    """What was rejected has left the tables of items: it is looked for in the lines."""
    j, r = schema.judgement.c, schema.report.c
    lost = sa.select(j.item).where(j.report.is_(None), j.verdict.in_(schema.OF_ITEMS))
    wanted = set(connection.execute(lost).scalars())
    for row in connection.execute(sa.select(r.id, r.line)).all() if wanted else ():
        line = unpack(row.line)
        here = wanted & {item.id for layer in LAYERS for item in getattr(line, layer)}
        if here:
            connection.execute(sa.update(schema.judgement).where(j.item.in_(here), j.verdict.in_(schema.OF_ITEMS)).values(report=row.id))

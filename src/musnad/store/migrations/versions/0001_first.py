"""The first version of the record."""

import sqlalchemy as sa
from alembic import op

from musnad.store.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        op.execute(
            sa.text("CREATE VIRTUAL TABLE words USING fts5(stems, tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\")")
        )
    else:
        op.execute(
            sa.text("CREATE TABLE words (seq integer PRIMARY KEY REFERENCES report (seq) ON DELETE CASCADE, stems tsvector NOT NULL)")
        )
        op.execute(sa.text("CREATE INDEX ix_words_stems ON words USING gin (stems)"))

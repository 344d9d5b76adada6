"""The record: SQLite by default, PostgreSQL for teams; one schema, migrations, search, judgements, audit log."""

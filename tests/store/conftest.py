"""Every store test runs on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from musnad.store.store import Store, open_store

_numbers = count()


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty record."""
    if request.param == "sqlite":
        return str(tmp_path / "record.db")
    base = request.getfixturevalue("postgres_server")
    name = f"record{next(_numbers)}"
    engine = sa.create_engine(base.replace("postgresql://", "postgresql+psycopg://") + "/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as c:
        c.exec_driver_sql(f"CREATE DATABASE {name} ENCODING 'UTF8'")
    engine.dispose()
    return f"{base}/{name}"


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with open_store(where) as opened:
        yield opened

"""A desk over the record of the built-in sample, read once a test process (rules alone: that is quick); each test gets a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from musnad.batch.adding import add_pages
from musnad.resolve.refresh import refresh
from musnad.store.store import open_store
from musnad.web.app import create_app
from musnad.web.desk import Setting

SAMPLE = Path(__file__).parents[2] / "src" / "musnad" / "sample"
BASE = "http://127.0.0.1:8765"


@pytest.fixture(scope="session")
def sample_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's record; copy it before writing to it (`record` does)."""
    where = tmp_path_factory.mktemp("sample") / "sample.db"
    with open_store(str(where), create=True) as store:
        for _ in add_pages(store, [str(SAMPLE / "pages")], metadata=SAMPLE / "metadata.csv", model=False, jobs=1):
            pass
        refresh(store)
    return where


@pytest.fixture
def record(sample_record: Path, tmp_path: Path) -> Path:
    """A copy of the sample's record that a test may change."""
    return Path(shutil.copy(sample_record, tmp_path / "record.db"))


def client(setting: Setting) -> TestClient:
    """A browser without cookies before a desk."""
    return TestClient(create_app(setting), base_url=BASE, follow_redirects=False)


@pytest.fixture
def setting(record: Path) -> Setting:
    return Setting(record=str(record), token="launch-token", secret="0" * 64, user="lina")


@pytest.fixture
def stranger(setting: Setting) -> Iterator[TestClient]:
    """Somebody who has no launch token."""
    with client(setting) as c:
        yield c


@pytest.fixture
def desk(setting: Setting) -> Iterator[TestClient]:
    """The analyst at their own desk: signed in by the launch token; unsafe requests carry the CSRF token."""
    with client(setting) as c:
        assert c.get("/?token=launch-token").status_code == 303
        c.headers["X-CSRF-Token"] = setting.sign("csrf:" + setting.local_session)
        c.follow_redirects = True
        yield c


@pytest.fixture
def team_setting(record: Path) -> Setting:
    from musnad.store.accounts import ROLES, open_account

    with open_store(str(record)) as store:
        for role in ROLES:
            open_account(store, role, f"{role}-password", role)
    return Setting(record=str(record), team=True, secret="1" * 64)


@pytest.fixture
def team(team_setting: Setting) -> Iterator[TestClient]:
    """A desk with accounts (named as their roles, passwords ROLE-password), nobody signed in."""
    with client(team_setting) as c:
        yield c


@pytest.fixture
def sign_in(team: TestClient, team_setting: Setting) -> Callable[[str], None]:
    """Signs an account in at `team` and lets unsafe requests carry its CSRF token."""

    def enter(name: str) -> None:
        team.cookies.clear()
        answer = team.post("/login", data={"name": name, "password": f"{name}-password"})
        assert answer.status_code == 303, answer.text
        team.headers["X-CSRF-Token"] = team_setting.sign("csrf:" + team.cookies[team_setting.cookie])

    return enter

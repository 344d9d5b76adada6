"""The record from the command line, as a newcomer would use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from musnad.cli import app
from musnad.record.errors import MusnadError

run = CliRunner()
PAGE = "الرئيس الفرنسي يزور بيروت\n\nبيروت - زار الرئيس الفرنسي إيمانويل ماكرون بيروت الخميس 6 آب/أغسطس 2020. وتعهد ماكرون بتقديم مساعدات عاجلة إلى لبنان قبل نهاية العام 2020.\n"


@pytest.fixture
def record(tmp_path: Path) -> str:
    page = tmp_path / "beirut.txt"
    page.write_text(PAGE, encoding="utf-8")
    where = str(tmp_path / "r.db")
    done = run.invoke(app, ["add", str(page), "--record", where, "--no-model"])
    assert done.exit_code == 0, done.output
    return where


@pytest.mark.parametrize(
    "ask",
    [["search", "مساعدات"], ["events"], ["actors"], ["statements"], ["commitments"], ["claims"], ["timeline"], ["lineage"]],
    ids=lambda a: a[0],
)
@pytest.mark.parametrize("shape", ["table", "json", "jsonl", "csv"])
def test_every_question_in_every_shape(record: str, ask: list[str], shape: str) -> None:
    done = run.invoke(app, [*ask, "--record", record, "--format", shape])
    assert done.exit_code == 0, done.output
    if shape == "json":
        assert isinstance(json.loads(done.stdout), list)


def test_answers_name_who_and_where(record: str) -> None:
    done = run.invoke(app, ["actors", "ماكرون", "--record", record, "--format", "json"])
    (actor,) = [a for a in json.loads(done.stdout) if a["type"] == "PER"]
    assert actor["country"] == "FRA"
    done = run.invoke(app, ["events", "--actor", "Macron", "--record", record, "--format", "json"])
    assert any(e["from"] == "2020-08-06" and e["type"] == "CONSULT" for e in json.loads(done.stdout))


def test_what_failed_is_kept_and_told(record: str, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run.invoke(app, ["add", str(tmp_path / "empty.txt"), "--record", record, "--no-model"])
    assert done.exit_code in (1, 3)
    assert "empty.txt" in run.invoke(app, ["failures", "--record", record]).stdout


def test_forget_and_backup(record: str, tmp_path: Path) -> None:
    assert run.invoke(app, ["backup", str(tmp_path / "copy.db"), "--record", record]).exit_code == 0
    assert run.invoke(app, ["forget", str(tmp_path / "beirut.txt"), "--record", record, "--yes"]).exit_code == 0
    assert "nothing found" in run.invoke(app, ["search", "بيروت", "--record", record]).output
    assert "بيروت" in run.invoke(app, ["search", "بيروت", "--record", str(tmp_path / "copy.db"), "--format", "csv"]).stdout


def test_a_record_that_is_not_there_is_told_plainly(tmp_path: Path) -> None:
    done = run.invoke(app, ["events", "--record", str(tmp_path / "none.db")])
    assert isinstance(done.exception, MusnadError)
    assert "musnad add" in str(done.exception)

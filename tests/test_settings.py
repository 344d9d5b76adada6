"""musnad.toml: found in a folder above, checked to the last key."""

from __future__ import annotations

from pathlib import Path

import pytest

from musnad.record.errors import MusnadError
from musnad.settings import Settings, find_settings


def test_without_a_file_the_built_in_settings_hold(tmp_path: Path) -> None:
    assert find_settings(tmp_path) == Settings()


def test_folders_are_meant_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "ours" / "words").mkdir(parents=True)
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "musnad.toml").write_text('[lexicon]\ndirs = ["ours"]\n[read]\njobs = 3\nmodel = false\ntimeout = 2.5\n', encoding="utf-8")
    found = find_settings(tmp_path / "deep" / "deeper")
    assert found == Settings((tmp_path / "ours",), False, 3, 2.5, tmp_path / "musnad.toml")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[lexicon\n", "musnad.toml"),
        ("[lexicons]\n", "unknown 'lexicons'"),
        ("jobs = 2\n", "unknown 'jobs'"),
        ("[read]\njob = 2\n", "unknown 'job'"),
        ('[read]\njobs = "2"\n', "can't be '2'"),
        ("[read]\njobs = true\n", "can't be True"),
        ('[lexicon]\ndirs = ["none"]\n', "no lexicon folder"),
        ("[lexicon]\ndirs = [1]\n", "list of folders' names"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "musnad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MusnadError, match=why):
        find_settings(tmp_path)

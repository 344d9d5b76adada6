"""The smaller commands: text, explain, schema, sample, doctor, rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import musnad
from musnad.cli import app


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=True)
    assert result.exit_code == code, result.output
    return result.output + (f"{result.exception}" if result.exception else "")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_bytes("\ufeffوصل الوفد إلى بغداد يوم الخميس الماضي.\r\nوغادرها أمس.\r\n".encode())
    return path


def test_text_is_what_offsets_count_in(page: Path) -> None:
    (doc,) = musnad.read(page, model=False)
    assert run("text", page) == doc.source == "وصل الوفد إلى بغداد يوم الخميس الماضي.\nوغادرها أمس.\n"


def test_explain_tells_word_segment_and_records(page: Path) -> None:
    told = run("explain", page, "--at", 14, "--no-model")
    assert "folded بغداد" in told
    assert "segment" in told
    assert "mention" in told
    assert "found by" in told


def test_explain_beyond_the_text_says_how_long_it_is(page: Path) -> None:
    assert "52 code points" in run("explain", page, "--at", 5000, code=1)


def test_schema_is_json(page: Path) -> None:
    assert json.loads(run("schema"))["$defs"]["Line"]["properties"]["schema"] == {"const": "musnad/1"}


def test_sample_is_written_out(tmp_path: Path) -> None:
    run("sample", tmp_path / "here")
    assert len(list((tmp_path / "here" / "pages").iterdir())) >= 16
    assert (tmp_path / "here" / "metadata.csv").is_file()


def test_doctor_names_versions_and_word_lists() -> None:
    told = run("doctor")
    assert musnad.__version__ in told
    assert "word lists" in told
    assert "\nmodel     " in told
    assert "PROBLEM" not in told


def test_model_info_says_what_is_there() -> None:
    from musnad import tagger

    assert run("model", "info").strip() == tagger.info().strip()


def test_version() -> None:
    assert run("--version").strip() == f"musnad {musnad.__version__}"


def test_rules_try_shows_rule_record_and_reason() -> None:
    told = run("rules", "try", "وصل الوفد الخميس الماضي إلى بغداد", "--published", "2014-09-22")
    assert "Patterns that match:" in told
    assert "2014-09-18" in told


@pytest.fixture
def lexicon(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "ours.tsv").write_text(
        "forms\texample\tcounter\nقمة الخريف\tافتتحت ⟦قمة الخريف⟧ أمس\tوصلوا إلى قمة الجبل\n", encoding="utf-8"
    )
    (tmp_path / "rules" / "ours.yaml").write_text(
        "layer: null\nrules:\n  - id: ours.summit\n    pattern: '{B}{ours}{E}'\n    matches: ['بدأت ⟦قمة الخريف⟧']\n    rejects: ['قمة الجبل']\n",
        encoding="utf-8",
    )
    return tmp_path


def test_rules_check_runs_a_users_own_examples(lexicon: Path) -> None:
    assert "4 examples" in run("rules", "check", "--lexicon", lexicon, "--only", "ours")


def test_rules_check_says_what_came_instead(lexicon: Path) -> None:
    rules = lexicon / "rules" / "ours.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("بدأت ⟦قمة الخريف⟧", "بدأت ⟦قمة⟧ الخريف"), encoding="utf-8")
    told = run("rules", "check", "--lexicon", lexicon, "--only", "ours", code=1)
    assert "ours.yaml: ours.summit (matches)" in told
    assert "قمة الخريف" in told.split("instead:")[1]


def test_rules_check_of_an_unknown_name_lists_the_known_ones() -> None:
    assert "weekdays" in run("rules", "check", "--only", "nothing-of-that-name", code=1)


def test_every_command_has_examples_in_its_help() -> None:
    commands = [
        ["read"],
        ["text"],
        ["explain"],
        ["schema"],
        ["sample"],
        ["doctor"],
        ["model", "info"],
        ["rules", "check"],
        ["rules", "try"],
    ]
    for command in commands:
        assert "Examples:" in run(*command, "--help"), command

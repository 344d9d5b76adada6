"""`musnad read` as its users meet it: files, failures, resuming, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from musnad.cli import app

ARTICLE = "بغداد تستضيف اجتماعاً\n\nقال وزير الخارجية العراقي فؤاد حسين إن بلاده ستستضيف اجتماعاً يوم الخميس المقبل.\nوأضاف أن نحو عشرين دولة ستشارك فيه.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(3):
        (pages / f"page{n}.txt").write_text(ARTICLE.replace("عشرين", f"{20 + n}"), encoding="utf-8")
    return pages


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result.output


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def pages_of(path: Path) -> list[str]:
    return [r["report"]["page"].rsplit("/", 1)[-1] for r in records(path)]  # type: ignore[index]


def test_a_folder_becomes_json_lines_in_order(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "run.jsonl"
    told = run("read", folder, "--out", out, "--no-model")
    assert pages_of(out) == ["page0.txt", "page1.txt", "page2.txt"]
    assert "3 pages, 3 reports" in told
    assert not list(out.parent.glob("*.failures.jsonl"))


def test_metadata_gives_the_day(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "meta.csv"
    table.write_text("page,published,outlet,url\npage1.txt,2020-06-22,إيلاف,https://example.org/1\n", encoding="utf-8")
    out = tmp_path / "run.jsonl"
    run("read", folder, "--metadata", table, "--out", out, "--no-model")
    report = records(out)[1]["report"]
    assert isinstance(report, dict)
    assert report["published"]["date"] == "2020-06-22"
    assert report["outlet"]["name"] == "إيلاف"
    assert report["url"] == "https://example.org/1"


def test_a_bad_page_stops_nothing_and_is_listed(folder: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing.txt"
    out = tmp_path / "run.jsonl"
    told = run("read", missing, folder, "--out", out, "--no-model", code=3)
    assert len(records(out)) == 3
    assert "not read" in told
    assert str(missing) in told
    (failure,) = records(out.with_name("run.jsonl.failures.jsonl"))
    assert failure["page"] == str(missing)
    assert failure["reason"]
    run("read", folder, "--out", out, "--no-model")
    assert not out.with_name("run.jsonl.failures.jsonl").exists()


def test_nothing_read_is_an_error(tmp_path: Path) -> None:
    run("read", tmp_path / "missing.txt", "--no-model", code=1)


def test_resume_reads_only_what_is_new_or_changed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    run("read", folder / "page0.txt", "--out", out, "--no-model")
    told = run("read", folder, "--out", out, "--resume", "--no-model")
    assert pages_of(out) == ["page0.txt", "page1.txt", "page2.txt"]
    assert "1 were there already" in told
    (folder / "page1.txt").write_text(ARTICLE.replace("عشرين", "99"), encoding="utf-8")
    run("read", folder, "--out", out, "--resume", "--no-model")
    assert pages_of(out) == ["page0.txt", "page1.txt", "page2.txt", "page1.txt"]


def test_resume_mends_a_run_that_was_cut_off(folder: Path, tmp_path: Path) -> None:
    out, whole = tmp_path / "run.jsonl", tmp_path / "whole.jsonl"
    run("read", folder, "--out", whole, "--no-model")
    out.write_bytes(whole.read_bytes()[:-200])
    told = run("read", folder, "--out", out, "--resume", "--no-model")
    assert "ended in the middle of a page" in told
    assert sorted(out.read_bytes().splitlines()) == sorted(whole.read_bytes().splitlines())


def test_resume_needs_a_json_lines_file(folder: Path) -> None:
    assert "--out" in run("read", folder, "--resume", code=2)


def test_several_processes_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    run("read", folder, "--out", one, "--no-model")
    run("read", folder, "--out", two, "--no-model", "--jobs", "2")
    assert one.read_bytes() == two.read_bytes()


def test_text_and_html(folder: Path, tmp_path: Path) -> None:
    shown = run("read", folder / "page0.txt", "--format", "text", "--no-model", "--no-bidi")
    assert "بغداد تستضيف اجتماعاً" in shown
    reordered = run("read", folder / "page0.txt", "--format", "text", "--no-model", "--bidi")
    assert "بغداد تستضيف اجتماعاً" not in reordered
    run("read", folder, "--format", "html", "--out", tmp_path / "run.html", "--no-model")
    assert (tmp_path / "run.html").read_text(encoding="utf-8").count('class="report"') == 3


def test_a_lexicon_folder_must_be_one(folder: Path, tmp_path: Path) -> None:
    assert "is no lexicon folder" in whole("read", folder, "--lexicon", tmp_path, code=1)
    assert "no lexicon folder" in whole("read", folder, "--lexicon", tmp_path / "none", code=1)


def test_own_words_names_and_rules_win(tmp_path: Path) -> None:
    page, out = tmp_path / "page.txt", tmp_path / "run.jsonl"
    page.write_text("وصل نعمان السرحوني إلى واحة الزبرجد يوم الخميس الماضي.\n", encoding="utf-8")
    table = tmp_path / "meta.csv"
    table.write_text("page,published\npage.txt,2014-09-22\n", encoding="utf-8")
    (tmp_path / "ours" / "places").mkdir(parents=True)
    (tmp_path / "ours" / "words").mkdir()
    (tmp_path / "ours" / "places" / "ours.tsv").write_text(
        "forms\tname_en\tkind\tcountry\tlat\tlon\nواحة الزبرجد\tZabarjad\tcity\tLBY\t25\t20\n", encoding="utf-8"
    )
    run("read", page, "--metadata", table, "--lexicon", tmp_path / "ours", "--out", out, "--no-model")
    (record,) = records(out)
    assert "Zabarjad" in [e["name_en"] for e in record["entities"]]  # type: ignore[attr-defined]
    assert record["times"]
    (tmp_path / "ours" / "words" / "weekdays.tsv").write_text("forms\tdrop\nالخميس\tyes\n", encoding="utf-8")
    run("read", page, "--metadata", table, "--lexicon", tmp_path / "ours", "--out", out, "--no-model", "--jobs", "2")
    assert not records(out)[0]["times"]


def whole(*arguments: object, code: int = 0, cwd: Path | None = None) -> str:
    """The command as a process of its own: what it writes on both streams."""
    command = [sys.executable, "-c", "from musnad.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, cwd=cwd, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=False)
    assert done.returncode == code, done.stderr.decode()
    return (done.stdout + done.stderr).decode("utf-8")


def test_errors_are_one_plain_sentence(tmp_path: Path, folder: Path) -> None:
    told = whole("read", folder, "--metadata", tmp_path / "none.csv", code=1)
    assert told.startswith("musnad: there is no metadata file")
    assert "Traceback" not in told


def test_arabic_comes_out_whatever_the_stream_is_set_to(folder: Path) -> None:
    assert "فؤاد حسين" in whole("read", folder / "page0.txt", "--no-model", "--format", "text", "--no-bidi")


def test_musnad_toml_in_a_folder_above_is_used(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "musnad.toml").write_text("[read]\nmodle = false\n", encoding="utf-8")
    assert "unknown 'modle' in [read]" in whole("read", "page0.txt", cwd=folder, code=1)


def test_the_file_that_is_written_is_no_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("قال الوزير إن الجسر سيفتح غدا.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        done = CliRunner().invoke(app, ["read", ".", "--out", "r.jsonl", "--no-model"])
        assert done.exit_code == 0, done.output
        assert len((tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()) == 1

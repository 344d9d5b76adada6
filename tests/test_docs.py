"""The documentation is true: its commands run, its Python runs, its links lead somewhere, the reference is the code's."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from musnad.cli import app

ROOT = Path(__file__).parent.parent
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def blocks(path: Path, tongue: str) -> list[str]:
    return re.findall(rf"```{tongue}\n(.*?)```", path.read_text(encoding="utf-8"), re.S)


@pytest.mark.skipif(shutil.which("bash") is None, reason="the documented commands are for a shell")
@pytest.mark.parametrize("path", GUIDES, ids=lambda p: p.name)
def test_documented_commands_and_programs_run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All `sh` blocks of a page, then its `python` blocks, in one empty folder. `make` and `pip` are left to whoever runs this test; nothing is fetched.

    Plain `musnad` commands run in this process, which has the word lists already; whatever needs a shell gets one.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONUTF8", "1")
    for line in [line for block in blocks(path, "sh") for line in block.splitlines()]:
        if not line or line.startswith(("make ", "pip ", "#")) or "https:" in line:
            continue
        if line.startswith("export "):
            monkeypatch.setenv(*line.removeprefix("export ").split("=", 1))
        elif line.startswith("musnad serve"):
            serves(line)
        elif line.startswith("musnad ") and not set("|>&;$`").intersection(line):
            # Only passwords are asked for.
            result = CliRunner().invoke(app, shlex.split(line)[1:], input="a long password\na long password\n")
            assert result.exit_code == 0, f"{line}\n{result.output[-2000:]}{result.exception!r}"
        else:
            shell(
                [
                    "bash",
                    "-euo",
                    "pipefail",
                    "-c",
                    f'musnad() {{ "{sys.executable}" -c "from musnad.cli import main; main()" "$@"; }}\n{line}',
                ]
            )
    programs = "\n".join(blocks(path, "python"))
    if programs:
        shell([sys.executable, "-c", f"if __name__ == '__main__':\n    exec({programs!r})"])


def serves(line: str) -> None:
    """The desk starts as documented (on a free port, without a browser), answers, and closes on Ctrl-C."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    call = [sys.executable, "-c", "from musnad.cli import main; main()", *shlex.split(line)[1:], "--no-open", "--port", str(port)]
    desk = subprocess.Popen(call, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        for _ in range(300):
            assert desk.poll() is None, desk.stderr.read() if desk.stderr else line
            try:
                assert httpx.get(f"http://127.0.0.1:{port}/login", headers={"Host": f"127.0.0.1:{port}"}).status_code in (200, 303)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        else:
            pytest.fail(f"{line}: no answer in 30 s")
    finally:
        desk.send_signal(signal.SIGINT)
        desk.wait(20)


def shell(call: list[str]) -> None:
    done = subprocess.run(call, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{call[-1]}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_readme_names_the_two_commands_and_ci_runs_the_second() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "\nmake demo\nmake test\n" in readme
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("make test")


def test_reference_is_what_the_code_says() -> None:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, text in module.render().items():
        assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == text, "run `make reference`"

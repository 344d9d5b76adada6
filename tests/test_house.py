"""The rules of the house that a program can check: floors, lengths, light imports, names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "musnad"
FILES = sorted(SOURCE.rglob("*.py"))

FLOORS = (
    {"record"},
    {"grammar"},
    {"gazetteer", "tagger", "romanize"},
    {"tools"},
    {"document", "ingest"},
    {"phrases"},
    {"codes"},
    {"stages"},
    {"pipeline"},
    {"store", "settings"},
    {"resolve", "export"},
    {"reading", "explanation", "doctor"},
    {"batch"},
    {"web"},
    {"cli"},
)
"""From the ground up: a module may import its own floor's unit and any floor below. `musnad` itself (the public face) may be imported anywhere."""

HEAVY = ("torch", "onnxruntime", "ray", "fastapi", "sqlalchemy", "numpy", "trafilatura", "rich.progress", "yaml")


def unit(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute here"
            assert node.module
            yield from (f"{node.module}.{a.name}" for a in node.names) if node.module in ("musnad", "musnad.stages") else (node.module,)


def ours(path: Path) -> set[str]:
    units = {m.split(".")[1] for m in imports(path) if m.startswith("musnad.")}
    return {u for u in units if (SOURCE / u).is_dir() or (SOURCE / f"{u}.py").is_file()}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_only_point_down(path: Path) -> None:
    level = {name: n for n, floor in enumerate(FLOORS) for name in floor}
    here = unit(path)
    if here == "__init__":
        return
    assert here in level, f"{here} has no floor yet: give it one in FLOORS"
    up = {u for u in ours(path) - {here} if level[u] >= level[here]}
    assert not up, f"{path.relative_to(SOURCE)} on floor {level[here]} imports {up}"


def test_stages_do_not_import_each_other() -> None:
    for path in (SOURCE / "stages").rglob("*.py"):
        own = path.relative_to(SOURCE / "stages").parts[0].removesuffix(".py").split("_")[0]
        for module in imports(path):
            if module.startswith("musnad.stages."):
                assert module.split(".")[2].split("_")[0] == own, f"{path.relative_to(SOURCE)} imports {module}"


def test_no_file_is_too_long() -> None:
    long = {str(p.relative_to(ROOT)): n for p in FILES if (n := len(p.read_text(encoding="utf-8").splitlines())) > 420}
    assert not long


def test_no_rooms_for_odds_and_ends() -> None:
    bad = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "stuff"}
    assert not [p for p in FILES if p.stem in bad or p.parent.name in bad]


def test_no_machine_paths_and_no_unfinished_notes() -> None:
    wrong = re.compile(r"(?<![\w.])/(?:work|root|home)/\w|\b(?:TODO|FIXME|XXX|NotImplementedError)\b")
    for path in [
        *FILES,
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "benchmarks").rglob("*.py"),
        *(ROOT / "training").rglob("*.py"),
    ]:
        found = wrong.search(path.read_text(encoding="utf-8"))
        assert not found, f"{path.relative_to(ROOT)}: {found and found.group()}"


def test_arabic_is_data_only() -> None:
    assert not list((SOURCE / "arabic").rglob("*.py"))


def loaded(*arguments: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after running the arguments."""
    code = "import sys, runpy\n" + "\n".join(arguments) + "\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    return set(done.stderr.split())


def test_import_musnad_is_light() -> None:
    modules = loaded("import musnad")
    assert not [m for m in HEAVY if m in modules]
    assert "msgspec" not in modules


def test_help_is_light() -> None:
    modules = loaded("sys.argv = ['musnad', '--help']", "from musnad.cli import main", "try: main()", "except SystemExit: pass")
    assert not [m for m in HEAVY if m in modules]

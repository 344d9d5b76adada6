"""The desk's files of others: each has its licence and its hash in the table, and nothing that a browser gets loads anything from elsewhere."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src" / "musnad" / "web" / "static"
VENDOR = STATIC / "vendor"
FILES = sorted(str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file())
SERVED = sorted(p for p in STATIC.rglob("*") if p.suffix in {".js", ".css"})
_ROW = re.compile(
    r"^\| \[(?P<file>[^\]]+)\]\([^)]+\) \| (?P<package>[^|]+) \| (?P<version>[\d.]+) \| \[[^\]]+\]\((?P<licence>[^)]+)\) \| https://\S+ \| `(?P<sum>\w{64})` \|$"
)
_LOADS = re.compile(
    r"""url\(\s*["']?(?:https?:)?//[^)]*|@import[^;]*|\b(?:import|from)\s*\(?["'](?:https?:)?//[^"']*|\bfetch\(["'`](?:https?:)?//[^"'`]*|"""
    r"""new\s+(?:Worker|EventSource|WebSocket)\(["'`](?:https?:|wss?:)?//[^"'`]*|\.src\s*=\s*["'`](?:https?:)?//[^"'`]*|sourceMappingURL=[^\n]*"""
)
"""What makes a browser load: addresses in comments, links and names of XML languages don't."""


@cache
def table() -> dict[str, re.Match[str]]:
    lines = (VENDOR / "README.md").read_text(encoding="utf-8").splitlines()
    return {m["file"]: m for line in lines if (m := _ROW.match(line))}


def test_the_table_names_all_files_and_no_other() -> None:
    assert set(table()) == {f for f in FILES if f != "README.md" and not f.endswith("/LICENSE.txt")}


@pytest.mark.parametrize("file", sorted(table()))
def test_a_file_is_as_published_and_its_licence_stands_beside(file: str) -> None:
    row = table()[file]
    assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == row["sum"]
    licence = VENDOR / row["licence"]
    assert licence.parent == (VENDOR / file).parent
    text = licence.read_text(encoding="utf-8")
    assert f"{row['package']} {row['version']}" in text
    assert "GENERAL PUBLIC LICENSE" not in text.upper()


def test_the_table_holds_the_versions_of_the_script() -> None:
    packages = json.loads((ROOT / "tools" / "vendor" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for row in table().values():
        assert packages[f"node_modules/{row['package']}"]["version"] == row["version"]
    assert all("integrity" in p for name, p in packages.items() if name)


@pytest.mark.parametrize("path", SERVED, ids=lambda p: str(p.relative_to(STATIC)))
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    assert _LOADS.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "url(https://x.example/a.woff2)",
        "url('//x.example/a')",
        '@import "a.css"',
        'import("https://x.example/a.js")',
        "//# sourceMappingURL=a.map",
    ],
)
def test_a_load_would_be_seen(wrong: str) -> None:
    assert _LOADS.search(wrong)


def test_files_that_a_style_sheet_names_are_there() -> None:
    for path in STATIC.rglob("*.css"):
        for name in re.findall(r"""url\(\s*["']?(?!data:|#)([^"')]+)""", path.read_text(encoding="utf-8")):
            found = STATIC / name.removeprefix("/static/") if name.startswith("/") else path.parent / name
            assert found.is_file(), f"{path.relative_to(STATIC)} names {name}"


def test_all_of_it_stays_small() -> None:
    assert sum((VENDOR / f).stat().st_size for f in FILES) < 4_000_000


def test_countries_have_shapes_and_names_in_both_languages() -> None:
    features = json.loads((VENDOR / "countries" / "countries.json").read_text(encoding="utf-8"))["features"]
    shapes = {f["properties"]["iso3"] for f in features if f["geometry"]["type"] == "MultiPolygon"}
    names = {f["properties"]["iso3"]: f["properties"] for f in features if f["geometry"]["type"] == "Point"}
    assert {"IRQ", "SYR", "PSE", "ESH", "XKX"} <= shapes & names.keys()
    assert names["IRQ"]["ar"] == "العراق" and names["IRQ"]["en"] == "Iraq"
    assert all(n["ar"] and n["en"] and "|" not in n["ar"] for n in names.values())
    assert len(shapes) > 200

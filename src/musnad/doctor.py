"""What is installed here and what is missing: the first thing to send with a question."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from musnad.settings import find_settings

_PARTS = {
    "ray": ("a cluster of machines", ("ray",)),
    "web": ("the desk in the browser", ("fastapi", "uvicorn", "jinja2")),
    "postgres": ("a record shared by a team", ("psycopg",)),
    "export": ("Parquet files", ("pyarrow",)),
    "train": ("training the model", ("torch", "onnx")),
}


def examine() -> Iterator[str]:
    """Lines that tell versions, optional parts, what the processor offers, settings, and whether word lists and rules can be read."""
    from musnad import __version__, tagger

    yield f"musnad    {__version__} in {Path(__file__).parent}"
    yield f"python    {platform.python_version()} ({sys.executable})"
    yield f"system    {platform.platform()}, {os.cpu_count()} cores"
    yield tagger.health().replace(": ", "     ", 1)
    for name in ("onnxruntime", "tokenizers", "numpy", "msgspec", "trafilatura", "selectolax", "sqlalchemy", "typer", "rich"):
        yield f"{'library' if _version(name) else 'MISSING':<10}{name} {_version(name) or ''}".rstrip()
    for extra, (what, needs) in _PARTS.items():
        missing = [n for n in needs if not _version(n)]
        yield f"optional  {extra}: {what}, " + (f"not installed: pip install 'musnad[{extra}]'" if missing else "ready")
    try:
        settings = find_settings(Path.cwd())
        yield f"settings  {settings.where or 'no musnad.toml here: built-in ones'}"
        from musnad.tools import load

        tools = load(False, settings.lexicon)
        rows, rules = sum(map(len, tools.lexicon.lists.values())), sum(len(s.rules) for s in tools.rules.values())
        yield f"arabic    {len(tools.lexicon.lists)} word lists with {rows} rows, {rules} rules in {len(tools.rules)} files"
    except Exception as error:
        yield f"PROBLEM   {error}"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None

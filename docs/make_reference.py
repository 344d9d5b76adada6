"""Write docs/reference/ from the code: `make reference`. `render()` gives the pages by name; a test compares them with the files."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from typer.main import get_command

from musnad.cli import app
from musnad.export.jsonl import schema

HERE = Path(__file__).parent / "reference"


def render() -> dict[str, str]:
    """The pages of the reference by file name."""
    return {"record.md": _record(), "commands.md": _commands()}


def _record() -> str:
    made = schema()
    out = [
        "# The record",
        "",
        "<!-- made from the code by `make reference`: change the docstrings and types, not this page -->",
        "",
        "One line of `musnad read --format jsonl` is one report. `musnad schema` prints the JSON Schema of which this page is made. Every key is always present; what may be null says so.",
    ]
    for name, kind in made["$defs"].items():
        if kind.get("type") != "object":
            continue
        out += ["", f"## {name}", ""]
        if kind.get("description"):
            out += [" ".join(kind["description"].split()), ""]
        out += ["| key | value |", "| --- | --- |"]
        out += [f"| `{key}` | {_value(value)} |" for key, value in kind["properties"].items()]
    return "\n".join(out) + "\n"


def _value(value: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in value:
        return " or ".join(map(_value, value["anyOf"]))
    if "enum" in value:
        return ", ".join(f"`{v}`" for v in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    if value.get("type") == "array":
        return f"list of {_value(value['items'])}"
    bounds = f" from {value['minimum']} to {value['maximum']}" if "minimum" in value else ""
    return str(value.get("type", "any")) + bounds


def _commands() -> str:
    out = ["# The commands", "", "<!-- made from the code by `make reference`: change the docstrings, not this page -->"]

    def add(command: Any, path: str) -> None:
        out.extend(["", f"## `{path}`", "", inspect.cleandoc(command.help or "")])
        rows = [p for p in command.params if p.name != "help"]
        if rows:
            out.extend(["", "| option | |", "| --- | --- |"])
            out.extend(f"| {_name(p)} | {' '.join((getattr(p, 'help', None) or '').split())} |" for p in rows)
        for name, sub in getattr(command, "commands", {}).items():
            add(sub, f"{path} {name}")

    add(get_command(app), "musnad")
    return "\n".join(out) + "\n"


def _name(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.metavar or param.name}`"
    return ", ".join(f"`{o}`" for o in [*param.opts, *param.secondary_opts]) + (f" `{param.metavar}`" if param.metavar else "")


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for name, text in render().items():
        (HERE / name).write_text(text, encoding="utf-8")

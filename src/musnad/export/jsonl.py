"""JSON lines: one report a line, every key present (schema `musnad/1`), and the JSON Schema of a line."""

from __future__ import annotations

from typing import Any

import msgspec

from musnad.record.kinds import SCHEMA, Line


def encode(line: Line) -> bytes:
    """One line of JSON, with its line end. Lone surrogates, which UTF-8 can't hold, become `?`."""
    try:
        return msgspec.json.encode(line) + b"\n"
    except UnicodeEncodeError:
        return msgspec.json.encode(_sound(msgspec.to_builtins(line))) + b"\n"


def decode(line: bytes | str) -> Line:
    """The line as records. Raises msgspec.DecodeError or msgspec.ValidationError."""
    return msgspec.json.decode(line, type=Line)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a line. Every key is always present; what may be null says so."""
    made = msgspec.json.schema(Line)
    line = made["$defs"]["Line"]
    line["properties"]["schema"] = {"const": SCHEMA}
    for kind in made["$defs"].values():
        if kind.get("type") == "object":
            kind["required"] = sorted(kind["properties"])
            kind["additionalProperties"] = False
            for value in kind["properties"].values():
                value.pop("default", None)
    for kind in made["$defs"].values():
        if "confidence" in kind.get("properties", {}):
            kind["properties"]["confidence"] = {"type": "number", "minimum": 0, "maximum": 1}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"A line of {SCHEMA}", **made}


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {k: _sound(v) for k, v in value.items()}
    return [_sound(v) for v in value] if isinstance(value, (list, tuple)) else value

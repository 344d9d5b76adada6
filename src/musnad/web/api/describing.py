"""The API described: its OpenAPI document, and the same as a page for people that needs nothing from elsewhere."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from musnad import __version__
from musnad.export.jsonl import schema as line_schema
from musnad.web.api.answering import answer
from musnad.web.desk import DeskDep

router = APIRouter(include_in_schema=False)
PREFIX = "/api/v1"
_ABOUT = (
    ("Who asks", "With `musnad serve --team`, `Authorization: Bearer TOKEN` with a token of one's own (made at `/me`). In the browser the session's cookie does; unsafe requests then carry its CSRF token in `X-CSRF-Token`."),
    ("Pages", "A list gives `items` and `next`; ask again with `after` set to `next`, or follow the header `Link`. Pages stay true while rows come in. `limit` is at most 500."),
    ("ETag", "`If-None-Match` gets 304 as long as nothing in the record has changed."),
    ("Errors", "`{\"error\": …, \"what_to_do\": …}` in plain words: 422 where the request is written wrongly, 400 where it can't be done."),
    ("Offsets", "count Unicode code points of the page's source text, half-open. Days are ISO, inclusive at both ends."),
)  # fmt: skip
_LEAD = "Everything that the desk's pages show, with the filters of the command line."
_TAGS = {
    "overview": "The record at a glance.",
    "reports": "Reports: search, the source text with everything read in it, copies.",
    "events": "Happenings: events of all reports, merged.",
    "actors": "People, organisations, places and peoples over all reports.",
    "statements": "Who said what, and through whom it reached us.",
    "commitments": "What was pledged, and what became of it.",
    "claims": "The ledger of figures.",
    "review": "What people decide.",
    "reading": "What is read: failures, feeds and folders, news as they come.",
    "account": "Who asks.",
}


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an application, made once."""
    made: dict[str, Any] | None = getattr(app.state, "openapi", None)
    if made is None:
        from musnad.web import api  # which this module is a part of

        made = get_openapi(
            title="musnad",
            version=__version__,
            description="\n".join([_LEAD, "", *(f"- **{name}**: {text}" for name, text in _ABOUT)]),
            routes=api.router.routes,
            tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
        )
        schemas = made["components"]["schemas"]
        for name, shape in line_schema()["$defs"].items():
            schemas[name] = _moved(shape)
        schemas["ReportWhole"]["properties"]["line"] = {"$ref": "#/components/schemas/Line"}
        made["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "A token of one's own, made at /me (desks with accounts)."},
            "session": {"type": "apiKey", "in": "cookie", "name": app.state.setting.cookie, "description": "The browser's session."},
        }
        made["security"] = [{"token": []}, {"session": []}]
        app.state.openapi = made
    return made


def _moved(value: Any) -> Any:
    """A schema with its references to where OpenAPI keeps schemas."""
    if isinstance(value, dict):
        return {k: _moved(v) if k != "$ref" else v.replace("#/$defs/", "#/components/schemas/") for k, v in value.items()}
    return [_moved(v) for v in value] if isinstance(value, list) else value


@router.get("/openapi.json")
def document(request: Request, desk: DeskDep) -> Response:
    """The OpenAPI document."""
    return answer(described(request.app))


@router.get("/docs")
def docs(request: Request, desk: DeskDep) -> Response:
    """The OpenAPI document for people."""
    made = described(request.app)
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in made["tags"]}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            groups[operation["tags"][0]].append(
                {
                    "method": method.upper(),
                    "path": path,
                    "id": operation["operationId"],
                    "about": operation.get("description") or operation.get("summary", ""),
                    "parameters": [
                        {
                            "name": p["name"],
                            "where": p["in"],
                            "required": p.get("required", False),
                            "about": p.get("description", ""),
                            "type": _type(p["schema"]),
                        }
                        for p in operation.get("parameters", ())
                    ],
                    "body": _type(next(iter(operation["requestBody"]["content"].values()))["schema"])
                    if "requestBody" in operation
                    else None,
                    "answers": [
                        {
                            "status": status,
                            "about": a["description"],
                            "type": _answer_type(a),
                        }
                        for status, a in operation["responses"].items()
                    ],
                }
            )
    shapes = [
        {
            "name": name,
            "about": shape.get("description", ""),
            "fields": [
                {"name": key, "type": _type(value), "about": value.get("description", "")}
                for key, value in shape.get("properties", {}).items()
            ],
        }
        for name, shape in sorted(made["components"]["schemas"].items())
    ]
    return desk.page("api.html", lead=_LEAD, about=_ABOUT, pieces=_pieces, groups=groups, tags=made["tags"], shapes=shapes)


def _answer_type(answer: dict[str, Any]) -> str:
    shapes = [content.get("schema", {}) for content in answer.get("content", {}).values()]
    return _type(shapes[0]) if shapes else ""


def _type(shape: dict[str, Any]) -> str:
    """A schema in a few words: `list of EventRow`, `text or null`, `one of …`."""
    if "$ref" in shape:
        return str(shape["$ref"]).rsplit("/", 1)[-1]
    for key in ("anyOf", "oneOf"):
        if key in shape:
            return " or ".join(dict.fromkeys(map(_type, shape[key])))
    if "enum" in shape:
        return ", ".join(map(str, shape["enum"]))
    if "const" in shape:
        return str(shape["const"])
    if shape.get("type") == "array":
        inner = shape.get("items") or {}
        return f"list of {_type(inner)}" if isinstance(inner, dict) and inner else "list"
    words = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "object": "object",
        "null": "null",
    }
    word = words.get(str(shape.get("type")), "any")
    bounds = [f"{name} {shape[key]}" for key, name in (("minimum", "from"), ("maximum", "to")) if key in shape]
    return " ".join([word, *bounds])


def _pieces(text: str) -> list[tuple[bool, str]]:
    """The parts of a text, and which of them stand between backticks."""
    return [(n % 2 == 1, part) for n, part in enumerate(text.split("`")) if part]

"""What musnad is for and not for, this record's facts, and whose work the desk is made of."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response

import musnad
from musnad.web.desk import DeskDep
from musnad.web.giving import record_name

router = APIRouter()
_VENDOR = Path(__file__).parents[1] / "static" / "vendor"
_ROW = re.compile(r"\| \[[^\]]+\]\(([^)]+)\) \| (\S+) \| (\S+) \| \[([^\]]+)\]\(([^)]+)\) \| (\S+) \|")


@cache
def parts() -> list[dict[str, str]]:
    """The vendored packages, one a package: name, version, licence, its text's address and where it comes from."""
    found: dict[str, dict[str, str]] = {}
    for m in _ROW.finditer((_VENDOR / "README.md").read_text(encoding="utf-8")):
        _, name, version, licence, text, source = m.groups()
        found.setdefault(name, {"name": name, "version": version, "licence": licence, "text": f"/static/vendor/{text}", "source": source})
    return list(found.values())


@router.get("/about")
def about(desk: DeskDep) -> Response:
    """The page."""
    counts = desk.store.kept("page: counts", desk.store.counts)
    return desk.page("explore/about.html", version=musnad.__version__, counts=counts, record=record_name(desk), parts=parts())

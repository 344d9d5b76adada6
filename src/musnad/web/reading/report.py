"""The page of a report, and the report as a file."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from musnad.export.cards import LAYERS_SHOWN
from musnad.export.jsonl import encode
from musnad.export.marks import marks
from musnad.record.errors import StoreError
from musnad.record.kinds import Line
from musnad.store.neighbours import neighbours
from musnad.web.desk import Desk, DeskDep, WantedDep
from musnad.web.reading.cards import cards_html
from musnad.web.reading.compare import MOST, difference
from musnad.web.reading.family import family_of
from musnad.web.reading.lists import HELD
from musnad.web.reading.sheet import Sheet, open_sheet
from musnad.web.reading.text import text_html
from musnad.web.wording import Words, harmless

router = APIRouter()
_SOURCE_SHOWN = 30_000
"""Code points of the source that the page itself holds; the file has all of it."""


@router.get("/reports/{id}.json")
def as_line(desk: DeskDep, id: str) -> Response:
    """The report's line in the form of `musnad read`, as people left it."""
    sheet = _sheet(desk, id)
    headers = {"Content-Disposition": f'attachment; filename="musnad-{sheet.row["id"]}.json"'}
    return Response(encode(sheet.line), media_type="application/json", headers=headers)


@router.get("/reports/{id}.txt")
def as_text(desk: DeskDep, id: str) -> Response:
    """The source text of the page that the report stands in: what all offsets count in."""
    sheet = _sheet(desk, id)
    headers = {"Content-Disposition": f'attachment; filename="musnad-{sheet.row["id"]}.txt"'}
    return Response(sheet.source.encode("utf-8", "replace"), media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/reports/{id}/against/{other}")
def against(desk: DeskDep, id: str, other: str) -> Response:
    """A report beside one of its family: what was left out, and what was added."""
    here, there = _sheet(desk, id), _sheet(desk, other)
    found = difference(there.line, here.line)
    return desk.page("report_against.html", here=here, there=there, found=found, most=MOST, harmless=harmless)


@router.get("/reports/{id}")
def report(desk: DeskDep, id: str, wanted: WantedDep, show: str | None = None) -> Response:
    """The page. `show` is an item to be lit; the rest of the address is the question whose list the reader came from."""
    sheet = _sheet(desk, id)
    words, params = desk.words, desk.request.query_params
    query = urlencode({k: v for k, v in params.items() if v and k in HELD})
    try:
        before, after = neighbours(desk.store, id, wanted)
    except StoreError:
        before, after, query = None, None, ""
    return desk.page(
        "report.html",
        sheet=sheet,
        text=text_html(sheet.source, sheet.line),
        cards=cards_html(sheet, words, desk.user.may("coder")),
        shown=_shown(sheet, show),
        before=before,
        after=after,
        query=f"?{query}" if query else "",
        title=_title(sheet),
        came_from_list=bool(query),
        family=family_of(desk.store, id),
        address=web_address(sheet.row["url"]),
        harmless=harmless,
        source=harmless(sheet.source[:_SOURCE_SHOWN]),
        whole=len(sheet.source) <= _SOURCE_SHOWN,
        legend=_legend(sheet.line, words),
    )


_ENTITY_LAYERS = ("PER", "ORG", "LOC", "NORP")


@dataclass(frozen=True)
class Shown:
    """What the address asks to be lit: the card, and the place of the item's words. `gone` is what was asked for and isn't there any more."""

    card: str = ""
    start: int | None = None
    end: int | None = None
    gone: str = ""


def _sheet(desk: Desk, id: str) -> Sheet:
    """The sheet of a report as it is now. Raises 404."""
    found = open_sheet(desk.store, id)
    if found is None:
        raise HTTPException(404)
    return found


def _shown(sheet: Sheet, show: str | None) -> Shown:
    if not show:
        return Shown()
    found = sheet.find(show)
    if found is None:
        return Shown(gone=show)
    return Shown(*found)


def _title(sheet: Sheet) -> str:
    title = sheet.line.report.title
    return harmless(" ".join((title.text if title else sheet.row["key"]).split())[:300])


def _legend(line: Line, words: Words) -> list[tuple[str, str, int]]:
    """The layers that can be switched: class, name, and how many of them the text has."""
    found: dict[str, set[tuple[int, int, str]]] = {key: set() for key, _ in LAYERS_SHOWN}
    for m in marks(line):
        for key in m.classes.split():
            if key in found:
                found[key].add((m.start, m.end, m.card) if key in _ENTITY_LAYERS else (0, 0, m.card))
    return [(key, label[words.lang == "en"], len(found[key])) for key, label in LAYERS_SHOWN]


def web_address(url: str | None) -> str | None:
    """An address that may be followed: http or https with a host, nothing else."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    fine = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    return url if fine and url and url.isprintable() and not any(c.isspace() for c in url) else None

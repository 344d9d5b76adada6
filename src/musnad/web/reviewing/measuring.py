"""How far reviewers agree, what they did lately, and corrected pages to take along."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from musnad.export.gold import gold_pages
from musnad.store import review
from musnad.web.desk import CoderDep, Desk, DeskDep, WantedDep

router = APIRouter()


@router.get("/review/agreement")
def agreement(desk: DeskDep) -> Response:
    """Agreement by layer, and the newest judgements."""
    return desk.page("review/agreement.html", layers=review.agreement(desk.store), recent=review.recent(desk.store, 60))


@router.get("/review/gold.zip")
def gold(desk: CoderDep, wanted: WantedDep) -> Response:
    """The pages whose items people reviewed, as gold: NAME.gold.json and pages/NAME.txt, as `musnad export gold` writes them."""
    headers = {"Content-Disposition": 'attachment; filename="musnad-gold.zip"'}
    return StreamingResponse(_zipped(desk, wanted), media_type="application/zip", headers=headers)


class _Outflow(io.RawIOBase):
    """What a ZIP writer writes, to be sent on piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        out = b"".join(self.pieces)
        self.pieces.clear()
        return out


def _zipped(desk: Desk, wanted: object) -> Iterator[bytes]:
    from musnad.store.filters import Filter

    assert isinstance(wanted, Filter)
    out = _Outflow()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text, page in gold_pages(desk.store, wanted):
            file.writestr(f"gold/pages/{name}", text)
            file.writestr(f"gold/{name.removesuffix('.txt')}.gold.json", json.dumps(page, ensure_ascii=False, indent=1) + "\n")
            yield out.taken()
    yield out.taken()

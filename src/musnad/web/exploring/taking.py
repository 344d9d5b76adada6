"""Each list as a file, and names while one types."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import Response

from musnad.store import people
from musnad.web.desk import DeskDep, WantedDep
from musnad.web.giving import VIEWS, give

router = APIRouter()


def _file(name: str, form: str) -> Callable[..., Response]:
    def answer(desk: DeskDep, wanted: WantedDep) -> Response:
        return give(desk, wanted, name, form)

    return answer


for _name in VIEWS:
    for _form in ("csv", "json"):
        router.add_api_route(f"/{_name}.{_form}", _file(_name, _form), methods=["GET"])


@router.get("/suggest")
def suggest(desk: DeskDep, actor: str = "", place: str = "") -> Response:
    """The options of a datalist: names that hold what is typed."""
    found = people.suggestions(desk.store, place, ("LOC",)) if place else people.suggestions(desk.store, actor)
    return desk.page("explore/suggest.html", found=found)

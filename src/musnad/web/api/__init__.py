"""The API, `/api/v1`: everything that the desk's pages show, for programs."""

from fastapi import APIRouter

from musnad.web.api import describing, judging, lists, streaming, whole

router = APIRouter(prefix=describing.PREFIX)
for part in (whole, lists, judging, streaming, describing):
    router.include_router(part.router)

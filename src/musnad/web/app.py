"""The desk as an ASGI application: its parts in one table, its errors in plain words."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.gzip import GZipMiddleware

from musnad import __version__
from musnad.record.errors import MusnadError
from musnad.store.store import open_store
from musnad.web import accounts, api, exploring, reading, reviewing
from musnad.web.desk import NotSignedIn, Setting, guarded, language, page
from musnad.web.guard import Guard
from musnad.web.wording import Words, catalogue

ROUTERS = (reading.router, reviewing.router, exploring.router, accounts.router, api.router)
"""Everything that the desk answers to those who are signed in, in order. Each unsafe request is checked for its CSRF token."""
_ENVIRONMENT = "MUSNAD_DESK"
_AT_ONCE = 8
"""Questions that one process answers at the same time; more would only take turns on its processor, and each holds memory."""
_TURN = 0.0005
"""Seconds after which a thread that computes gives way: one that asks the record waits for its turn after each row, and Python's 5 ms would add up."""
_CACHE = 6
"""MB of the record that each connection keeps; the system keeps the file's pages for all of them."""


def create_app(setting: Setting) -> FastAPI:
    """The application for one record. Raises StoreError where it can't be opened."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = _AT_ONCE
        sys.setswitchinterval(_TURN)
        yield
        app.state.store.close()

    app = FastAPI(
        title="musnad",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    app.state.setting = setting
    app.state.store = open_store(setting.record, reveal=setting.reveal, cache=_CACHE)
    app.include_router(accounts.public)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(guarded)])
    app.mount("/static", Static(directory=Path(__file__).parent / "static"))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guard, setting=setting)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(MusnadError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(Exception, _broken)
    return app


def from_environment() -> FastAPI:
    """The application as `musnad serve` described it to this worker process."""
    said = json.loads(os.environ[_ENVIRONMENT])
    return create_app(Setting(**{**said, "hosts": tuple(said["hosts"])}))


def to_environment(setting: Setting) -> None:
    """Describe the desk to worker processes."""
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # else the C library keeps memory apart for each thread
    os.environ[_ENVIRONMENT] = json.dumps(asdict(setting))


class Static(StaticFiles):
    """Our own files. Browsers ask each time whether they changed, except for vendored ones."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        vendored = "/vendor/" in str(args[0])
        response.headers["Cache-Control"] = "public, max-age=604800" if vendored else "no-cache"
        return response


def _api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def problem(request: Request, status: int, key: str, detail: str | None = None) -> Response:
    """An error in plain words, as a page or (for the API) as JSON: what happened, and what to do."""
    words = Words(language(request))
    known = key in catalogue(words.lang)
    what, todo = (words(key) if known else key), words(f"{key}.todo") if f"{key}.todo" in catalogue(words.lang) else ""
    if _api(request):
        return JSONResponse({"error": detail or what, "what_to_do": todo or None}, status)
    return page(request, "problem.html", status, desk=None, t=words, what=what, detail=detail, todo=todo)


async def _not_signed_in(request: Request, error: Exception) -> Response:
    setting: Setting = request.app.state.setting
    if _api(request) or request.method not in ("GET", "HEAD"):
        return problem(request, 401, "errors.signed_out")
    if setting.team:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(accounts.login_address(here), 303)
    return problem(request, 403, "errors.no_token")


async def _refused(request: Request, error: Exception) -> Response:
    return problem(request, 400, "errors.refused", str(error))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    said = "; ".join(f"{'.'.join(str(x) for x in e['loc'][1:])}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors()[:5])
    return problem(request, 422, "errors.invalid", said)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException | StarletteHTTPException)
    key = (
        error.detail if str(error.detail).startswith("errors.") else {404: "errors.not_found", 405: "errors.method"}.get(error.status_code)
    )
    if key is None:
        return problem(request, error.status_code, "errors.refused", str(error.detail))
    response = problem(request, error.status_code, key)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def _broken(request: Request, error: Exception) -> Response:
    return problem(request, 500, "errors.broken")

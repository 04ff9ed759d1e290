"""The application: its addresses, behind its gate."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import Response

from voxemo_scan import __version__
from voxemo_scan.web import answers
from voxemo_scan.web.desk import Desk, open_desk
from voxemo_scan.web.routes import (
    clips,
    explain,
    health,
    info,
    listen,
    live,
    page,
    pictures,
    reports,
    scans,
)
from voxemo_scan.web.security.gate import Gate, Rules
from voxemo_scan.web.security.hosts import hosts_of
from voxemo_scan.web.security.rate import RateLimit
from voxemo_scan.web.settings import WebSettings

_TRIES_PER_MINUTE: Final = 20
_WORK: Final = frozenset({"/api/v1/listen", "/api/v1/pictures", "/api/v1/explain", "/api/v1/scans"})


def create_app(settings: WebSettings) -> FastAPI:
    """Return the application; its workers start when it is served.

    Raises:
        UsageError: a folder that was named cannot be read.
        MissingError: the page or the model is not installed.
    """
    folder = Path(tempfile.mkdtemp(prefix="voxemo-scan-"))  # readable by this user alone
    try:
        desk = open_desk(settings, folder)
        return _app(desk)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _app(desk: Desk) -> FastAPI:
    tries = RateLimit(_TRIES_PER_MINUTE)
    app = FastAPI(
        title="voxemo-scan",
        version=__version__,
        summary="Which emotions the voices in recordings carry.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan(desk),
    )
    app.state.desk = desk
    answers.install(app)
    for module in (info, listen, pictures, explain, clips, live, scans, reports, health):
        app.include_router(module.router(desk))
    app.include_router(page.router(desk, tries=tries))
    _describe(app, token=desk.settings.token is not None)
    app.add_middleware(Gate, rules=_rules(desk, tries), metrics=desk.metrics)
    return app


def _rules(desk: Desk, tries: RateLimit) -> Rules:
    limits = desk.settings.limits
    return Rules(
        hosts=hosts_of(desk.settings),
        token=desk.settings.token,
        work=RateLimit(limits.work_per_minute),
        asks=RateLimit(limits.asks_per_minute),
        tries=tries,
        is_work=lambda method, path: method == "POST" and path in _WORK,
        drain_bytes=limits.bytes,
        text_bytes=2 * limits.manifest_bytes,  # of JSON, in which signs are escaped
    )


def _lifespan(desk: Desk) -> Any:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        desk.begin()
        try:
            yield
        finally:
            await desk.end()
            shutil.rmtree(desk.folder, ignore_errors=True)

    return lifespan


def _describe(app: FastAPI, *, token: bool) -> None:
    """Serve OpenAPI's description, with the token where one is asked for."""
    described = app.openapi()
    if token:
        schemes = described.setdefault("components", {}).setdefault("securitySchemes", {})
        schemes["token"] = {"type": "http", "scheme": "bearer"}
        for path, methods in described["paths"].items():
            for operation in methods.values() if path != "/healthz" else ():
                operation["security"] = [{"token": []}]
    text = json.dumps(described)

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return Response(text, media_type="application/json")

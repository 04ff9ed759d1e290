"""``/``, ``/static/NAME`` and ``/login``: the page, its files, and where the token is typed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from voxemo_scan.errors import MissingError
from voxemo_scan.web.answers import Refusal
from voxemo_scan.web.desk import Desk
from voxemo_scan.web.security.headers import PAGE_POLICY
from voxemo_scan.web.security.rate import RateLimit
from voxemo_scan.web.security.tokens import cookie_of, is_token

_KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".json": "application/json",
}
_HEADERS: Final = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
_FORM_BYTES: Final = 2048
_WRONG: Final = b'  <p role="alert" class="wrong">That is not the token.</p>\n'


def router(desk: Desk, *, tries: RateLimit) -> APIRouter:
    """Return the addresses of this subject; ``tries`` bounds how often tokens are tried.

    The files are read once: which there are is settled before anybody asks.
    """
    routes = APIRouter(include_in_schema=False)
    static = dict(_read(files("voxemo_scan.web") / "static"))
    login = dict(_read(files("voxemo_scan.web") / "login"))
    login["wrong.html"] = login["login.html"].replace(b"  <form", _WRONG + b"  <form", 1)
    if "index.html" not in static:
        raise MissingError("the page is not installed", remedy="install voxemo-scan[web] anew")

    @routes.api_route("/", methods=["GET", "HEAD"])
    async def page() -> Response:
        return _served("index.html", static)

    @routes.api_route("/static/{name:path}", methods=["GET", "HEAD"])
    async def file(name: str) -> Response:
        return _served(name, static)

    @routes.api_route("/login", methods=["GET", "HEAD"])
    async def ask() -> Response:
        return _served("login.html", login)

    @routes.get("/login.css")
    async def style() -> Response:
        return _served("login.css", login)

    @routes.post("/login")
    async def enter(request: Request) -> Response:
        token = desk.settings.token
        if token is None:
            return RedirectResponse("/", 303)
        if wait_s := tries.take(request.client.host if request.client else "unknown"):
            raise Refusal(429, "too many tokens", "wait", {"Retry-After": f"{wait_s:.0f}"})
        if is_token(await _typed(request), token):
            return RedirectResponse("/", 303, headers={"Set-Cookie": cookie_of(token)})
        return _served("wrong.html", login, status=401)

    return routes


async def _typed(request: Request) -> str | None:
    """Return the token that a form holds, in few bytes."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _FORM_BYTES:
            raise Refusal(413, "that is no token", "type the token that was printed")
    return next(iter(parse_qs(body.decode("latin-1")).get("token", ())), None)


def _served(name: str, held: dict[str, bytes], *, status: int = 200) -> Response:
    data = held.get(name)
    if data is None:
        raise Refusal(404, "there is no such file")
    kind = _KINDS["." + name.rpartition(".")[2]]
    return Response(data, status_code=status, media_type=kind, headers=_HEADERS)


def _read(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _read(entry, f"{prefix}{entry.name}/")
        elif "." + entry.name.rpartition(".")[2] in _KINDS:
            yield prefix + entry.name, entry.read_bytes()

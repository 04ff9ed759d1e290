"""What every request passes first: host, origin, rate, token; and the headers of every answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voxemo_scan.web.answers import Refusal, busy, error_response
from voxemo_scan.web.intake.drain import drain
from voxemo_scan.web.metrics import Metrics
from voxemo_scan.web.security.headers import ALWAYS
from voxemo_scan.web.security.hosts import Hosts, is_foreign
from voxemo_scan.web.security.rate import RateLimit
from voxemo_scan.web.security.tokens import cookie_of, is_token, token_in

_OPEN: Final = frozenset({"/healthz", "/login", "/login.css"})
_PAGES: Final = frozenset({"/", "/login"})
_POLICY_VIOLATED: Final = 1008
_TRY_AGAIN: Final = 1013


@dataclass(frozen=True)
class Rules:
    """What the gate holds requests against; ``is_work`` tells those that cost a worker's time.

    A body that is no recording takes ``text_bytes`` at most; of a refused one ``drain_bytes`` are
    read.
    """

    hosts: Hosts
    token: str | None
    work: RateLimit
    asks: RateLimit
    tries: RateLimit
    is_work: Callable[[str, str], bool]
    drain_bytes: int
    text_bytes: int


class Gate:
    """An ASGI application in front of another."""

    def __init__(self, app: ASGIApp, *, rules: Rules, metrics: Metrics) -> None:
        self._app = app
        self._rules = rules
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if scope["type"] == "websocket":
            if refusal is not None:
                self._metrics.refused.labels(str(refusal.status)).inc()
                await _refuse_socket(refusal, scope, receive, send)
                return
            await self._app(scope, receive, send)
            return
        with self._metrics.timed(scope) as timed:
            sender = _with_headers(send, told=timed.answered)
            if refusal is not None:
                self._metrics.refused.labels(str(refusal.status)).inc()
                await drain(receive, most_bytes=self._rules.drain_bytes)
                await refusal.answer()(scope, receive, sender)
            elif entry := self._entry(scope):
                await entry(scope, receive, sender)
            else:
                await self._app(scope, self._bounded(scope, receive), sender)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = {name: value for name, value in Headers(scope=scope).items()}  # noqa: C416
        path, method = scope["path"], scope.get("method", "POST")
        if len(Headers(scope=scope).getlist("host")) != 1:
            return Refusal(400, "the request names no host, or several")
        if not self._rules.hosts.allows(headers["host"]):
            return Refusal(
                403, "this is not a host that the application is served under",
                "open it by the address that it printed, or start it with --name HOST",
            )  # fmt: skip
        if is_foreign(headers, method=method, navigates=path in _PAGES):
            return Refusal(403, "another site's page sent this request", "open the page itself")
        return (
            self._too_often(scope, path, method)
            or self._locked(scope, headers, path)
            or self._too_large(headers)
        )

    def _too_often(self, scope: Scope, path: str, method: str) -> Refusal | None:
        client = scope["client"][0] if scope.get("client") else "unknown"
        limit = self._rules.work if self._rules.is_work(method, path) else self._rules.asks
        wait_s = limit.take(client)
        return busy("too many requests from this address", after_s=wait_s) if wait_s else None

    def _locked(self, scope: Scope, headers: dict[str, str], path: str) -> Refusal | None:
        token = self._rules.token
        if token is None or path in _OPEN or path == "/" or path.startswith("/static/"):
            return None
        given = token_in(headers)
        if is_token(given, token):
            return None
        if given is not None and (wait_s := self._tried(scope)):
            return busy("too many wrong tokens from this address", after_s=wait_s)
        return Refusal(
            401, "this needs the token that the application was started with",
            "open /login, or send the header Authorization: Bearer TOKEN",
            {"WWW-Authenticate": "Bearer"},
        )  # fmt: skip

    def _too_large(self, headers: dict[str, str]) -> Refusal | None:
        """Refuse a body of text that says of itself that it is too large."""
        length = headers.get("content-length", "0")
        if _is_form(headers) or not length.isdigit() or int(length[:18]) <= self._rules.text_bytes:
            return None
        return _no_text(self._rules.text_bytes)

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """Return ``receive`` for which a body of text ends where it grows too large."""
        if _is_form(dict(Headers(scope=scope).items())):
            return receive
        left = self._rules.text_bytes

        async def received() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise _no_text(self._rules.text_bytes)
            return message

        return received

    def _tried(self, scope: Scope) -> float:
        return self._rules.tries.take(scope["client"][0] if scope.get("client") else "unknown")

    def _entry(self, scope: Scope) -> Response | None:
        """Return where one who opens the page is sent to first; None if it is to be shown."""
        token = self._rules.token
        if token is None or scope["path"] != "/" or scope["method"] not in {"GET", "HEAD"}:
            return None
        headers = dict(Headers(scope=scope).items())
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("token")
        if asked:
            if wait_s := self._tried(scope):
                return error_response(
                    429, "too many tokens", headers={"Retry-After": f"{wait_s:.0f}"}
                )
            if is_token(asked[0], token):
                return RedirectResponse("/", 303, headers={"Set-Cookie": cookie_of(token)})
        return None if is_token(token_in(headers), token) else RedirectResponse("/login", 303)


def _with_headers(send: Send, *, told: Callable[[int], None]) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
            told(message["status"])
        await send(message)

    return sender


def _is_form(headers: dict[str, str]) -> bool:
    """Tell whether a body is one that is bounded where it is received: a recording's."""
    return headers.get("content-type", "").lower().startswith("multipart/form-data")


def _no_text(most_bytes: int) -> Refusal:
    return Refusal(413, f"the request is larger than {most_bytes // 1024} KiB", "send less")


async def _refuse_socket(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a WebSocket's first request with the refusal, where the server can."""
    await receive()
    if "websocket.http.response" in scope.get("extensions", {}):
        answer = refusal.answer()
        start = {"status": answer.status_code, "headers": answer.raw_headers}
        await send({"type": "websocket.http.response.start", **start})
        await send({"type": "websocket.http.response.body", "body": answer.body})
        return
    code = _TRY_AGAIN if refusal.status == 429 else _POLICY_VIOLATED
    await send({"type": "websocket.close", "code": code, "reason": refusal.message})

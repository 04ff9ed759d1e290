"""An upload in a private file that is gone when it has been dealt with."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from voxemo_scan.web.answers import Refusal
from voxemo_scan.web.intake.drain import drain
from voxemo_scan.web.intake.multipart import FileParser, boundary_of
from voxemo_scan.web.metrics import Metrics
from voxemo_scan.web.settings import Limits

_FORM_BYTES: Final = 64 * 1024
"""What a form may take beside its file."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload: where its bytes are, and what its sender calls it (never a path)."""

    path: Path
    name: str


@asynccontextmanager
async def received(
    request: Request, *, folder: Path, limits: Limits, metrics: Metrics
) -> AsyncIterator[Upload]:
    """Receive the request's file into ``folder``, under a name of ours; leaving removes it.

    Raises:
        Refusal: 400, 408, 413, 415 or 422: it is too large, too slow or no form with one file.
    """
    path = folder / token_hex(16)
    try:
        body = _Body(request.receive, limits)
        try:
            name = await _write(request, body, path, limits=limits, metrics=metrics)
        except Refusal:
            if body.more:
                await drain(request.receive, most_bytes=4 * limits.bytes)
            raise
        yield Upload(path, name)
    finally:
        path.unlink(missing_ok=True)


async def _write(
    request: Request, body: _Body, path: Path, *, limits: Limits, metrics: Metrics
) -> str:
    boundary = boundary_of(request.headers.get("content-type", ""))
    most = limits.bytes + _FORM_BYTES
    if _declared(request) > most:
        raise _too_large(limits)
    with path.open("xb") as file:
        sink = _Sink(file.write, limits)
        parser = FileParser(boundary, sink.take)
        async for piece in body.pieces():
            most -= len(piece)
            if most < 0:
                raise _too_large(limits)
            parser.feed(piece)
        parser.finish()
    metrics.uploaded.inc(sink.bytes)
    if not sink.bytes:
        raise Refusal(422, f"{parser.name} is empty", "send a recording")
    return parser.name


def _declared(request: Request) -> int:
    text = request.headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class _Sink:
    """Counts what is written and stops at the limit."""

    def __init__(self, write: Callable[[bytes], object], limits: Limits) -> None:
        self._write = write
        self._limits = limits
        self.bytes = 0

    def take(self, data: bytes) -> None:
        self.bytes += len(data)
        if self.bytes > self._limits.bytes:
            raise _too_large(self._limits)
        self._write(data)


class _Body:
    """A request's body; ``more`` tells whether some of it may still come.

    Not ``request.stream()``: what is left after a refusal is still to be read.
    """

    def __init__(self, receive: Receive, limits: Limits) -> None:
        self._receive = receive
        self._limits = limits
        self.more = True

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body's pieces; who sends too slowly is given up."""
        until = time.monotonic() + self._limits.upload_s
        while self.more:
            wait_s = min(self._limits.silent_s, until - time.monotonic())
            try:
                message = await asyncio.wait_for(self._receive(), max(wait_s, 0.001))
            except TimeoutError:
                self.more = False  # no more is waited for
                raise Refusal(408, "the upload is too slow", "send a smaller file") from None
            if message["type"] != "http.request":
                raise ClientDisconnect
            self.more = message.get("more_body", False)
            yield message.get("body", b"")


def _too_large(limits: Limits) -> Refusal:
    return Refusal(
        413, f"the recording is larger than {limits.bytes / 2**20:g} MiB",
        "cut or compress it, or use `voxemo-scan listen`, which takes any size",
    )  # fmt: skip

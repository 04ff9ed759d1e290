"""``/api/v1/live``: a WebSocket that listens while somebody speaks."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from secrets import token_hex

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from voxemo_scan.errors import VoxemoError
from voxemo_scan.web.answers import Refusal
from voxemo_scan.web.crew.jobs import Listen
from voxemo_scan.web.desk import Desk
from voxemo_scan.web.live.protocol import follow, send, started
from voxemo_scan.web.live.session import Session, Stopped, Tools

_TRY_AGAIN = 1013
_FAULT = 1011
_EARS = 2


def router(desk: Desk) -> APIRouter:
    """Return the addresses of this subject."""
    routes = APIRouter(prefix="/api/v1")
    tools = Tools(
        chorus=desk.chorus,
        ears=ThreadPoolExecutor(_EARS, thread_name_prefix="ear"),
        limits=desk.settings.limits,
        metrics=desk.metrics,
    )

    @routes.websocket("/live")
    async def live(socket: WebSocket) -> None:
        """Listen to one person; see the contract in ``docs/web.md``."""
        await socket.accept()
        try:
            with desk.live_crew.place():
                await _listened(socket, desk, tools)
        except WebSocketDisconnect:
            pass
        except Stopped as end:
            await _end(socket, end.code, end.message, end.remedy)
        except Refusal as full:
            await _end(socket, _TRY_AGAIN, full.message, full.remedy)
        except VoxemoError as error:
            await _end(socket, _FAULT, error.message, error.remedy)

    return routes


async def _listened(socket: WebSocket, desk: Desk, tools: Tools) -> None:
    limits = desk.settings.limits
    rate = await started(socket, within_s=limits.silent_s)
    path = desk.folder / f"{token_hex(16)}.wav"
    try:
        session = Session(path, sampling_rate=rate, tools=tools)
        try:
            await send(socket, {"type": "ready"})
            await follow(socket, session)
            length_s = await session.finish()
        finally:
            await session.close()
        if not length_s:
            raise Stopped(1000, "nothing was recorded", "speak, then stop")
        job = Listen(path, "recording.wav", limits.live_s + 1.0)
        scene = await desk.crew.do(job)
        await send(socket, {"type": "done", "scene": scene})
        await socket.close()
    finally:
        path.unlink(missing_ok=True)


async def _end(socket: WebSocket, code: int, message: str, remedy: str) -> None:
    """Say why it ends, and end it."""
    with suppress(Stopped, WebSocketDisconnect, RuntimeError, asyncio.CancelledError):
        await send(socket, {"type": "error", "message": message, "remedy": remedy})
        await socket.close(code, reason=message[:100])

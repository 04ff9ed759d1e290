"""What is said over the WebSocket of live listening, and in which order."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from voxemo_scan.web.live.session import BAD_DATA, POLICY, STEP_S, Session, Stopped

LOWEST_HZ: Final = 8_000
HIGHEST_HZ: Final = 192_000
_SEND_S: Final = 10.0
_TEXT: Final = 1024


async def started(socket: WebSocket, *, within_s: float) -> int:
    """Return the sampling rate, Hz, that the first message tells.

    Raises:
        Stopped: it tells none.
        WebSocketDisconnect: the other side has gone.
    """
    try:
        message = await asyncio.wait_for(socket.receive(), within_s)
    except TimeoutError:
        raise Stopped(POLICY, "nothing came", 'send {"type": "start"} first') from None
    told = _message(message)
    rate = told.get("sampling_rate")
    if told.get("type") != "start" or not isinstance(rate, int) or isinstance(rate, bool):
        raise Stopped(
            BAD_DATA, "the first message does not tell a sampling rate",
            'send {"type": "start", "sampling_rate": 48000}',
        )  # fmt: skip
    if not LOWEST_HZ <= rate <= HIGHEST_HZ:
        raise Stopped(
            BAD_DATA, f"{rate} Hz is no sampling rate that is taken",
            f"send {LOWEST_HZ} to {HIGHEST_HZ} Hz",
        )  # fmt: skip
    return rate


async def follow(socket: WebSocket, session: Session) -> None:
    """Listen until the other side says stop, or as long as one may; tell what is heard meanwhile.

    Raises:
        Stopped: the other side did what it may not.
        WebSocketDisconnect: it has gone.
    """
    ended = asyncio.Event()
    hearing = asyncio.create_task(_hear(socket, session))
    telling = asyncio.create_task(_tell(socket, session, ended))
    try:
        await asyncio.wait({hearing, telling}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ended.set()  # what is being taken in is taken in whole
        hearing.cancel()
        ends = await asyncio.gather(hearing, telling, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def send(socket: WebSocket, message: dict[str, Any]) -> None:
    """Send ``message``; one who does not read is left.

    Raises:
        Stopped: nothing was read for too long.
    """
    try:
        await asyncio.wait_for(socket.send_text(json.dumps(message)), _SEND_S)
    except TimeoutError:
        raise Stopped(POLICY, "what was sent is not read") from None


async def _hear(socket: WebSocket, session: Session) -> None:
    """Take sound in until the other side says stop or the session is full."""
    while not session.is_full:
        message = await socket.receive()
        if (data := message.get("bytes")) is not None:
            session.take(data)
        elif _message(message).get("type") == "stop":
            return
        else:
            raise Stopped(BAD_DATA, "a message is neither sound nor stop")


async def _tell(socket: WebSocket, session: Session, ended: asyncio.Event) -> None:
    """Tell what is heard, every half second; later where it takes longer."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        due = max(due + STEP_S, loop.time())
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), due - loop.time())
        if ended.is_set():
            return
        session.check_awake()
        await send(socket, await session.step())


def _message(message: Any) -> dict[str, Any]:
    """Return a text message's values.

    Raises:
        Stopped: it holds none.
        WebSocketDisconnect: the other side has gone.
    """
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text = message.get("text") or ""
    try:
        told = json.loads(text) if len(text) <= _TEXT else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Stopped(BAD_DATA, "a message cannot be read", "send JSON, then sound")
    return told

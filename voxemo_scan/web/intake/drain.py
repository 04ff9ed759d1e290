"""Reading what a refused sender still sends, so that the refusal is seen."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from starlette.types import Receive

_DRAIN_S: Final = 10.0


async def drain(receive: Receive, *, most_bytes: int) -> None:
    """Read what is left of a request that is refused, for a while.

    Whoever is still sending would take a closed connection for a fault and never see the answer.
    """
    left = most_bytes
    with suppress(TimeoutError, RuntimeError):
        async with asyncio.timeout(_DRAIN_S):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body"):
                    return

"""What the addresses that take a recording share: a place, the upload, and its description."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any, Final

from fastapi import Request

from voxemo_scan.web.answers import Refusal
from voxemo_scan.web.desk import Desk
from voxemo_scan.web.intake.drain import drain
from voxemo_scan.web.intake.upload import Upload, received

FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "One recording, of any kind that FFmpeg reads.",
                        }
                    },
                }
            }
        },
    }
}
"""OpenAPI's description of a body with one recording."""

UPLOAD_ERRORS: Final = (408, 413, 415, 422, 503)


@asynccontextmanager
async def admitted(desk: Desk, request: Request) -> AsyncIterator[Upload]:
    """Receive a recording for which a worker has, or will have, time.

    Raises:
        Refusal: no place is left, or it is no recording that is taken.
    """
    limits, held = desk.settings.limits, ExitStack()
    try:
        held.enter_context(desk.crew.place())
    except Refusal:
        await drain(request.receive, most_bytes=limits.bytes)
        raise
    with held:
        async with received(
            request, folder=desk.folder, limits=limits, metrics=desk.metrics
        ) as upload:
            yield upload

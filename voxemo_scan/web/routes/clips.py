"""``/api/v1/clips``: prepared clips to try."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse
from pydantic import BaseModel

from voxemo_scan.web.answers import Refusal, described
from voxemo_scan.web.crew.jobs import Measure
from voxemo_scan.web.desk import Desk

ClipId = Annotated[str, Path(pattern="^[a-z0-9-]{1,100}$", examples=["the-lighthouse"])]


class ClipTold(BaseModel):
    """A clip to try; ``expected`` is the one emotion that it is said to carry, if any."""

    id: str
    title: str
    group: str
    duration_s: float | None
    expected: str | None


def router(desk: Desk) -> APIRouter:
    """Return the addresses of this subject."""
    routes = APIRouter(prefix="/api/v1", tags=["clips"])
    measured: dict[str, float | None] = {}

    @routes.get("/clips", responses=described(503))
    async def clips() -> list[ClipTold]:
        """List the prepared clips."""
        missing = [clip for clip in desk.clips.values() if clip.id not in measured]
        if missing:
            lengths = await desk.crew.do(Measure(tuple(clip.path for clip in missing)))
            measured.update(zip((clip.id for clip in missing), lengths, strict=True))
        return [
            ClipTold(
                id=clip.id,
                title=clip.title,
                group=clip.group,
                duration_s=measured[clip.id],
                expected=clip.expected,
            )
            for clip in desk.clips.values()
        ]

    @routes.get(
        "/clips/{clip_id}",
        responses={**described(404, 416), 200: {"content": {"audio/*": {}}}},
        response_class=FileResponse,
    )
    async def clip(clip_id: ClipId) -> FileResponse:
        """Return a prepared clip's file."""
        found = desk.clips.get(clip_id)
        if found is None or not found.path.is_file():
            raise Refusal(404, "there is no such clip", "GET /api/v1/clips lists them")
        return FileResponse(found.path, media_type=found.media_type)

    return routes

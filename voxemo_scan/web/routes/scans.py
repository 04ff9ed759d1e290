"""``/api/v1/scans``: manifests run from the page, with their progress."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from voxemo_scan.errors import ManifestError
from voxemo_scan.web.answers import Refusal, described
from voxemo_scan.web.desk import Desk
from voxemo_scan.web.library import report_id
from voxemo_scan.web.scans.book import Scan, State

ScanId = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
_BEAT_S: Final = 10.0


class Asked(BaseModel):
    """A manifest to run: YAML text, whose sources are web addresses or ``clip:ID``."""

    manifest: str = Field(
        min_length=1,
        max_length=256 * 1024,
        examples=["name: One clip\nscenes:\n  - {id: one, source: 'clip:the-lighthouse'}\n"],
    )


class Taken(BaseModel):
    """The id of a run that waits."""

    id: str


class SceneTold(BaseModel):
    """How far a scene is: ``done`` is the fraction, 0..1, of its stage."""

    id: str
    title: str
    state: State
    stage: str | None
    done: float | None
    outcome: str | None


class ScanTold(BaseModel):
    """A run; ``report`` is the address of its report, once there is one."""

    id: str
    name: str
    state: State
    scenes: list[SceneTold]
    exit_code: int | None
    error: str | None
    report: str | None


def router(desk: Desk) -> APIRouter:
    """Return the addresses of this subject."""
    routes = APIRouter(prefix="/api/v1", tags=["scans"])

    @routes.post("/scans", status_code=202, responses=described(413, 422))
    async def add(asked: Asked) -> Taken:
        """Take a manifest on; it is run when those before it have ended."""
        try:
            return Taken(id=desk.book.add(asked.manifest).id)
        except ManifestError as error:
            raise _mistakes(error) from None

    @routes.get("/scans", responses=described())
    async def scans() -> list[ScanTold]:
        """List the runs since the application began, the latest first."""
        return [_told(scan, desk) for scan in desk.book.scans()]

    @routes.get("/scans/{scan_id}", responses=described(404, 422))
    async def scan(scan_id: ScanId) -> ScanTold:
        """Say how far a run is."""
        return _told(desk.book.scan(scan_id), desk)

    @routes.get(
        "/scans/{scan_id}/events",
        responses={**described(404, 422), 200: {"content": {"text/event-stream": {}}}},
        response_class=StreamingResponse,
    )
    async def events(scan_id: ScanId) -> StreamingResponse:
        """Say how far a run is, again whenever it has changed, as server-sent events."""
        desk.book.scan(scan_id)
        return StreamingResponse(_events(scan_id, desk), media_type="text/event-stream")

    @routes.delete("/scans/{scan_id}", responses=described(404, 422))
    async def cancel(scan_id: ScanId) -> ScanTold:
        """Cancel a run; one that has ended stays as it is."""
        return _told(await desk.book.cancel(scan_id), desk)

    return routes


async def _events(scan_id: str, desk: Desk) -> AsyncIterator[str]:
    async for scan in desk.book.follow(scan_id, every_s=_BEAT_S):
        if scan is None:
            yield ": waiting\n\n"
        else:
            yield f"event: scan\ndata: {json.dumps(_told(scan, desk).model_dump())}\n\n"


def _told(scan: Scan, desk: Desk) -> ScanTold:
    folder = desk.book.report_folder(scan)
    report = f"/api/v1/reports/{report_id(folder, root=folder.parent.absolute())}/report.html"
    return ScanTold(
        id=scan.id,
        name=scan.name,
        state=scan.state,
        scenes=[
            SceneTold(
                id=s.id, title=s.title, state=s.state, stage=s.stage, done=s.done, outcome=s.outcome
            )
            for s in scan.scenes
        ],
        exit_code=scan.exit_code,
        error=scan.error,
        report=report if scan.has_report else None,
    )


def _mistakes(error: ManifestError) -> Refusal:
    problems: list[dict[str, Any]] = [
        {"line": p.line, "column": p.column, "message": p.advice} for p in error.problems
    ]
    count = len(problems)
    return Refusal(
        422, f"{count} problem{'' if count == 1 else 's'} in the manifest",
        "mend what is listed", more={"problems": problems},
    )  # fmt: skip

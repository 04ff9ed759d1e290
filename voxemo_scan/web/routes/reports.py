"""``/api/v1/reports``: the library of earlier runs' reports."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel

from voxemo_scan.web.answers import Refusal, described
from voxemo_scan.web.desk import Desk
from voxemo_scan.web.library import FILES, KnownReport
from voxemo_scan.web.security.headers import DATA_POLICY, REPORT_POLICY

ReportId = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
FileName = Literal["report.html", "report.md", "report.json", "windows.csv"]


class SceneKnown(BaseModel):
    """A scene of a report."""

    id: str
    title: str
    dominant: str | None


class ReportKnown(BaseModel):
    """A report; ``url`` is where its page is, and its other files are beside it."""

    id: str
    name: str
    created: str
    scenes: list[SceneKnown]
    url: str


def router(desk: Desk) -> APIRouter:
    """Return the addresses of this subject."""
    routes = APIRouter(prefix="/api/v1", tags=["reports"])

    @routes.get("/reports", responses=described(422))
    async def reports(
        q: Annotated[
            str, Query(max_length=200, description="Words, all of which are to be there.")
        ] = "",
    ) -> list[ReportKnown]:
        """List earlier runs' reports, the latest first."""
        return [_told(each) for each in await asyncio.to_thread(desk.library.reports, q)]

    @routes.get(
        "/reports/{report_id}/{name}",
        responses={
            **described(404, 422),
            200: {"content": {kind.partition(";")[0]: {} for kind in FILES.values()}},
        },
        response_class=FileResponse,
    )
    async def file(report_id: ReportId, name: FileName) -> FileResponse:
        """Return one of a report's files."""
        path = await asyncio.to_thread(desk.library.file, report_id, name)
        if path is None:
            raise Refusal(404, "there is no such report", "GET /api/v1/reports lists them")
        policy = REPORT_POLICY if name == "report.html" else DATA_POLICY
        headers = {"Content-Security-Policy": policy}
        return FileResponse(path, media_type=FILES[name], headers=headers)

    return routes


def _told(report: KnownReport) -> ReportKnown:
    return ReportKnown(
        id=report.id,
        name=report.name,
        created=report.created,
        scenes=[SceneKnown(id=s.id, title=s.title, dominant=s.dominant) for s in report.scenes],
        url=f"/api/v1/reports/{report.id}/report.html",
    )

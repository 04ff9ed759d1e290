"""``/api/v1/listen``: which emotions the voices in a recording carry."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from voxemo_scan.web.answers import Refusal, described
from voxemo_scan.web.crew.jobs import Listen
from voxemo_scan.web.desk import Desk
from voxemo_scan.web.keep import keep_recording
from voxemo_scan.web.routes.schemas import SCENE
from voxemo_scan.web.routes.uploads import FORM, UPLOAD_ERRORS, admitted


def router(desk: Desk) -> APIRouter:
    """Return the addresses of this subject."""
    routes = APIRouter(prefix="/api/v1", tags=["listen"])

    @routes.post(
        "/listen",
        responses={**described(*UPLOAD_ERRORS), 200: SCENE},
        openapi_extra=FORM,
        response_class=JSONResponse,
    )
    async def listen(
        request: Request,
        keep: Annotated[
            bool, Query(description="Keep the recording, where the application was told to.")
        ] = False,
    ) -> Any:
        """Hear a recording and answer as `voxemo-scan listen --json` does for one."""
        if keep and desk.settings.keep is None:
            raise Refusal(
                403, "nothing is kept here", "start it with --keep DIR to keep recordings"
            )
        async with admitted(desk, request) as upload:
            longest_s = desk.settings.limits.duration_s
            found = await desk.crew.do(Listen(upload.path, upload.name, longest_s))
            if keep and desk.settings.keep is not None:
                keep_recording(upload, found, folder=desk.settings.keep)
        return JSONResponse(found)

    return routes

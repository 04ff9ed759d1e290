"""``/api/v1/explain``: what in a window drove its verdict."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from voxemo_scan.web.answers import described
from voxemo_scan.web.crew.jobs import Explain
from voxemo_scan.web.desk import Desk
from voxemo_scan.web.routes.uploads import FORM, UPLOAD_ERRORS, admitted


class Marked(BaseModel):
    """The part of the picture that speaks for the verdict most."""

    start_s: float
    end_s: float
    low_hz: float
    high_hz: float


class Explained(BaseModel):
    """What drove a verdict.

    ``weights``, [times][bands], -1..1, are of cells: above 0 what speaks for it. ``times_s`` and
    ``bands_hz`` are the cells' edges, ascending. ``image`` is a picture of it, ``narrow`` one for
    a phone, each the address of an SVG.
    """

    start_s: float
    end_s: float
    emotion: str
    probability: float
    bands_hz: list[float]
    times_s: list[float]
    weights: list[list[float]]
    marked: Marked
    says: str
    image: str
    narrow: str


def router(desk: Desk) -> APIRouter:
    """Return the addresses of this subject."""
    routes = APIRouter(prefix="/api/v1", tags=["pictures"])

    @routes.post("/explain", responses=described(*UPLOAD_ERRORS), openapi_extra=FORM)
    async def explain(
        request: Request,
        at_s: Annotated[float, Query(ge=0, le=1e6, allow_inf_nan=False)],
    ) -> Explained:
        """Say which stretch of time and band of pitch drove the verdict of the window at a time."""
        async with admitted(desk, request) as upload:
            longest_s = desk.settings.limits.duration_s
            found = await desk.crew.do(Explain(upload.path, upload.name, at_s, longest_s))
        return Explained.model_validate(found)

    return routes

"""``/api/v1/pictures``: what a recording looks like."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from voxemo_scan.audio.decode import SAMPLING_RATE
from voxemo_scan.web.answers import Refusal, described
from voxemo_scan.web.crew.jobs import Draw
from voxemo_scan.web.desk import Desk
from voxemo_scan.web.pictures.draw import LONGEST_S, Picture, Pictured
from voxemo_scan.web.routes.uploads import FORM, UPLOAD_ERRORS, admitted


class TimeAxis(BaseModel):
    """The way from left to right, seconds."""

    label: str
    begin: float = Field(serialization_alias="from")
    end: float = Field(serialization_alias="to")


class ValueAxis(BaseModel):
    """The way from the bottom up; each tick is its place, 0..1, and its text."""

    label: str
    ticks: list[tuple[float, str]]


class PictureTold(BaseModel):
    """One picture, with a sentence on what it shows."""

    id: str
    title: str
    says: str
    image: str
    x: TimeAxis
    y: ValueAxis


class Pictures(BaseModel):
    """A recording in pictures; ``peaks`` are the wave's lowest and highest point per column."""

    duration_s: float
    sampling_rate: int
    peaks: list[tuple[float, float]]
    pictures: list[PictureTold]


Seconds = Annotated[float | None, Query(ge=0, le=1e6, allow_inf_nan=False)]


def router(desk: Desk) -> APIRouter:
    """Return the addresses of this subject."""
    routes = APIRouter(prefix="/api/v1", tags=["pictures"])

    @routes.post("/pictures", responses=described(*UPLOAD_ERRORS), openapi_extra=FORM)
    async def pictures(
        request: Request, start_s: Seconds = None, end_s: Seconds = None
    ) -> Pictures:
        """Draw a recording's waveform, mel spectrogram, MFCC and chroma: at most 30 s of it."""
        begin_s = start_s or 0.0
        until_s = min(begin_s + LONGEST_S, begin_s + LONGEST_S if end_s is None else end_s)
        if until_s <= begin_s:
            raise Refusal(422, "end_s is not after start_s", "ask for a part that has a length")
        async with admitted(desk, request) as upload:
            longest_s = desk.settings.limits.duration_s
            drawn: Pictured = await desk.crew.do(
                Draw(upload.path, upload.name, begin_s, until_s, longest_s)
            )
        return Pictures(
            duration_s=drawn.end_s - drawn.start_s,
            sampling_rate=SAMPLING_RATE,
            peaks=list(drawn.peaks),
            pictures=[_told(each, drawn) for each in drawn.pictures],
        )

    return routes


def _told(picture: Picture, drawn: Pictured) -> PictureTold:
    return PictureTold(
        id=picture.id,
        title=picture.title,
        says=picture.says,
        image=picture.image,
        x=TimeAxis(label="s", begin=drawn.start_s, end=drawn.end_s),
        y=ValueAxis(label=picture.label, ticks=list(picture.ticks)),
    )

"""``/api/v1/info``: what the page must know before it asks for anything."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel

from voxemo_scan import __version__
from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.models.index import read_index
from voxemo_scan.report.palette import DARK, LIGHT
from voxemo_scan.web.answers import described
from voxemo_scan.web.desk import Desk

SYMBOLS: Final[dict[Emotion, str]] = {
    "neutral": "■", "happy": "▲", "sad": "▼", "angry": "✕", "fear": "◆", "disgust": "●",
}  # fmt: skip
"""A sign for each emotion: no colour stands alone."""


class ModelName(BaseModel):
    """Who listens."""

    name: str
    version: str


class EmotionLook(BaseModel):
    """How an emotion is shown."""

    id: str
    name: str
    colour_light: str
    colour_dark: str
    symbol: str


class LimitsTold(BaseModel):
    """How much one may ask for."""

    bytes: int
    duration_s: float
    live_s: float
    queue: int


class Info(BaseModel):
    """What this application is and allows; ``kept`` is the folder's name, null if nothing is."""

    version: str
    model: ModelName
    emotions: list[EmotionLook]
    limits: LimitsTold
    kept: str | None
    explain: bool


def router(desk: Desk) -> APIRouter:
    """Return the addresses of this subject."""
    routes = APIRouter(prefix="/api/v1", tags=["about"])

    @routes.get("/info", responses=described())
    async def info() -> Info:
        """Say which version and model listen, how emotions are shown, and what the limits are."""
        return _info(desk)

    return routes


def _info(desk: Desk) -> Info:
    limits, settings = desk.settings.limits, desk.settings
    index = read_index()
    model = index.info(settings.model)
    return Info(
        version=__version__,
        model=ModelName(name=model.name, version=model.version),
        emotions=[
            EmotionLook(
                id=emotion,
                name=emotion,
                colour_light=LIGHT.emotions[emotion],
                colour_dark=DARK.emotions[emotion],
                symbol=SYMBOLS[emotion],
            )
            for emotion in EMOTIONS
        ],
        limits=LimitsTold(
            bytes=limits.bytes,
            duration_s=limits.duration_s,
            live_s=limits.live_s,
            queue=limits.queue,
        ),
        kept=settings.keep.name if settings.keep else None,
        explain=index.explains(settings.model),
    )

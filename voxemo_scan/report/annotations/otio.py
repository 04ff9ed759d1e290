"""OpenTimelineIO: a timeline of one clip, the scene, with a marker for each mark.

The format is the Academy Software Foundation's, JSON of schema Timeline.1; it says itself how
many frames a second it counts.
"""

from __future__ import annotations

import json
from typing import Any, Final

from voxemo_scan.emotions import Emotion
from voxemo_scan.manifest.source import is_web
from voxemo_scan.report.annotations.frames import UNKNOWN_RATE, FrameRate
from voxemo_scan.report.annotations.sheet import Mark, Sheet
from voxemo_scan.text import clean

_COLOURS: Final[dict[Emotion, str]] = {
    "neutral": "WHITE",
    "happy": "YELLOW",
    "sad": "BLUE",
    "angry": "RED",
    "fear": "PURPLE",
    "disgust": "GREEN",
}


def to_otio(sheet: Sheet) -> str:
    """Return the scene's timeline. Times are whole frames of the clip's own time."""
    rate = sheet.rate or UNKNOWN_RATE
    timeline = _item(
        "Timeline.1",
        name=sheet.title,
        global_start_time=_time(sheet.first_frame, rate),
        tracks=_container(
            "Stack.1", "tracks",
            [_container("Track.1", "emotions", [_clip(sheet, rate)], kind="Video")],
        ),
        metadata={
            "voxemo_scan": {
                "created": sheet.created,
                "scene": sheet.name,
                "source": clean(sheet.source),
                "time_base": sheet.base,
            }
        },
    )  # fmt: skip
    return json.dumps(timeline, indent=1, ensure_ascii=False) + "\n"


def _clip(sheet: Sheet, rate: FrameRate) -> dict[str, Any]:
    first = rate.frame(sheet.start_s)
    scene = _range(first, max(rate.frame(sheet.end_s), first + 1), rate)
    return _item(
        "Clip.2",
        name=sheet.title,
        source_range=scene,
        enabled=True,
        effects=[],
        markers=[marker for mark in sheet.marks if (marker := _marker(mark, rate))],
        media_references={"DEFAULT_MEDIA": _media(sheet)},
        active_media_reference_key="DEFAULT_MEDIA",
    )


def _marker(mark: Mark, rate: FrameRate) -> dict[str, Any] | None:
    start, end = rate.frame(mark.start_s), rate.frame(mark.end_s)
    if start >= end:
        return None
    about = {"emotion": mark.emotion, "confidence": mark.confidence}
    return _item(
        "Marker.2",
        name=mark.caption,
        color=_COLOURS[mark.emotion],
        comment="Expressed emotion, as heard in the voice.",
        marked_range=_range(start, end, rate),
        metadata={"voxemo_scan": about | ({"voice": mark.voice} if mark.voice else {})},
    )


def _media(sheet: Sheet) -> dict[str, Any]:
    """Return the file that the scene is from; a page on the web is none."""
    source = clean(sheet.source)
    where = {"available_range": None, "available_image_bounds": None}
    if is_web(source):
        return _item("MissingReference.1", name=sheet.title, **where)
    return _item("ExternalReference.1", name=sheet.title, target_url=source, **where)


def _container(schema: str, name: str, children: list[Any], **values: Any) -> dict[str, Any]:
    return _item(
        schema, name=name, children=children, effects=[], enabled=True, markers=[],
        source_range=None, **values,
    )  # fmt: skip


def _range(start: int, end: int, rate: FrameRate) -> dict[str, Any]:
    length = _time(end - start, rate)
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(start, rate), "duration": length}


def _time(frame: int, rate: FrameRate) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate.rate), "value": float(frame)}


def _item(schema: str, **values: Any) -> dict[str, Any]:
    return {"OTIO_SCHEMA": schema, "metadata": {}} | values

"""All annotation files of a report, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from voxemo_scan.report.annotations.formats import FORMATS
from voxemo_scan.report.annotations.frames import UNKNOWN_RATE, FrameRate
from voxemo_scan.report.annotations.sheet import Sheet, TimeBase, make_sheet
from voxemo_scan.report.document import Report
from voxemo_scan.report.names import unique_names
from voxemo_scan.scan.result import SceneResult

FOLDER: Final = "captions"


@dataclass(frozen=True, slots=True)
class AnnotationOptions:
    """Which formats are written and how their times count.

    ``rates`` are frames a second, one for each of the report's scenes, None where a scene has no
    frames; ``start`` is the timecode of the time base's first frame.
    """

    formats: tuple[str, ...] = ("vtt",)
    base: TimeBase = "clip"
    rates: tuple[FrameRate | None, ...] = ()
    start: str = "00:00:00:00"


def annotation_files(report: Report, options: AnnotationOptions) -> dict[str, str]:
    """Return the text of ``captions/SCENE.ENDING`` for every scene that could be analysed.

    Raises:
        ValueError: ``options.start`` is no timecode at a scene's frame rate.
    """
    names = unique_names(scene.result.id for scene in report.scenes)
    rates = options.rates or (None,) * len(names)
    files: dict[str, str] = {}
    for name, scene, rate in zip(names, report.scenes, rates, strict=True):
        if scene.result.status == "failed":
            continue
        sheet = _sheet(scene.result, name, report.created, options=options, rate=rate)
        for wanted in options.formats:
            text = FORMATS[wanted].write(sheet)
            if text is not None:
                files[f"{FOLDER}/{name}.{FORMATS[wanted].ending}"] = text
    return files


def without_frames(report: Report, options: AnnotationOptions) -> list[str]:
    """Return the ids of scenes whose edit marks count frames that nobody told."""
    if not any(FORMATS[name].counts_frames for name in options.formats):
        return []
    rates: Sequence[FrameRate | None] = options.rates or (None,) * len(report.scenes)
    return [
        scene.result.id
        for scene, rate in zip(report.scenes, rates, strict=True)
        if rate is None and scene.result.status != "failed"
    ]


def without_voices(report: Report, options: AnnotationOptions) -> list[str]:
    """Return the ids of scenes that have no RTTM file, for their voices are not told apart."""
    if "rttm" not in options.formats:
        return []
    scenes = (scene.result for scene in report.scenes)
    return [scene.id for scene in scenes if scene.status != "failed" and not scene.turns]


def _sheet(
    result: SceneResult,
    name: str,
    created: str,
    *,
    options: AnnotationOptions,
    rate: FrameRate | None,
) -> Sheet:
    first = (rate or UNKNOWN_RATE).frame_at(options.start)
    return make_sheet(
        result, name=name, created=created, base=options.base, rate=rate, first_frame=first
    )

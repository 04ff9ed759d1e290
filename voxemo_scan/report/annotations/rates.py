"""The frame rates of a report's clips, for those that are still here and have a picture."""

from __future__ import annotations

from pathlib import Path

from voxemo_scan.audio.picture import frame_rate
from voxemo_scan.errors import VoxemoError
from voxemo_scan.manifest.source import resolve_source
from voxemo_scan.report.annotations.frames import FrameRate, usual_rate
from voxemo_scan.report.document import Report
from voxemo_scan.sources.library import ClipLibrary


def clip_rates(report: Report, *, clips: Path) -> tuple[FrameRate | None, ...]:
    """Return a rate a scene, None where the clip is gone, has no picture or no constant rate.

    ``clips`` is the folder of downloaded clips.
    """
    library = ClipLibrary(clips, offline=True)
    folder = Path(report.manifest_path).parent
    return tuple(_rate(scene.result.source, folder, library) for scene in report.scenes)


def _rate(source: str, folder: Path, library: ClipLibrary) -> FrameRate | None:
    try:
        place = resolve_source(source, folder=folder)
        clip = library.find(place) if isinstance(place, str) else None
        path = clip.path if clip else place
        measured = frame_rate(path) if isinstance(path, Path) else None
    except (VoxemoError, OSError, ValueError):
        return None  # a clip that cannot be read has no frames to lie on
    return usual_rate(measured) if measured else None

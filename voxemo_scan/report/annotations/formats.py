"""The formats there are, by the names that people ask for them by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from voxemo_scan.report.annotations.audacity import to_audacity
from voxemo_scan.report.annotations.eaf import to_eaf
from voxemo_scan.report.annotations.edl import to_edl
from voxemo_scan.report.annotations.otio import to_otio
from voxemo_scan.report.annotations.rttm import to_rttm
from voxemo_scan.report.annotations.sheet import Sheet
from voxemo_scan.report.annotations.srt import to_srt
from voxemo_scan.report.annotations.textgrid import to_textgrid
from voxemo_scan.report.annotations.vtt import to_vtt


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is written, what its files end in, and whether it counts frames.

    ``write`` returns None where a scene has nothing that the format could hold.
    """

    ending: str
    write: Callable[[Sheet], str | None]
    counts_frames: bool = False


FORMATS: Final[dict[str, Format]] = {
    "vtt": Format("vtt", to_vtt),
    "srt": Format("srt", to_srt),
    "textgrid": Format("TextGrid", to_textgrid),
    "eaf": Format("eaf", to_eaf),
    "rttm": Format("rttm", to_rttm),
    "edl": Format("edl", to_edl, counts_frames=True),
    "otio": Format("otio", to_otio, counts_frames=True),
    "audacity": Format("audacity.txt", to_audacity),
}

"""CMX3600 edit lists: an event for each mark, named by a locator.

Editing software reads them as markers (DaVinci Resolve: Timelines > Import > Timeline Markers from
EDL; the ``|C:`` lines are its own) or as a list of clips, each a stretch of one emotion. A list
does not say how many frames a second it counts: a comment behind its first event does.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from voxemo_scan.emotions import Emotion
from voxemo_scan.report.annotations.frames import UNKNOWN_RATE, FrameRate
from voxemo_scan.report.annotations.sheet import Mark, Sheet

_LOCATORS: Final[dict[Emotion, str]] = {
    "neutral": "WHITE",
    "happy": "YELLOW",
    "sad": "BLUE",
    "angry": "RED",
    "fear": "MAGENTA",
    "disgust": "GREEN",
}
_RESOLVE: Final[dict[Emotion, str]] = {
    "neutral": "Cream",
    "happy": "Yellow",
    "sad": "Blue",
    "angry": "Red",
    "fear": "Purple",
    "disgust": "Green",
}
_MARK: Final = "* EXPRESSED EMOTION, AS HEARD IN THE VOICES, BY VOXEMO-SCAN"
_LONGEST: Final = 60


def to_edl(sheet: Sheet) -> str:
    """Return the scene's edit list; source and record times are the same."""
    rate = sheet.rate or UNKNOWN_RATE
    title = _ascii(sheet.title) or sheet.name
    lines = [
        f"TITLE: {title}",
        f"FCM: {'DROP FRAME' if rate.drop else 'NON-DROP FRAME'}",
        "",
    ]
    # Behind the first event: before it, readers know of no comments.
    remarks = [f"* FRAMES A SECOND: {rate.name}", _MARK]
    number = 0
    for mark in sheet.marks:
        start, end = rate.frame(mark.start_s), rate.frame(mark.end_s)
        if start < end:
            number += 1
            first = sheet.first_frame
            lines += _event(number, mark, (first + start, first + end), rate=rate, title=title)
            lines += [*remarks, ""]
            remarks = []
    return "\n".join(lines)


def _event(
    number: int, mark: Mark, frames: tuple[int, int], *, rate: FrameRate, title: str
) -> list[str]:
    start, end = (rate.timecode(frame) for frame in frames)
    text = _ascii(mark.caption)
    return [
        f"{number:03d}  AX       V     C        {start} {end} {start} {end}",
        f" |C:ResolveColor{_RESOLVE[mark.emotion]} |M:{text} |D:{frames[1] - frames[0]}",
        f"* FROM CLIP NAME: {title}",
        f"* LOC: {start} {_LOCATORS[mark.emotion]:7} {text}",
    ]


def _ascii(text: str) -> str:
    """Return ``text`` in the letters that edit lists have; bars would end a marker's name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.replace("|", " ").split())[:_LONGEST].strip()

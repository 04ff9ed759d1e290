"""SubRip captions: for players and editors that read no WebVTT."""

from __future__ import annotations

from voxemo_scan.report.annotations.sheet import Sheet
from voxemo_scan.report.annotations.times import clock_ms


def to_srt(sheet: Sheet) -> str:
    """Return the scene's captions as a SubRip file.

    SubRip has neither comments nor voice tags nor a way to escape what players take for markup:
    the voice is named in the text.
    """
    blocks: list[str] = []
    for mark in sheet.marks:
        start, end = sheet.milliseconds(mark.start_s), sheet.milliseconds(mark.end_s)
        if start < end:
            times = f"{clock_ms(start, point=',')} --> {clock_ms(end, point=',')}"
            blocks.append(f"{len(blocks) + 1}\n{times}\n{_plain(mark.caption)}\n")
    return "\n".join(blocks)


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign not in "<>{}\\")

"""WebVTT captions: which emotion the voices carry, at the moment they carry it.

A cue is one voice's and shows the mean probability of the emotion that is strongest there; where
voices are told apart its voice tag says whose.
"""

from __future__ import annotations

from voxemo_scan.report.annotations.sheet import Sheet
from voxemo_scan.report.annotations.times import clock_ms


def to_vtt(sheet: Sheet) -> str:
    """Return the scene's captions as a WebVTT file."""
    note = f"NOTE\n{_escape(sheet.title)}\nExpressed emotion, as heard in the voices."
    blocks = ["WEBVTT", note]
    for mark in sheet.marks:
        start, end = sheet.milliseconds(mark.start_s), sheet.milliseconds(mark.end_s)
        if start < end:
            who = f"<v Voice {_escape(mark.voice)}>" if mark.voice else ""
            blocks.append(f"{clock_ms(start)} --> {clock_ms(end)}\n{who}{mark.text}")
    return "\n\n".join(blocks) + "\n"


def _escape(text: str) -> str:
    """Escape what means something in WebVTT; a comment must not hold an arrow either."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

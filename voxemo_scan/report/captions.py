"""WebVTT captions: which emotion the voices carry, at the moment they carry it.

Windows overlap, cues must not: windows are laid flat, and touching moments with the same
strongest emotion make one cue that shows that emotion's mean probability.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from voxemo_scan.report.track import lay_flat, stretches
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.text import clean, percent

_SHORTEST_S: Final = 0.7
"""A cue any shorter cannot be read."""

_MARK: Final = "Expressed emotion, as heard in the voices."


def to_vtt(result: SceneResult) -> str:
    """Return the scene's captions as a WebVTT file."""
    title = _escape(clean(result.title))
    blocks = ["WEBVTT", f"NOTE\n{title}\n{_MARK}"]
    for stretch in stretches(lay_flat(result.windows), shortest_s=_SHORTEST_S):
        start, end = _timestamp(stretch.start_s), _timestamp(stretch.end_s)
        if start < end:
            blocks.append(f"{start} --> {end}\n{stretch.emotion} {percent(stretch.share)}")
    return "\n\n".join(blocks) + "\n"


def is_ours(path: Path) -> bool:
    """Say whether ``to_vtt`` wrote the file at ``path``."""
    with path.open("rb") as file:
        return _MARK.encode() in file.read(4000)


def _escape(text: str) -> str:
    """Escape what means something in WebVTT; a comment must not hold an arrow either."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _timestamp(seconds: float) -> str:
    """Return ``hh:mm:ss.mmm``."""
    whole, milliseconds = divmod(max(round(seconds * 1000), 0), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}.{milliseconds:03d}"

"""WebVTT captions: which emotion the voices carry, at the moment they carry it.

Windows overlap, cues must not: windows are laid flat, and touching moments with the same
strongest emotion make one cue that shows that emotion's mean probability. Where voices are told
apart a cue is one voice's, and its voice tag says whose.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from voxemo_scan.report.track import Stretch, lay_flat, long_turns, stretches, within
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.text import clean, percent

_SHORTEST_S: Final = 0.7
"""A cue any shorter cannot be read."""

_MARK: Final = "Expressed emotion, as heard in the voices."


def to_vtt(result: SceneResult) -> str:
    """Return the scene's captions as a WebVTT file."""
    title = _escape(clean(result.title))
    blocks = ["WEBVTT", f"NOTE\n{title}\n{_MARK}"]
    for stretch, voice in _voiced(result):
        start, end = _timestamp(stretch.start_s), _timestamp(stretch.end_s)
        if start < end:
            who = f"<v Voice {_escape(clean(voice))}>" if voice else ""
            blocks.append(f"{start} --> {end}\n{who}{stretch.emotion} {percent(stretch.share)}")
    return "\n\n".join(blocks) + "\n"


def _voiced(result: SceneResult) -> Iterator[tuple[Stretch, str | None]]:
    """Yield what is to be shown and whose voice it is; each cue is one voice's."""
    spans = lay_flat(result.windows)
    if not result.turns:
        for stretch in stretches(spans, shortest_s=_SHORTEST_S):
            yield stretch, None
    for turn in long_turns(result.turns, shortest_s=_SHORTEST_S):
        own = within(spans, start_s=turn.start_s, end_s=turn.end_s)
        for stretch in stretches(own, shortest_s=_SHORTEST_S):
            yield stretch, turn.voice


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

"""RTTM: who speaks when, as tools that tell voices apart write it and scorers read it.

The format is NIST's Rich Transcription Time Marked, of the RT-09 evaluation plan, appendix A.
"""

from __future__ import annotations

import re
from typing import Final

from voxemo_scan.report.annotations.sheet import Label, Sheet

_NONE: Final = "<NA>"


def to_rttm(sheet: Sheet) -> str | None:
    """Return the scene's turns, a line each; None where voices are not told apart.

    A file without lines would say that nobody speaks.
    """
    if not sheet.turns:
        return None
    return "".join(_line(sheet.name, turn) for turn in sheet.turns)


def _line(name: str, turn: Label) -> str:
    start, end = round(turn.start_s, 3), round(turn.end_s, 3)
    voice = re.sub(r"\s+", "_", turn.text) or _NONE
    confidence = _NONE if turn.confidence is None else f"{turn.confidence:.3f}"
    times = f"{start:.3f} {end - start:.3f}"
    return f"SPEAKER {name} 1 {times} {_NONE} {_NONE} {voice} {confidence} {_NONE}\n"

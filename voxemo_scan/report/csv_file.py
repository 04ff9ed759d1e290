"""``windows.csv``: every window of every scene, for spreadsheets and statistics (RFC 4180)."""

from __future__ import annotations

import csv
import io

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report.document import Report
from voxemo_scan.report.track import strongest
from voxemo_scan.scan.result import WindowResult
from voxemo_scan.text import clean

HEADER = ("scene", "start_s", "end_s", *EMOTIONS, "top", "female", "voice")


def to_csv(report: Report) -> str:
    """Return one row a window: scene, seconds, probabilities, the largest, ``female``, voice."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for scene in report.scenes:
        name = _harmless(clean(scene.result.id))
        writer.writerows(_row(name, window) for window in scene.result.windows)
    return text.getvalue()


def _row(name: str, window: WindowResult) -> tuple[str, ...]:
    return (
        name,
        f"{window.start_s:.3f}",
        f"{window.end_s:.3f}",
        *(f"{probability:.6f}" for probability in window.probabilities),
        strongest(window.probabilities),
        f"{window.female:.6f}",
        window.voice or "",
    )


def _harmless(name: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@")) else name

"""Audacity labels: seconds, seconds and a text a line, apart by tabs."""

from __future__ import annotations

from voxemo_scan.report.annotations.sheet import Sheet


def to_audacity(sheet: Sheet) -> str:
    """Return the scene's emotions as a label track (File > Import > Labels)."""
    return "".join(
        f"{mark.start_s:.6f}\t{mark.end_s:.6f}\t{mark.caption}\n" for mark in sheet.marks
    )

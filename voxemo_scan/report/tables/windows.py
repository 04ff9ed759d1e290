"""The table ``windows``: every window of every scene."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report.document import Report
from voxemo_scan.report.tables.columns import Column, Table
from voxemo_scan.report.track import strongest
from voxemo_scan.scan.result import WindowResult
from voxemo_scan.text import clean

Item: TypeAlias = tuple[str, WindowResult]
"""A scene's id and one of its windows."""


def _probability(index: int) -> Callable[[Item], float]:
    return lambda item: item[1].probabilities[index]


COLUMNS: Final[tuple[Column[Item], ...]] = (
    Column("scene", "text", lambda item: item[0]),
    Column("start_s", "seconds", lambda item: item[1].start_s),
    Column("end_s", "seconds", lambda item: item[1].end_s),
    *(Column(name, "fraction", _probability(index)) for index, name in enumerate(EMOTIONS)),
    Column("top", "text", lambda item: strongest(item[1].probabilities)),
    Column("female", "fraction", lambda item: item[1].female),
    Column("voice", "text", lambda item: item[1].voice),
)


def windows_table(report: Report) -> Table[Item]:
    """Return a row a window: scene, seconds, probabilities, the largest, ``female``, voice."""
    items = (
        (clean(scene.result.id), window)
        for scene in report.scenes
        for window in scene.result.windows
    )
    return Table("windows", COLUMNS, tuple(items))

"""A comparison on the terminal, readable in 80 columns."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from voxemo_scan.report.compare.document import Comparison, Move, Reach, SceneChange
from voxemo_scan.report.compare.wording import (
    REACHES,
    STATES,
    difference_name,
    figures,
    points,
    scene_title,
    sound_note,
    value,
    verdict_change,
    why_failed,
)
from voxemo_scan.text import clean

LEAST: Final = 0.01
"""Smaller changes are left out of the table, but for a scene's largest."""

_NAME_WIDTH: Final = 36
_STYLES: Final[dict[Reach, str]] = {
    "within": "dim",
    "outside": "yellow",
    "apart": "bold red",
    "unknown": "dim",
}


def changes_table(comparison: Comparison) -> Table:
    """Return one row an emotion that moved, with both shares and where the intervals stand."""
    table = _table("Scene", "Emotion", "Old", "New", "Change", "Intervals", "Verdict")
    for index in (2, 3, 4):
        table.columns[index].justify = "right"
        table.columns[index].no_wrap = True
    for scene in comparison.scenes:
        name, verdict = Text(scene_title(scene)), _verdict(scene)
        for move in shown_moves(scene):
            table.add_row(name, *_cells(scene, move), verdict)
            name, verdict = Text(""), Text("")
        if not scene.moves:
            state = Text(STATES[scene.state], style="bold red" if _bad(scene) else "dim")
            table.add_row(name, state, "", "", "", "", verdict)
    return table


def differences_table(comparison: Comparison) -> Table:
    """Return what the two runs were not alike in."""
    table = _table("Differs", "Old", "New")
    table.columns[0].min_width = _NAME_WIDTH
    for each in comparison.differences:
        cells = (difference_name(each), value(each.old), value(each.new))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def remarks(comparison: Comparison) -> list[str]:
    """Return a line for each scene whose failure or sound is to be told."""
    lines = []
    for scene in comparison.scenes:
        if scene.state == "newly-failed":
            lines.append(f"{clean(scene.id)}: no longer analysed: {why_failed(scene)}")
        if scene.sound:
            lines.append(f"{clean(scene.id)}: {sound_note(scene)}")
        if scene.expectations_changed:
            lines.append(f"{clean(scene.id)}: its expectations are not the same in both reports")
    return lines


def shown_moves(scene: SceneChange) -> list[Move]:
    """Return the moves worth a line, farthest first: of a point or more, and the largest."""
    ranked = sorted(scene.moves, key=lambda move: -abs(move.change))
    return [m for m in ranked if abs(m.change) >= LEAST or m.reach == "apart"] or ranked[:1]


def _cells(scene: SceneChange, move: Move) -> tuple[Text, ...]:
    old, new = figures(scene, move.emotion)
    return (
        Text(move.emotion),
        Text(old),
        Text(new),
        Text(points(move.change)),
        Text(REACHES[move.reach], style=_STYLES[move.reach]),
    )


def _verdict(scene: SceneChange) -> Text:
    return Text(verdict_change(scene), style="bold red" if scene.broke else "")


def _bad(scene: SceneChange) -> bool:
    return scene.state in {"newly-failed", "speech-lost"}


def _table(*names: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name in names:
        table.add_column(name, overflow="fold")
    return table

"""The summary on the terminal: one row a scene, readable in 80 columns."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from voxemo_scan.check.verdict import Verdict
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.wording import VERDICTS, interval, ranked
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.text import clean, clock, whole_percents

_STYLES: Final[dict[Verdict, str]] = {
    "passed": "green",
    "failed": "bold red",
    "known-failure": "yellow",
    "unexpected-pass": "bold yellow",
    "not-checked": "dim",
    "no-result": "bold red",
}


def summary_table(report: Report) -> Table:
    """Return scene, strongest emotion with its 95 % interval, the next ones, speech and verdict.

    The verdict column is left out when no scene was checked.
    """
    checked = any(scene.verdict != "not-checked" for scene in report.scenes)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("Scene", overflow="fold", ratio=4, min_width=14)
    table.add_column("Strongest (95 %)", overflow="fold", min_width=14)
    table.add_column("Then", overflow="fold", ratio=3, min_width=10)
    table.add_column("Speech", justify="right", no_wrap=True)
    if checked:
        table.add_column("Verdict", overflow="fold", min_width=10)
    for scene in report.scenes:
        cells = _cells(scene)
        table.add_row(*cells, *([_verdict(scene)] if checked else []))
    return table


def _verdict(scene: ReportScene) -> Text:
    return Text(VERDICTS[scene.verdict], style=_STYLES[scene.verdict])


def _cells(scene: ReportScene) -> tuple[Text, ...]:
    result = scene.result
    title = Text(clean(result.title) or clean(result.source))
    if result.status == "failed":
        reason = clean(result.error or "not analysed")
        return title, Text("failed", style="bold red"), Text(reason, style="red"), Text("")
    if result.status == "no-speech":
        return title, Text("no speech", style="dim"), Text(""), Text(clock(0))
    return title, Text(_strongest(result)), Text(_rest(result)), Text(clock(result.speech_s))


def _strongest(result: SceneResult) -> str:
    if result.dominant is None:
        return "none"
    figure = f"{result.dominant} {whole_percents(result.shares)[result.dominant]} %"
    spread = interval(result, result.dominant).removesuffix(" %")
    return f"{figure} ({spread})" if spread else figure


def _rest(result: SceneResult) -> str:
    """Return the other emotions from 10 % up, largest first."""
    figures = whole_percents(result.shares)
    shown = [e for e in ranked(result) if e != result.dominant and result.shares[e] >= 0.1]
    return ", ".join(f"{emotion} {figures[emotion]} %" for emotion in shown)

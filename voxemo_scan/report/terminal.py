"""The summary on the terminal: one row a scene, readable in 80 columns."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from voxemo_scan.check.verdict import CheckResult, Verdict
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
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Scene", overflow="fold")
    table.add_column("Strongest (95 %)", overflow="fold")
    table.add_column("Then", overflow="fold")
    table.add_column("Speech", justify="right", no_wrap=True)
    if checked:
        table.add_column("Verdict", no_wrap=True)
    for scene in report.scenes:
        cells = _cells(scene)
        table.add_row(*cells, *([_verdict(scene)] if checked else []))
    return table


def checks_table(report: Report) -> Table:
    """Return one row a rule, with what was expected and found, and a row for unchecked scenes."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Scene", overflow="fold")
    table.add_column("Rule", overflow="fold")
    table.add_column("Expected", overflow="fold")
    table.add_column("Found", overflow="fold")
    table.add_column("Verdict", no_wrap=True)
    for scene in report.scenes:
        name = clean(scene.result.id)
        for check in scene.checks:
            cells = (name, check.rule.replace("_", " "), check.expected, check.found)
            table.add_row(*(Text(clean(cell)) for cell in cells), _rule_verdict(check, scene))
            name = ""
        if not scene.checks:
            reason = "not analysed" if scene.result.status == "failed" else "not checked"
            table.add_row(Text(name), "", "", "", Text(reason, style="dim"))
    return table


def remarks(report: Report) -> list[str]:
    """Return a line for each scene that has no result, or is or was a known failure."""
    return [line for scene in report.scenes if (line := _remark(scene))]


def _remark(scene: ReportScene) -> str:
    result = scene.result
    name = clean(result.id)
    if result.status == "failed":
        remedy = f" (try: {clean(result.remedy)})" if result.remedy else ""
        return f"{name}: not analysed: {clean(result.error or 'no reason given')}{remedy}"
    if scene.verdict == "known-failure":
        return f"{name}: known failure: {clean(scene.known_failure or '')}"
    if scene.verdict == "unexpected-pass":
        reason = clean(scene.known_failure or "")
        return f"{name}: unexpected pass: known_failure can go from the manifest ({reason})"
    return ""


def _rule_verdict(check: CheckResult, scene: ReportScene) -> Text:
    """Return the rule's own verdict, or the scene's where it excuses or explains the rule's."""
    if check.passed:
        verdict: Verdict = "unexpected-pass" if scene.verdict == "unexpected-pass" else "passed"
    else:
        verdict = scene.verdict if scene.verdict in {"known-failure", "no-result"} else "failed"
    return Text(VERDICTS[verdict], style=_STYLES[verdict])


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

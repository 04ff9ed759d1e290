"""`voxemo-scan doctor`: what is installed, what is missing and what to do about it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxemo_scan.cli.console import err, out, print_json
from voxemo_scan.errors import ExitCode

if TYPE_CHECKING:
    from rich.table import Table

    from voxemo_scan.doctor.finding import Finding

_UNBOUNDED = 10_000
_COLOURS = {"ok": "green", "warn": "yellow", "bad": "bold red"}


def command(
    scenes: Annotated[
        Path, typer.Option("--scenes", metavar="DIR", help="Where clips will be kept.")
    ] = Path("scenes"),
    reports: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Where reports will be written.")
    ] = Path("reports"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print troubles only.")] = False,
) -> None:
    """Say what is installed, what is missing and what to do about it.

    The exit code is 4 when something that scanning needs is missing or broken.
    """
    from voxemo_scan.doctor.examine import examine

    findings = list(examine(scenes=scenes, reports=reports))
    shown = [finding for finding in findings if not quiet or finding.verdict != "ok"]
    bad = sum(finding.verdict == "bad" for finding in findings)
    if as_json:
        print_json({"ok": bad == 0, "findings": [asdict(finding) for finding in shown]})
    elif shown:
        _print(_table(shown))
    if bad:
        if not quiet:
            err.print(f"{bad} finding{'' if bad == 1 else 's'} in the way of scanning")
        raise typer.Exit(ExitCode.MISSING)


def _print(table: Table) -> None:
    """Print ``table``, a line a row where nobody folds it to fit a screen."""
    from rich.console import Console

    wide = Console(highlight=False, emoji=False, width=_UNBOUNDED)
    (out if out.is_terminal else wide).print(table)


def _table(findings: list[Finding]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for heading in ("what", "found", "what to do"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        colour = _COLOURS[finding.verdict]
        texts = (finding.name, finding.found, finding.remedy)
        table.add_row(f"[{colour}]{finding.verdict}[/]", *(escape(text) for text in texts))
    return table

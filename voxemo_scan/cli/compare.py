"""``voxemo-scan compare``: two reports side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxemo_scan.cli.console import err, out, print_json, print_table

if TYPE_CHECKING:
    from voxemo_scan.report.compare.document import Comparison
    from voxemo_scan.report.compare.gate import Gate


def command(
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="The earlier report.json, or its folder.")
    ],
    new: Annotated[
        Path, typer.Argument(metavar="NEW", help="The later report.json, or its folder.")
    ],
    max_drift: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="The most that any emotion's share may move in any scene, such as 5%.",
            show_default="no limit",
        ),
    ] = None,
    out_folder: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="DIR", help="Write comparison.html, .md and .json there."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but what --json asks for.")
    ] = False,
) -> None:
    """Say what moved from one report to another.

    Per scene and emotion: both shares, how far they moved, in percentage points, and whether that
    is beyond the two 95 % intervals; and what the runs were not alike in.

    Exit code 1: expectations that held in OLD fail in NEW, or a share moved by more than
    --max-drift allows (a scene in which only one run found speech did so, too). 3: a scene that
    OLD has a result for could not be analysed in NEW.
    """
    from voxemo_scan.report.compare.compute import compare
    from voxemo_scan.report.compare.gate import hold
    from voxemo_scan.report.json_file import read_report

    allowed = None if max_drift is None else _parse(max_drift)
    found = compare(read_report(old), read_report(new), old_path=str(old), new_path=str(new))
    gate = hold(found, max_drift=allowed)
    if out_folder is not None:
        from voxemo_scan.report.compare.write import write_comparison

        write_comparison(found, gate, out_folder)
    _print(found, gate, as_json=as_json, quiet=quiet)
    if out_folder is not None and not quiet:
        err.print(f"comparison: {out_folder / 'comparison.html'}", markup=False)
    raise typer.Exit(gate.exit_code)


def _parse(text: str) -> float:
    from voxemo_scan.manifest.mistake import MistakeError
    from voxemo_scan.manifest.share import parse_share

    try:
        return parse_share(text)
    except MistakeError as error:
        raise typer.BadParameter(str(error), param_hint="--max-drift") from None


def _print(found: Comparison, gate: Gate, *, as_json: bool, quiet: bool) -> None:
    from voxemo_scan.report.compare.json_file import to_json
    from voxemo_scan.report.compare.terminal import changes_table, differences_table, remarks
    from voxemo_scan.report.compare.wording import counts_line, drift_line

    if as_json:
        print_json(to_json(found, gate))
    elif not quiet:
        print_table(changes_table(found))
        out.print()
        if found.differences:
            print_table(differences_table(found))
            out.print()
    if quiet:
        return
    for line in remarks(found):
        err.print(line, markup=False)
    err.print(f"{counts_line(found)}; {drift_line(found)}", markup=False)
    for reason in gate.reasons:
        err.print(f"not held: {reason}", markup=False)

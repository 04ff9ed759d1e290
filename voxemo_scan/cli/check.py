"""`voxemo-scan check`: hold a report against what its manifest expects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxemo_scan.cli.console import err, print_json, print_table
from voxemo_scan.errors import UsageError

if TYPE_CHECKING:
    from voxemo_scan.report.document import Report


def command(
    target: Annotated[
        Path,
        typer.Argument(
            metavar="REPORT_OR_MANIFEST", help="A report.json, its folder, or a manifest."
        ),
    ],
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="DIR",
            help="The report to hold a manifest against.",
            show_default="reports/MANIFEST'S NAME",
        ),
    ] = None,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write the verdicts as JUnit.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but what --json asks for.")
    ] = False,
) -> None:
    """Hold a report against what its manifest expects.

    Given a report, its own verdicts count; given a manifest, its expectations as they are now are
    held against its newest report, without scanning anew. Exit code 1: an expectation failed;
    3: a scene has no result.
    """
    judged = _judged(target, report=report)
    if junit is not None:
        from voxemo_scan.check.junit import write_junit

        write_junit(judged, junit)
    _print(judged, as_json=as_json, quiet=quiet)
    raise typer.Exit(judged.exit_code)


def _judged(target: Path, *, report: Path | None) -> Report:
    from voxemo_scan.report.json_file import read_report

    if not target.exists():
        raise UsageError(
            f"there is no report or manifest at {target}",
            remedy="name a manifest, a report.json or the folder that holds it",
        )
    if not (target.is_dir() or target.suffix.lower() == ".json"):
        return _from_manifest(target, report=report)
    if report is not None:
        raise UsageError(
            f"{target} is a report already", remedy="name a manifest, or leave out --report"
        )
    return read_report(target)


def _from_manifest(path: Path, *, report: Path | None) -> Report:
    from voxemo_scan.manifest.load import load_manifest
    from voxemo_scan.report.json_file import read_report
    from voxemo_scan.report.rejudge import rejudge, report_folder

    manifest = load_manifest(path)
    folder = report or report_folder(path)
    if not folder.exists():
        raise UsageError(
            f"{path} has no report at {folder}",
            remedy=f"make one with voxemo-scan run {path}, or name it with --report DIR",
        )
    return rejudge(read_report(folder), manifest=manifest)


def _print(report: Report, *, as_json: bool, quiet: bool) -> None:
    from rich.markup import escape

    from voxemo_scan.report.terminal import checks_table, remarks
    from voxemo_scan.report.wording import outcome

    if as_json:
        print_json(_as_json(report))
    elif not quiet:
        print_table(checks_table(report))
    if quiet:
        return
    for remark in remarks(report):
        err.print(escape(remark))
    err.print(escape(outcome(report) or "no expectations were checked"))


def _as_json(report: Report) -> dict[str, Any]:
    from voxemo_scan.report.json_file import scene_item

    keys = ("id", "title", "status", "error", "remedy", "verdict", "known_failure", "checks")
    items = [scene_item(scene) for scene in report.scenes]
    return {
        "manifest": report.manifest_path,
        "created": report.created,
        "exit_code": int(report.exit_code),
        "scenes": [{key: item[key] for key in keys if key in item} for item in items],
    }

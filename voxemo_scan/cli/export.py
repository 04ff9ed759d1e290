"""``voxemo-scan export``: captions, tables and figures from a report that there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxemo_scan.cli.console import err, out, print_json
from voxemo_scan.cli.extras import (
    CAPTIONS,
    FIGURES,
    TABLES,
    ExtraOptions,
    FpsOption,
    TimeBaseOption,
    chosen,
)
from voxemo_scan.cli.options import ClipsOption, OnlyOption
from voxemo_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxemo_scan.report.document import Report


def command(
    report: Annotated[Path, typer.Argument(help="A report.json or its folder.")],
    to: Annotated[
        list[str],
        typer.Option(
            "--to",
            metavar="LIST",
            help=f"What to write: {', '.join((*CAPTIONS, *TABLES, *FIGURES))}.",
        ),
    ],
    out_folder: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="DIR", help="Where to.", show_default="the report's"),
    ] = None,
    only: OnlyOption = None,
    time_base: TimeBaseOption = "clip",
    fps: FpsOption = None,
    start: Annotated[
        str,
        typer.Option(
            "--start-timecode",
            metavar="HH:MM:SS:FF",
            help="What timecode edit marks give to the time base's first frame.",
        ),
    ] = "00:00:00:00",
    clips: ClipsOption = Path("scenes"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the files' paths as JSON.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Write captions, tables and figures from a report, without scanning anew.

    ``--to srt,otio,pdf`` writes captions/SCENE.srt, captions/SCENE.otio and figures/*.pdf into
    the report's folder; several lists add up.
    """
    wanted = chosen(to, of=(*CAPTIONS, *TABLES, *FIGURES), option="--to")
    options = ExtraOptions(
        captions=[name for name in wanted if name in CAPTIONS],
        tables=[name for name in wanted if name in TABLES],
        figures=[name for name in wanted if name in FIGURES],
        time_base=time_base,
        fps=fps,
        start=start,
        clips=clips,
        quiet=quiet,
    )
    from voxemo_scan.report.json_file import read_report
    from voxemo_scan.report.write import write_extras

    read = _only(read_report(report), only or ())
    folder = out_folder or (report if report.is_dir() else report.parent)
    paths = write_extras(read, folder, extras=options.extras(read))
    _print(list(paths.values()), folder, as_json=as_json, quiet=quiet)


def _only(report: Report, ids: Sequence[str]) -> Report:
    """Return the report with the scenes asked for, all without ``ids``."""
    from dataclasses import replace

    known = [scene.result.id for scene in report.scenes]
    for name in ids:
        if name not in known:
            raise UsageError(
                f"the report has no scene {name!r}", remedy=f"choose {', '.join(known)}"
            )
    scenes = tuple(scene for scene in report.scenes if not ids or scene.result.id in ids)
    return replace(report, scenes=scenes)


def _print(paths: Sequence[Path], folder: Path, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        print_json({"files": [str(path) for path in paths]})
    elif not quiet:
        for path in paths:
            out.print(str(path), markup=False)
        err.print(f"{len(paths)} files in {folder}", markup=False)

"""``voxemo-scan explain``: which part of a moment's sound drove its verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voxemo_scan.cli.console import err, need_extra, out, print_json
from voxemo_scan.cli.options import DeviceOption, ModelOption
from voxemo_scan.errors import UsageError


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A recording.")],
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="The moment to explain (12.5, 0:12.5).")
    ],
    out_file: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help="Draw it: .html, .svg or .png."),
    ] = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print edges and weights of all cells as JSON.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but what was found.")
    ] = False,
) -> None:
    """Say which part of a moment's sound drove its verdict.

    The window around the moment is taken apart: which stretch of time and which band of pitch speak
    for the emotion that is heard there, and which against it. PNG needs the extra `figures`.
    """
    at_s = _time(at)
    if out_file is not None:
        from voxemo_scan.explain.write import check_ending

        check_ending(out_file)
        if out_file.suffix.lower() == ".png":
            need_extra("figures", modules=("matplotlib",))
    if not file.is_file():
        raise UsageError(f"there is no recording at {file}", remedy="name a file")
    from voxemo_scan.explain.moment import explain_file
    from voxemo_scan.explain.words import NOTE
    from voxemo_scan.explain.write import write_explained
    from voxemo_scan.workflow import load_ensemble

    with err.status("listening ..."):
        explained = explain_file(file, at_s=at_s, ensemble=load_ensemble(model, device))
    if as_json:
        print_json(explained.explanation.as_json())
    else:
        out.print(explained.explanation.says, markup=False)
    if not quiet and not as_json:
        err.print(f"[dim]{NOTE}[/]")
    if out_file is not None:
        write_explained(explained, out_file, title=file.name)
        if not quiet:
            err.print(f"picture: {out_file}", markup=False)


def _time(text: str) -> float:
    from voxemo_scan.manifest.mistake import MistakeError
    from voxemo_scan.manifest.timecode import parse_timecode

    try:
        return parse_timecode(text)
    except MistakeError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from None

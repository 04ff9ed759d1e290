"""`voxemo-scan fetch`: a manifest's clips onto this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxemo_scan.cli.console import err, out, print_json
from voxemo_scan.errors import ExitCode

if TYPE_CHECKING:
    from voxemo_scan.sources.batch import Fetched

_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3}


def parse_rate(text: str) -> int:
    """Return the bytes per second that ``500k``, ``2M`` or ``1.5M`` means.

    Raises:
        typer.BadParameter: it means none.
    """
    number = text.strip().lower().removesuffix("/s").removesuffix("b")
    unit = number[-1:] if number[-1:].isalpha() else ""
    try:
        rate = int(float(number.removesuffix(unit)) * _UNITS[unit])
    except (ValueError, KeyError, OverflowError):
        rate = 0
    if rate <= 0:
        raise typer.BadParameter(f"{text!r} is no rate; write bytes per second, such as 500k or 2M")
    return rate


def command(
    manifest: Annotated[Path, typer.Argument(help="The manifest whose clips to download.")],
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="This scene only; may be repeated."),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Download nothing; say what is missing.")
    ] = False,
    scenes: Annotated[
        Path, typer.Option("--scenes", metavar="DIR", help="Where the clips are kept.")
    ] = Path("scenes"),
    cookies: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            readable=True,
            help="Your browser's cookies (cookies.txt), for sites that want a login.",
        ),
    ] = None,
    rate_limit: Annotated[
        str | None,
        typer.Option(metavar="RATE", help="Bytes per second and clip at most, such as 2M."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(metavar="S", min=1, help="Seconds after which a clip is given up.")
    ] = 1800.0,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", min=1, max=16, help="Clips at a time.")
    ] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print the clips as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print failures only.")] = False,
) -> None:
    """Download the clips of a manifest.

    What is there already is not downloaded again. A clip that fails does not stop the others;
    the exit code is 3 then.
    """
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.manifest.choose import choose_scenes
    from voxemo_scan.manifest.load import load_manifest
    from voxemo_scan.sources.batch import fetch_scenes
    from voxemo_scan.sources.library import ClipLibrary, FetchOptions

    options = FetchOptions(
        deadline_s=timeout,
        cookies=cookies,
        rate_limit_bytes_per_s=None if rate_limit is None else parse_rate(rate_limit),
    )
    loaded = load_manifest(manifest)
    chosen = choose_scenes(loaded, only=only or ())
    library = ClipLibrary(scenes, options=options, offline=offline)
    with open_progress(quiet=quiet) as progress:
        found = fetch_scenes(chosen, loaded, library, jobs=jobs, progress=progress)
    _print(found, as_json=as_json, quiet=quiet)
    if any(item.error for item in found):
        raise typer.Exit(ExitCode.SCENE_FAILED)


def _print(found: tuple[Fetched, ...], *, as_json: bool, quiet: bool) -> None:
    if as_json:
        print_json({"scenes": [_as_json(item) for item in found]})
    for item in found:
        if item.error:
            err.print(f"{item.scene.id}: failed: {item.error}", markup=False)
        elif not quiet and not as_json:
            out.print(_line(item), markup=False)


def _line(item: Fetched) -> str:
    clip = item.clip
    if clip is None:
        return ""
    size = clip.path.stat().st_size / 1e6
    return f"{item.scene.id}: {item.outcome}, {size:.1f} MB, {clip.path}"


def _as_json(item: Fetched) -> dict[str, Any]:
    scene: dict[str, Any] = {"id": item.scene.id, "status": item.outcome}
    if item.error:
        return scene | {"error": item.error.message, "remedy": item.error.remedy}
    if item.clip is None:
        return scene
    return scene | {
        "path": str(item.clip.path),
        "bytes": item.clip.path.stat().st_size,
        "sha256": item.clip.sha256,
        "title": item.clip.title,
        "uploader": item.clip.uploader,
        "duration_s": item.clip.duration_s,
    }

"""`voxemo-scan fetch`: a manifest's clips onto this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxemo_scan.cli.console import err, out, print_json
from voxemo_scan.cli.options import (
    AllowPrivateOption,
    ClipsOption,
    CookiesOption,
    OnlyOption,
    RateOption,
    TimeoutOption,
    fetch_options,
)
from voxemo_scan.errors import ExitCode

if TYPE_CHECKING:
    from voxemo_scan.sources.batch import Fetched


def command(
    manifest: Annotated[Path, typer.Argument(help="The manifest whose clips to download.")],
    only: OnlyOption = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Download nothing; say what is missing.")
    ] = False,
    scenes: ClipsOption = Path("scenes"),
    cookies: CookiesOption = None,
    rate_limit: RateOption = None,
    timeout: TimeoutOption = 1800.0,
    allow_private: AllowPrivateOption = False,
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
    from voxemo_scan.sources.library import ClipLibrary

    options = fetch_options(
        cookies=cookies,
        rate_limit=rate_limit,
        timeout_s=timeout,
        allow_private=allow_private,
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

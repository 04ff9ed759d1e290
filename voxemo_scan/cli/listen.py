"""``voxemo-scan listen``: recordings without a manifest, or a microphone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voxemo_scan.cli.console import err, print_json, print_table
from voxemo_scan.cli.options import (
    AdaptOption,
    AllowPrivateOption,
    CookiesOption,
    DeviceOption,
    EstimatorOption,
    ModelOption,
    RateOption,
    TimeoutOption,
    VoicesOption,
    fetch_options,
    scan_options,
)
from voxemo_scan.errors import UsageError


def command(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE|URL...", help="Recordings, or where they are."),
    ] = None,
    mic: Annotated[
        bool, typer.Option("--mic", help="Listen to a microphone, live, until Ctrl-C.")
    ] = False,
    mic_device: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|N",
            help="Which microphone, by a part of its name or its number. (--device says where "
            "networks compute, as everywhere.)",
            show_default="the system's",
        ),
    ] = None,
    list_mics: Annotated[
        bool, typer.Option("--list-devices", help="List the microphones and exit.")
    ] = False,
    length: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="TIME", help="Listen to the microphone this long: 30s, 1:30."
        ),
    ] = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    estimator: EstimatorOption = "em",
    voices: VoicesOption = True,
    adapt: AdaptOption = True,
    cookies: CookiesOption = None,
    rate_limit: RateOption = None,
    timeout: TimeoutOption = 1800.0,
    allow_private: AllowPrivateOption = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything found as JSON.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Say which emotions the voices in recordings carry.

    With --mic, a microphone is listened to instead: its level, the current emotion and the course
    so far are shown live (plain lines with --quiet or where stdout is no terminal; with --json one
    line each half second), and at the end the whole recording's result. It needs the extra `mic`.

    Downloads are kept in the cache folder. The exit code is 3 when a recording could not be
    analysed; the others are reported.
    """
    scan = scan_options(estimator=estimator, voices=voices, adapt=adapt)
    live_only = {"--mic-device": mic_device, "--for": length}
    if _is_live(sources, mic=mic, list_mics=list_mics, live_only=live_only):
        from voxemo_scan.cli.listen_live import list_devices, listen_live, parse_length

        if list_mics:
            return list_devices(as_json=as_json)
        return listen_live(
            wanted=mic_device, longest_s=parse_length(length), model=model, device=device,
            scan=scan, as_json=as_json, quiet=quiet,
        )  # fmt: skip
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.folders import cache_folder
    from voxemo_scan.report.json_file import recording_item
    from voxemo_scan.report.terminal import remarks, summary_table
    from voxemo_scan.workflow import RunOptions, recordings_manifest, run_manifest

    manifest = recordings_manifest(sources or (), folder=Path.cwd())
    options = RunOptions(
        clips=cache_folder() / "clips",
        model=model,
        device=device,
        scan=scan,
        fetch=fetch_options(
            cookies=cookies,
            rate_limit=rate_limit,
            timeout_s=timeout,
            allow_private=allow_private,
        ),
    )
    with open_progress(quiet) as progress:
        report = run_manifest(manifest, manifest.scenes, options, progress=progress)
    if as_json:
        print_json({"recordings": [recording_item(scene) for scene in report.scenes]})
    else:
        print_table(summary_table(report))
    for line in remarks(report):
        err.print(line, markup=False)
    raise typer.Exit(report.exit_code)


def _is_live(
    sources: list[str] | None, *, mic: bool, list_mics: bool, live_only: dict[str, str | None]
) -> bool:
    """Say whether a microphone is meant; refuse what cannot be meant together."""
    if mic or list_mics:
        if sources:
            raise UsageError(
                "a microphone and recordings cannot be listened to at once",
                remedy="leave out --mic, or the recordings",
            )
        return True
    for option, value in live_only.items():
        if value is not None:
            raise UsageError(f"{option} is for a microphone", remedy="add --mic")
    if not sources:
        raise UsageError(
            "there is nothing to listen to", remedy="name a recording, or add --mic to speak"
        )
    return False

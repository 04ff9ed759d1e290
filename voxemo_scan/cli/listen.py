"""``voxemo-scan listen``: recordings without a manifest."""

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


def command(
    sources: Annotated[
        list[str], typer.Argument(metavar="FILE|URL...", help="Recordings, or where they are.")
    ],
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

    Downloads are kept in the cache folder. The exit code is 3 when a recording could not be
    analysed; the others are reported.
    """
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.folders import cache_folder
    from voxemo_scan.report.json_file import recording_item
    from voxemo_scan.report.terminal import remarks, summary_table
    from voxemo_scan.workflow import RunOptions, recordings_manifest, run_manifest

    manifest = recordings_manifest(sources, folder=Path.cwd())
    options = RunOptions(
        clips=cache_folder() / "clips",
        model=model,
        device=device,
        scan=scan_options(estimator=estimator, voices=voices, adapt=adapt),
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

"""``voxemo-scan run``: from a manifest to a report."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxemo_scan.cli.console import err, out, print_json, print_table
from voxemo_scan.cli.engine import (
    AddressOption,
    EngineOption,
    JobsOption,
    RemoteStoreOption,
    WorkerCpusOption,
    ray_options,
)
from voxemo_scan.cli.extras import (
    CAPTIONS,
    FIGURES,
    TABLES,
    CaptionsOption,
    ExtraOptions,
    FiguresOption,
    FpsOption,
    TablesOption,
    TimeBaseOption,
    chosen,
)
from voxemo_scan.cli.options import (
    AdaptOption,
    AllowPrivateOption,
    ClipsOption,
    CookiesOption,
    DeviceOption,
    EstimatorOption,
    ModelOption,
    OnlyOption,
    RateOption,
    TimeoutOption,
    VoicesOption,
    fetch_options,
    scan_options,
)
from voxemo_scan.errors import UsageError
from voxemo_scan.report.media.budget import AUDIO_BUDGET_MB

if TYPE_CHECKING:
    from voxemo_scan.report.document import Report
    from voxemo_scan.report.media.gather import MediaOptions
    from voxemo_scan.report.media.model import Media
    from voxemo_scan.scan.plan import PlannedScene
    from voxemo_scan.scan.task import SceneTask
    from voxemo_scan.workflow import RunOptions

    AddMedia = Callable[[Media, Report, list[SceneTask]], Media]


def command(
    manifest: Annotated[Path, typer.Argument(help="The manifest of scenes to scan.")],
    out_folder: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="DIR",
            help="Report folder.",
            show_default="reports/MANIFEST'S NAME",
        ),
    ] = None,
    only: OnlyOption = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Download nothing; use the clips that are here.")
    ] = False,
    jobs: JobsOption = None,
    engine: EngineOption = "local",
    address: AddressOption = None,
    remote_store: RemoteStoreOption = None,
    worker_cpus: WorkerCpusOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done and why; do nothing.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Analyse anew what has a kept result.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Hold results against expectations.")
    ] = True,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the verdicts as JUnit XML too.")
    ] = None,
    captions: CaptionsOption = None,
    time_base: TimeBaseOption = "clip",
    fps: FpsOption = None,
    tables: TablesOption = None,
    figures: FiguresOption = None,
    clips: ClipsOption = Path("scenes"),
    model: ModelOption = None,
    device: DeviceOption = "auto",
    estimator: EstimatorOption = "em",
    voices: VoicesOption = True,
    adapt: AdaptOption = True,
    audio: Annotated[
        bool, typer.Option("--audio/--no-audio", help="Embed the clips' sound in report.html.")
    ] = True,
    audio_budget: Annotated[
        float,
        typer.Option(
            metavar="MB", min=0, help="What all sound in report.html may take at most, in MB."
        ),
    ] = AUDIO_BUDGET_MB,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Show in report.html which sound drove a few verdicts of each scene; takes a few "
            "seconds a moment.",
        ),
    ] = False,
    cookies: CookiesOption = None,
    rate_limit: RateOption = None,
    timeout: TimeoutOption = 1800.0,
    allow_private: AllowPrivateOption = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report (or the plan) as JSON.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Scan a manifest's scenes and write a report.

    Results are kept: a second run does only what is missing, and a run that was stopped goes on
    where it was.
    """
    from voxemo_scan.check.junit import write_junit
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.manifest.choose import choose_scenes
    from voxemo_scan.manifest.load import load_manifest
    from voxemo_scan.report.media.early import EarlyMedia
    from voxemo_scan.report.media.gather import MediaOptions
    from voxemo_scan.report.rejudge import report_folder
    from voxemo_scan.workflow import RunOptions, plan_manifest, run_manifest

    beside = ExtraOptions(
        captions=chosen(["vtt", *(captions or ())], of=CAPTIONS, option="--captions"),
        tables=chosen(["csv", *(tables or ())], of=TABLES, option="--tables"),
        figures=chosen(figures, of=FIGURES, option="--figures"),
        time_base=time_base,
        fps=fps,
        clips=clips,
        quiet=quiet,
    )
    if explain:
        _check_explainable(model)
    loaded = load_manifest(manifest)
    scenes = choose_scenes(loaded, only=only or ())
    options = RunOptions(
        clips=clips,
        offline=offline,
        jobs=jobs or 1,
        ray=ray_options(
            engine,
            address=address,
            remote_store=remote_store,
            workers=jobs,
            worker_cpus=worker_cpus,
        ),
        fresh=fresh,
        check=check,
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
    if dry_run:
        _print_plan(plan_manifest(loaded, scenes, options), as_json=as_json)
        return
    clips_heard: list[SceneTask] = []
    try:
        shown = MediaOptions(audio=audio, audio_budget_mb=audio_budget)
        with open_progress(quiet) as progress, EarlyMedia(shown.budget_bytes) as early:
            report = run_manifest(
                loaded,
                scenes,
                options,
                progress=progress,
                on_clip=clips_heard.append,
                early=early,
            )
        with err.status("writing the report ...") if not quiet else nullcontext():
            folder = out_folder or report_folder(manifest)
            more = partial(_explained, options=options) if explain else None
            report = _written(
                report, folder, beside=beside, clips=clips_heard, shown=shown, more=more
            )
    except KeyboardInterrupt:
        err.print("stopped; what was done is kept: the same command goes on from here")
        raise
    if junit is not None:
        write_junit(report, junit)
    _print_report(report, folder, as_json=as_json, quiet=quiet)
    raise typer.Exit(report.exit_code)


def _check_explainable(model: str | None) -> None:
    from voxemo_scan.models.index import read_index

    index = read_index()
    if not index.explains(model):
        raise UsageError(
            f"the model {index.model(model)[0]} cannot be explained",
            remedy="leave out --explain or --model",
        )


def _explained(
    media: Media, report: Report, clips: list[SceneTask], *, options: RunOptions
) -> Media:
    from voxemo_scan.explain.scenes import with_moments
    from voxemo_scan.workflow import load_ensemble

    ensemble = load_ensemble(options.model, options.device)
    return with_moments(media, report, clips, ensemble=ensemble, options=options.scan)


def _written(
    report: Report,
    folder: Path,
    *,
    beside: ExtraOptions,
    clips: list[SceneTask],
    shown: MediaOptions,
    more: AddMedia | None,
) -> Report:
    """Return the report as it is in ``folder``, written unless it is there just so.

    ``more`` adds to the clips' media.
    """
    from voxemo_scan.report.unchanged import made_of, note_made, unchanged_since

    extras = beside.extras(report)
    key = made_of(report, clips, settings=[extras, shown, more is not None])
    if since := unchanged_since(folder, key):
        return replace(report, created=since)
    from voxemo_scan.report.media.gather import gather_media
    from voxemo_scan.report.write import write_report

    media: Media = gather_media(report, clips, shown)
    if more:
        media = more(media, report, clips)
    written = write_report(report, folder, extras=extras, media=media)
    note_made(folder, key, written, created=report.created)
    return report


def _print_report(report: Report, folder: Path, *, as_json: bool, quiet: bool) -> None:
    from voxemo_scan.report.json_file import to_json
    from voxemo_scan.report.terminal import remarks, summary_table
    from voxemo_scan.report.wording import outcome

    if as_json:
        print_json(to_json(report))
    elif not quiet:
        print_table(summary_table(report))
    for line in remarks(report):
        err.print(line, markup=False)
    if quiet:
        return
    if told := outcome(report):
        err.print(told, markup=False)
    err.print(f"report: {folder / 'report.html'}", markup=False)


def _print_plan(plan: tuple[PlannedScene, ...], *, as_json: bool) -> None:
    if as_json:
        print_json({"scenes": [asdict(scene) for scene in plan]})
        return
    width = max((len(scene.id) for scene in plan), default=0)
    for scene in plan:
        out.print(f"{scene.action:4}  {scene.id:{width}}  {scene.why}", markup=False)

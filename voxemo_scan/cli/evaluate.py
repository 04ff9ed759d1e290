"""``voxemo-scan evaluate``: how accurate models are."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxemo_scan.cli.console import err, need_extra, out, print_json, print_table
from voxemo_scan.cli.options import DeviceOption, ModelOption
from voxemo_scan.cli.train import DataOption

if TYPE_CHECKING:
    from voxemo_scan.training.evaluate import Evaluation
    from voxemo_scan.training.levels import Levelling


def command(
    protocol: Annotated[
        str,
        typer.Argument(
            help="origin, emobox-cremad, emobox-ravdess, unseen-speakers, film-like, music, "
            "delivery, unseen-corpus, scenes or film-lines."
        ),
    ],
    data: DataOption,
    model: ModelOption = None,
    weights: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A weight file that `train` wrote; several of one fold are averaged. "
            "Without it, a shipped model.",
        ),
    ] = None,
    labels: Annotated[
        int | None,
        typer.Option(
            metavar="6|7|8", help="How many labels to tell apart.", show_default="the protocol's"
        ),
    ] = None,
    fold: Annotated[
        int | None,
        typer.Option(metavar="N", help="This fold only, from 0.", show_default="all"),
    ] = None,
    leaderboard: Annotated[
        bool,
        typer.Option(
            "--leaderboard", help="Rank the classic models and what was trained under --runs."
        ),
    ] = False,
    runs: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Where the leaderboard finds and keeps what was trained."),
    ] = Path("runs"),
    validation: Annotated[
        bool, typer.Option("--validation", help="Judge the validation part instead of the test.")
    ] = False,
    level: Annotated[
        str,
        typer.Option(
            help="recorded, clip or speaker: bring each clip, or all of a speaker's, to the "
            "level of the training speech."
        ),
    ] = "recorded",
    gain_db: Annotated[float, typer.Option(help="Make all clips louder first, dB.")] = 0.0,
    adapted: Annotated[
        bool,
        typer.Option(
            "--adapted", help="Hear each speaker's clips beside one another, their labels unknown."
        ),
    ] = False,
    device: DeviceOption = "auto",
    out_folder: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="DIR", help="Write evaluation.json, .md and diagrams there."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Measure how accurate a model is on a protocol's test clips.

    A model that has heard clips of the test in training is refused. Needs the [train] extra.
    """
    if model and weights:
        raise typer.BadParameter("choose a shipped --model or --weights, not both")
    need_extra("train", modules=("sklearn", "matplotlib"))
    if leaderboard:
        _rank(
            protocol, data=data, runs=runs, labels=labels, seed=seed, folder=out_folder,
            as_json=as_json, quiet=quiet,
        )  # fmt: skip
        return
    if protocol == "scenes":
        from voxemo_scan.cli.evaluate_scenes import measure_scenes

        if labels not in {None, 6} or level != "recorded" or gain_db or fold:
            raise typer.BadParameter("scenes are of six emotions, one fold and levels of their own")
        measure_scenes(
            data=data, model=model, weights=weights, validation=validation, device=device,
            folder=out_folder, seed=seed, command=_made_by(), as_json=as_json, quiet=quiet,
        )  # fmt: skip
        return
    if protocol == "film-lines":
        from voxemo_scan.cli.evaluate_film_lines import measure_film_lines

        if weights or labels not in {None, 6} or adapted or gain_db or fold:
            raise typer.BadParameter("film-lines are heard by a shipped model, as scans hear clips")
        measure_film_lines(
            data=data, model=model, device=device, folder=out_folder, command=_made_by(),
            as_json=as_json,
        )  # fmt: skip
        return
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.folders import cache_folder
    from voxemo_scan.models.device import choose_device
    from voxemo_scan.training.labels import label_set
    from voxemo_scan.training.trial import Trial, folds_of, hold, shipped_for, trained_for

    folds = folds_of(protocol, fold=fold)
    trial = Trial(
        protocol, folds, labels=None if labels is None else label_set(labels),
        validation=validation, levelling=levelling(level), gain_db=gain_db,
        adapted=adapted,
    )  # fmt: skip
    models = (
        trained_for(folds, protocol=protocol, weights=weights)
        if weights
        else shipped_for(folds, model=model)
    ).to(choose_device(device))
    with open_progress(quiet) as progress:
        found = hold(
            models, trial, data=data, cache_folder=cache_folder() / "corpora", seed=seed,
            progress=progress,
        )  # fmt: skip
    _show(found, folder=out_folder, as_json=as_json)


def levelling(name: str) -> Levelling:
    """Return the levelling of this name.

    Raises:
        typer.BadParameter: there is none.
    """
    from voxemo_scan.training.levels import LEVELLINGS

    for known in LEVELLINGS:
        if name == known:
            return known
    raise typer.BadParameter(f"{name!r} is no level; choose {', '.join(LEVELLINGS)}")


def _made_by() -> str:
    return shlex.join(["voxemo-scan", *sys.argv[1:]])


def _rank(
    protocol: str,
    *,
    data: Path,
    runs: Path,
    labels: int | None,
    seed: int,
    folder: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    import json

    from voxemo_scan.atomic import write_atomic
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.training.leaderboard import rank, to_json, to_markdown
    from voxemo_scan.training.splits import find_protocol

    with open_progress(quiet) as progress:
        ranking = rank(
            protocol, data=data, runs=runs, labels=labels or len(find_protocol(protocol).labels),
            seed=seed, progress=progress,
        )  # fmt: skip
    values = to_json(ranking, command=_made_by())
    text = to_markdown(ranking, command=_made_by())
    if folder is not None:
        write_atomic(folder / "leaderboard.json", json.dumps(values, indent=2) + "\n")
        write_atomic(folder / "leaderboard.md", text)
    if as_json:
        print_json(values)
    else:
        out.print(text, markup=False, end="")


def _show(found: Evaluation, *, folder: Path | None, as_json: bool) -> None:
    from voxemo_scan.training.figures import to_json, write_evaluation

    if folder is not None:
        write_evaluation(found, folder, command=_made_by())
        err.print(f"wrote {folder / 'evaluation.md'}", markup=False)
    if as_json:
        print_json(to_json(found, command=_made_by()))
        return
    from rich.table import Table

    table = Table("", "clips of", "clips", "UA (95 %)", "WA (95 %)", "macro-F1", "ECE", "gender")
    for part, sort in zip(found.parts, _once([p.sort for p in found.parts]), strict=True):
        m = part.metrics
        gender = "" if part.gender_accuracy is None else f"{part.gender_accuracy:.1%}"
        table.add_row(
            "" if sort == "all" else sort,
            part.part,
            str(m.clips),
            f"{m.ua:.1%} ({m.ua_ci[0]:.1%} to {m.ua_ci[1]:.1%})",
            f"{m.wa:.1%} ({m.wa_ci[0]:.1%} to {m.wa_ci[1]:.1%})",
            f"{m.macro_f1:.1%}",
            f"{m.ece:.3f}",
            gender,
        )
    print_table(table)
    if found.fold_ua:
        each = ", ".join(f"{ua:.1%}" for ua in found.fold_ua.values())
        out.print(f"UA, the mean of the folds': {found.ua:.1%} ({each})")


def _once(names: list[str]) -> list[str]:
    """Return ``names``, each empty where it repeats the one before."""
    return ["" if n and names[n - 1] == name else name for n, name in enumerate(names)]

"""``voxemo-scan evaluate``: how accurate networks are."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxemo_scan.cli.console import need_extra, out, print_json
from voxemo_scan.cli.train import DataOption

if TYPE_CHECKING:
    from voxemo_scan.training.evaluate import Evaluation
    from voxemo_scan.training.levels import Levelling


def command(
    protocol: Annotated[str, typer.Argument(help="origin or unseen-speakers.")],
    data: DataOption,
    weights: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A weight file that `train` wrote; several are averaged. "
            "Without it, the shipped model.",
        ),
    ] = None,
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
    out_folder: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="DIR", help="Write evaluation.json and .md there."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the intervals.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Measure how accurate networks are on a protocol's test clips.

    A model that has heard clips of the test in training is refused. Needs the [train] extra.
    """
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.folders import cache_folder

    need_extra("train", modules=("sklearn",))
    from voxemo_scan.models.registry import load_files, load_shipped
    from voxemo_scan.training.evaluate import evaluate, prepare, refuse_leak

    with open_progress(quiet) as progress:
        split, signals = prepare(
            protocol, data=data, cache_folder=cache_folder() / "corpora", progress=progress
        )
        ensemble = load_files(weights) if weights else load_shipped()
        refuse_leak(ensemble, split, data=data)
        if validation:
            split = replace(split, test=split.validation, validation=())
        found = evaluate(
            ensemble, split, signals, seed=seed, levelling=levelling(level), gain_db=gain_db
        )
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


def _show(found: Evaluation, *, folder: Path | None, as_json: bool) -> None:
    from voxemo_scan.atomic import write_atomic
    from voxemo_scan.training.figures import to_json, to_markdown

    made_by = shlex.join(["voxemo-scan", *sys.argv[1:]])
    values = to_json(found, command=made_by)
    if folder is not None:
        import json

        write_atomic(folder / "evaluation.json", json.dumps(values, indent=2) + "\n")
        write_atomic(folder / "evaluation.md", to_markdown(found, command=made_by))
    if as_json:
        print_json(values)
        return
    from rich.table import Table

    table = Table("clips of", "clips", "UA (95 %)", "WA (95 %)", "macro-F1", "ECE", "gender")
    for part in found.parts:
        m = part.metrics
        gender = "" if part.gender_accuracy is None else f"{part.gender_accuracy:.1%}"
        table.add_row(
            part.part,
            str(m.clips),
            f"{m.ua:.1%} ({m.ua_ci[0]:.1%} to {m.ua_ci[1]:.1%})",
            f"{m.wa:.1%} ({m.wa_ci[0]:.1%} to {m.wa_ci[1]:.1%})",
            f"{m.macro_f1:.1%}",
            f"{m.ece:.3f}",
            gender,
        )
    out.print(table)

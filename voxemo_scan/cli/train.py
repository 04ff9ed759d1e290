"""``voxemo-scan train``: train a network from labelled corpora."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[
    Path,
    typer.Option(
        "--data",
        envvar="VOXEMO_DATA",
        help="Folder that holds CREMA-D/, RAVDESS/ and splits/.",
    ),
]


def command(
    recipe: Annotated[str, typer.Argument(help="A recipe's name, or a YAML file of your own.")],
    data: DataOption,
    protocol: Annotated[
        str, typer.Option(help="Whose training part to use: origin or unseen-speakers.")
    ] = "unseen-speakers",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder for weights and checkpoint.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only errors.")] = False,
) -> None:
    """Train a network; a stopped run is taken up again where its last epoch ended.

    Prints the path of the weights. Needs the [train] extra.
    """
    from voxemo_scan.cli.console import need_extra
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.folders import cache_folder

    need_extra("train", modules=("audiomentations", "sklearn"))
    from voxemo_scan.training.evaluate import prepare
    from voxemo_scan.training.fit import EpochReport
    from voxemo_scan.training.recipe import load_recipe
    from voxemo_scan.training.run import train_to_file

    plan = load_recipe(recipe)
    folder = out or Path("runs") / protocol / plan.name
    with open_progress(quiet) as progress:
        split, signals = prepare(
            protocol, data=data, cache_folder=cache_folder() / "corpora", progress=progress
        )

        def say(done: EpochReport) -> None:
            progress.note(
                f"{plan.name}: epoch {done.epoch}/{done.epochs}, loss {done.loss:.3f}, validation "
                f"UA {done.ua:.1%}, accuracy {done.wa:.1%}{' (best so far)' if done.best else ''}"
            )

        path = train_to_file(plan, split, signals, seed=seed, folder=folder, on_epoch=say)
    typer.echo(path)

"""``voxemo-scan train``: train a network from labelled corpora."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from voxemo_scan.training.report import EpochReport

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
        str, typer.Option(help="The protocol whose training part to use.")
    ] = "unseen-speakers",
    fold: Annotated[int, typer.Option(help="Which fold of the protocol, from 0.")] = 0,
    extra: Annotated[
        list[str] | None,
        typer.Option(metavar="CORPUS", help="Learn from this corpus too; may be repeated."),
    ] = None,
    merge: Annotated[
        bool,
        typer.Option(
            "--merge", help="Learn from the validation part, too: nothing is chosen by it."
        ),
    ] = False,
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="What an encoder member starts from, if not what its recipe says.",
        ),
    ] = None,
    device: Annotated[
        str,
        typer.Option(help="Where an encoder's blocks are trained: auto, cpu, cuda or mps."),
    ] = "auto",
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
    from voxemo_scan.models.device import choose_device
    from voxemo_scan.training.prepare import prepare
    from voxemo_scan.training.recipe import load_recipe
    from voxemo_scan.training.run import train_to_file

    plan = load_recipe(recipe)
    folder = out or run_folder(protocol, fold) / plan.name
    with open_progress(quiet) as progress:
        prepared = prepare(
            protocol,
            data=data,
            cache_folder=cache_folder() / "corpora",
            fold=fold,
            extra=extra or (),
            progress=progress,
        )
        if merge:
            prepared = replace(prepared, split=prepared.split.merge())

        def say(done: EpochReport) -> None:
            if isnan(done.ua):
                progress.stage(plan.name, "epochs", done=done.epoch, total=done.epochs)
                return
            progress.note(
                f"{plan.name}: epoch {done.epoch}/{done.epochs}, loss {done.loss:.3f}, validation "
                f"UA {done.ua:.1%}, accuracy {done.wa:.1%}{' (best so far)' if done.best else ''}"
            )

        path = train_to_file(
            plan,
            prepared,
            seed=seed,
            folder=folder,
            encoder=encoder,
            device=choose_device(device),
            on_epoch=say,
            progress=progress,
        )
    typer.echo(path)


def run_folder(protocol: str, fold: int) -> Path:
    """Return where what is trained on a protocol's fold is kept unless told otherwise."""
    from voxemo_scan.training.splits import find_protocol

    folder = Path("runs") / protocol
    return folder / f"fold-{fold}" if find_protocol(protocol).folds > 1 else folder

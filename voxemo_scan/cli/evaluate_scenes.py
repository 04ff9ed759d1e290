"""``voxemo-scan evaluate scenes``: what estimated shares are worth on scenes of known ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voxemo_scan.cli.console import err, out, print_json, print_table

if TYPE_CHECKING:
    from voxemo_scan.training.scenes.hold import ScenesEvaluation


def measure_scenes(
    *,
    data: Path,
    model: str | None,
    weights: Sequence[Path] | None,
    validation: bool,
    device: str,
    folder: Path | None,
    seed: int,
    command: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Measure a model on composed scenes, write the figures to ``folder`` and print them."""
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.folders import cache_folder
    from voxemo_scan.models.device import choose_device
    from voxemo_scan.training.scenes.figures import to_json, write_scenes
    from voxemo_scan.training.scenes.hold import hold_scenes
    from voxemo_scan.training.trial import shipped_for, trained_for

    models = (
        trained_for((0,), protocol="unseen-speakers", weights=weights)
        if weights
        else shipped_for((0,), model=model)
    ).to(choose_device(device))
    with open_progress(quiet) as progress:
        found = hold_scenes(
            models, data=data, cache_folder=cache_folder() / "corpora", validation=validation,
            seed=seed, progress=progress,
        )  # fmt: skip
    if folder is not None:
        write_scenes(found, folder, command=command)
        err.print(f"wrote {folder / 'scenes.md'}", markup=False)
    if as_json:
        print_json(to_json(found, command=command))
    else:
        _print(found)


def _print(found: ScenesEvaluation) -> None:
    from rich.table import Table

    from voxemo_scan.training.scenes.figures import (
        DRAWN_HEAD,
        SOUNDED_HEAD,
        VOICES_HEAD,
        drawn_rows,
        sounded_rows,
        voices_rows,
    )

    for pool in found.pools:
        tables: list[tuple[str, tuple[str, ...], list[list[str]]]] = [
            (f"drawn, {name}", DRAWN_HEAD, drawn_rows(k)) for name, k in pool.drawn.items()
        ]
        tables += [
            (f"voices, {name}", VOICES_HEAD, voices_rows(v)) for name, v in pool.beside.items() if v
        ]
        tables.append(("sounded", SOUNDED_HEAD, sounded_rows(pool.sounded)))
        for name, head, rows in tables:
            out.print(f"{pool.pool}: {name}", markup=False)
            shown = Table(*head)
            for row in rows:
                shown.add_row(*row)
            print_table(shown)

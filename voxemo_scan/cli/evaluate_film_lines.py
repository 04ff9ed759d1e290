"""``voxemo-scan evaluate film-lines``: what is heard in real lines of films."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voxemo_scan.cli.console import err, out, print_json, print_table

if TYPE_CHECKING:
    from voxemo_scan.training.film_lines import HeardLine


def measure_film_lines(
    *, data: Path, model: str | None, device: str, folder: Path | None, command: str, as_json: bool
) -> None:
    """Hear the lines under ``data``, write the figures to ``folder`` and print them."""
    import json

    from voxemo_scan.atomic import write_atomic
    from voxemo_scan.training.film_lines import hear_lines, read_lines, to_json
    from voxemo_scan.workflow import load_ensemble

    lines = read_lines(data)
    ensemble = load_ensemble(model, device)
    heard = hear_lines(lines, ensemble=ensemble)
    name = f"{ensemble.info.name}, version {ensemble.info.version}"
    values = to_json(heard, model=name, command=command)
    if folder is not None:
        write_atomic(folder / "film-lines.json", json.dumps(values, indent=2) + "\n")
        err.print(f"wrote {folder / 'film-lines.json'}", markup=False)
    if as_json:
        print_json(values)
        return
    _print(heard)
    out.print(
        f"accepted: {values['scan_accepted']} of {len(heard)} scanned, "
        f"{values['whole_accepted']} of {len(heard)} as whole lines; by chance "
        f"{values['chance'] * len(heard):.1f}",
        markup=False,
    )


def _print(heard: tuple[HeardLine, ...]) -> None:
    from rich.table import Table

    from voxemo_scan.text import clean, percent

    table = Table("line", "accepted", "scanned", "whole line")
    marks = {True: "yes", False: "no", None: ""}
    for each in heard:
        scanned = each.scanned
        if scanned.dominant is not None:
            found = f"{scanned.dominant} {percent(scanned.shares[scanned.dominant])}"
        else:
            found = "set aside" if scanned.abstained_s else "no speech found"
        strongest = each.whole_strongest
        table.add_row(
            clean(each.line.line),
            " ".join(each.line.accepted),
            f"{found} {marks[each.scan_accepted]}".strip(),
            f"{strongest} {percent(max(each.whole))} {marks[each.whole_accepted]}",
        )
    print_table(table)

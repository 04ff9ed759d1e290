"""``voxemo-scan corpus``: labelled speech to train on and to measure with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxemo_scan.cli.console import err, out, print_json, print_table
from voxemo_scan.errors import ExitCode

if TYPE_CHECKING:
    from voxemo_scan.training.corpora.examine import Findings

app = typer.Typer(
    name="corpus",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Check or download labelled speech.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command("list")
def list_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the corpora that the tool can read, with their licences and homes."""
    from rich.table import Table

    from voxemo_scan.training.corpora.known import CORPORA

    if as_json:
        print_json(
            {
                "corpora": [
                    {"name": c.name, "licence": c.licence, "home": c.home} for c in CORPORA.values()
                ]
            }
        )
        return
    table = Table("corpus", "licence", "home")
    for corpus in CORPORA.values():
        table.add_row(corpus.name, corpus.licence, corpus.home)
    print_table(table)


@app.command("check")
def check_command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR|CSV", help="A corpus, or a folder that holds several.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything found as JSON.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Count a corpus's clips and find duplicate, silent and unreadable ones.

    The exit code is 3 when a file cannot be read.
    """
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.training.corpora.examine import examine
    from voxemo_scan.training.corpora.known import recognise

    utterances = recognise(folder)
    with open_progress(quiet) as progress:
        found = examine(utterances, progress=progress)
    if as_json:
        print_json({"corpora": [_values(each) for each in found]})
    else:
        for each in found:
            _show(each)
    if any(each.unreadable for each in found):
        raise typer.Exit(ExitCode.SCENE_FAILED)


@app.command("fetch")
def fetch_command(
    name: Annotated[str, typer.Argument(help="CREMA-D, RAVDESS, TESS or EmoDB.")],
    out_folder: Annotated[
        Path, typer.Option("-o", "--out", metavar="DIR", help="Folder that is to hold NAME/.")
    ] = Path("data"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Download a corpus from its official place and check what came.

    Prints the corpus's folder. A download that broke off goes on where it was.
    """
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.training.corpora.fetch import fetch_corpus
    from voxemo_scan.training.corpora.known import CORPORA

    if name in CORPORA and not quiet:
        err.print(f"{name}: {CORPORA[name].licence}, {CORPORA[name].home}", markup=False)
    with open_progress(quiet) as progress:
        folder = fetch_corpus(name, out_folder, progress=progress)
    typer.echo(folder)


def _show(found: Findings) -> None:
    from rich.table import Table

    labels = sorted({label for counts in found.counts.values() for label in counts})
    speakers = len(found.counts)
    hours = found.duration_s / 3600
    table = Table(
        "speaker", *labels, "all",
        title=f"{found.corpus}: {found.clips} clips, {speakers} speakers, {hours:.1f} hours",
    )  # fmt: skip
    for speaker, counts in found.counts.items():
        cells = [str(counts.get(label, "")) for label in labels]
        table.add_row(speaker, *cells, str(sum(counts.values())))
    totals = [sum(c.get(label, 0) for c in found.counts.values()) for label in labels]
    table.add_section()
    table.add_row("all", *map(str, totals), str(found.clips))
    print_table(table)
    for same in found.duplicates:
        warning = f", labelled {' and '.join(same.labels)}" if same.contradicts else ""
        out.print(f"the same sound: {' and '.join(same.clips)}{warning}", markup=False)
    for clip in found.silent:
        out.print(f"silent: {clip}", markup=False)
    for path, error in found.unreadable.items():
        out.print(f"unreadable: {path}: {error}", markup=False)
    if not (found.duplicates or found.silent or found.unreadable):
        out.print("no duplicate, silent or unreadable clips")


def _values(found: Findings) -> dict[str, object]:
    return {
        "corpus": found.corpus,
        "clips": found.clips,
        "duration_s": round(found.duration_s, 3),
        "counts": found.counts,
        "duplicates": [
            {"clips": list(d.clips), "labels": list(d.labels)} for d in found.duplicates
        ],
        "silent": list(found.silent),
        "unreadable": found.unreadable,
    }

"""``voxemo-scan corpus``: labelled speech to train on and to measure with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxemo_scan.cli.console import err, out, print_json, print_table
from voxemo_scan.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from voxemo_scan.training.corpora.examine import Findings

_SHOWN = 10

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
        fields = ("name", "clips", "download_mb", "licence", "home")
        print_json({"corpora": [{f: getattr(c, f) for f in fields} for c in CORPORA.values()]})
        return
    table = Table("corpus", "clips", "download", "licence", "home")
    for each in CORPORA.values():
        size = f"{each.download_mb} MB" if each.download_mb else "on request"
        table.add_row(each.name, f"{each.clips:,}", size, each.licence, each.home)
    print_table(table)


@app.command("check")
def check_command(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR|CSV", help="A corpus, a folder that holds several, or a table of clips."
        ),
    ],
    name: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="NAME",
            help="Which corpus it is: CREMA-D, RAVDESS, TESS, SAVEE, EmoDB or own.",
            show_default="found out",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything found as JSON.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Count a corpus's clips and find duplicate, silent, unreadable and unknown ones.

    Duplicates are found by their sound, not by their bytes. The exit code is 3 when a clip
    cannot be read; all else that is found is for you to judge, and the exit code is 0.
    """
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.training.corpora.examine import examine
    from voxemo_scan.training.corpora.recognise import recognise

    collections = recognise(folder, name=name)
    with open_progress(quiet) as progress:
        found = examine(collections, progress=progress)
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
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what is there now as JSON.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Download a corpus from its official place and check what came.

    Prints the corpus's folder, which appears there whole or not at all. A download that broke
    off goes on where it was; a corpus that is there already is not downloaded again.
    """
    from voxemo_scan.cli.progress import open_progress
    from voxemo_scan.training.corpora.fetch import fetch_corpus

    with open_progress(quiet) as progress:
        found = fetch_corpus(name, out_folder, progress=progress)
    if not (found.new or quiet):
        err.print(f"{found.corpus.name} is at {found.folder} already", markup=False)
    if as_json:
        values = {"corpus": found.corpus.name, "path": str(found.folder), "clips": found.clips}
        print_json(values | {"new": found.new, "licence": found.corpus.licence})
    else:
        typer.echo(found.folder)


def _show(found: Findings) -> None:
    from voxemo_scan.text import clock

    out.print(
        f"{found.corpus}: {_count(found.clips, 'clip')}, {_count(len(found.counts), 'speaker')}, "
        f"{clock(found.duration_s)}, {found.place}",
        markup=False,
    )
    print_table(_table(found))
    remarks = list(_remarks(found))
    for remark in remarks or ["nothing wrong: no duplicate, silent, unreadable or unknown clips"]:
        out.print(remark, markup=False)


def _table(found: Findings) -> Table:
    """Return how many clips of each label each speaker says."""
    from rich.markup import escape
    from rich.table import Table

    labels = sorted({label for counts in found.counts.values() for label in counts})
    table = Table("speaker", *labels, "all")
    for speaker, counts in found.counts.items():
        cells = [str(counts.get(label, "")) for label in labels]
        table.add_row(escape(speaker), *cells, str(sum(counts.values())))
    totals = [sum(counts.get(label, 0) for counts in found.counts.values()) for label in labels]
    table.add_section()
    table.add_row("all", *map(str, totals), str(found.clips))
    return table


def _remarks(found: Findings) -> Iterator[str]:
    """Yield what is wrong, the worst first."""
    for path, error in found.unreadable.items():
        yield f"unreadable: {path}: {error}"
    for same in sorted(found.duplicates, key=lambda each: not each.contradicts):
        trap = f", labelled {' and '.join(same.labels)}: a trap" if same.contradicts else ""
        yield f"the same sound: {' and '.join(same.clips)}{trap}"
    for clip in found.silent:
        yield f"silent: {clip}"
    yield from _listed(found.strangers, what=f"not named as in {found.corpus}, left out")
    yield from _listed(found.again, what="a clip that another file is counted for, left out")


def _listed(paths: tuple[str, ...], *, what: str) -> Iterator[str]:
    for path in paths[:_SHOWN]:
        yield f"{what}: {path}"
    if len(paths) > _SHOWN:
        yield f"{what}: {_count(len(paths) - _SHOWN, 'more file')}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _values(found: Findings) -> dict[str, object]:
    return {
        "corpus": found.corpus,
        "path": str(found.place),
        "clips": found.clips,
        "duration_s": round(found.duration_s, 3),
        "counts": found.counts,
        "duplicates": [
            {"clips": list(d.clips), "labels": list(d.labels), "contradicts": d.contradicts}
            for d in found.duplicates
        ],
        "silent": list(found.silent),
        "unreadable": found.unreadable,
        "unknown": list(found.strangers),
        "repeated": list(found.again),
    }

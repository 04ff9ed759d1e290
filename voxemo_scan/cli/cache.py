"""``voxemo-scan cache``: what is kept between runs, listed, cleared or verified."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxemo_scan.cli.console import err, out, print_json, print_table
from voxemo_scan.cli.options import ClipsOption
from voxemo_scan.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from voxemo_scan.cache.room import Room

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="List, clear or verify what is kept between runs.",
)

KindsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[results|media|clips]...", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print what is found as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print data and errors only.")]


@app.command("list")
def list_(
    kinds: KindsArgument = None,
    clips: ClipsOption = Path("scenes"),
    as_json: JsonOption = False,
    quiet: QuietOption = False,  # noqa: ARG001  (there is nothing but data)
) -> None:
    """Say what is kept, where, and how much room it takes; a kind that is named, item by item.

    Results and media are in the cache folder (VOXEMO_CACHE moves it), clips in --scenes and, of
    lone recordings, in the cache folder.
    """
    found = _rooms(kinds, clips)
    if as_json:
        print_json({"rooms": [_as_json(room) for room in found]})
    elif not kinds:
        print_table(_summary(found))
    else:
        for room in found:
            for item in room.items():
                out.print(f"{size_text(item.size):>9}  {item.name}  {item.what}", markup=False)


@app.command()
def clear(
    kinds: KindsArgument = None,
    clips: ClipsOption = Path("scenes"),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Remove what is kept: results and media, which can be made again, or the kinds named.

    Downloaded clips stay unless they are named: they might not be there to fetch again.
    """
    found = _rooms(kinds or ["results", "media"], clips)
    before = sum(room.size for room in found)
    if not yes:
        for room in found:
            err.print(f"{room.kind}: {size_text(room.size)} in {room.place}", markup=False)
        if not _agreed():
            err.print("nothing removed")
            return
    freed = sum(room.clear() for room in found)
    if as_json:
        print_json({"bytes_before": before, "bytes_freed": freed})
    elif not quiet:
        err.print(f"{size_text(freed)} freed")


@app.command()
def verify(
    kinds: KindsArgument = None,
    clips: ClipsOption = Path("scenes"),
    mend: Annotated[
        bool, typer.Option("--mend", help="Remove what is damaged; the next run makes it anew.")
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read all that is kept and say what is damaged, and what to do about it.

    The exit code is 4 where something is damaged and was not mended.
    """
    found = [(room, room.damaged()) for room in _rooms(kinds, clips)]
    count = sum(len(damage) for _, damage in found)
    if as_json:
        damage = [{"kind": room.kind, **asdict(each)} for room, all_ in found for each in all_]
        print_json({"ok": count == 0, "mended": mend and count > 0, "damaged": damage})
    else:
        for room, damages in found:
            for each in damages:
                out.print(f"{room.kind}: {each.name}: {each.what}", markup=False)
                err.print(f"  try: {each.remedy}", markup=False)
    if mend:
        for room, _ in found:
            room.mend()
    if not quiet:
        err.print(f"{count or 'nothing'} damaged{', and removed' if mend and count else ''}")
    if count and not mend:
        raise typer.Exit(ExitCode.MISSING)


def _agreed() -> bool:
    try:
        return typer.confirm("Remove all of it?", err=True)
    except typer.Abort:  # nobody there to ask
        err.print()
        raise UsageError("nothing removed", remedy="--yes removes without asking") from None


def _rooms(kinds: Sequence[str] | None, clips: Path) -> list[Room]:
    from voxemo_scan.cache.room import KINDS
    from voxemo_scan.cache.rooms import rooms
    from voxemo_scan.folders import cache_folder

    for kind in kinds or ():
        if kind not in KINDS:
            raise UsageError(f"nothing called {kind!r} is kept", remedy=f"name {', '.join(KINDS)}")
    return rooms(cache_folder(), clips=clips, kinds=kinds or KINDS)


def _as_json(room: Room) -> dict[str, object]:
    items = [asdict(item) for item in room.items()]
    return {"kind": room.kind, "place": str(room.place), "bytes": room.size, "items": items}


def _summary(found: Sequence[Room]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Kept")
    table.add_column("Number", justify="right")
    table.add_column("Size", justify="right")
    table.add_column("Where", overflow="fold")
    for room in found:
        table.add_row(
            room.kind, str(len(room.items())), size_text(room.size), Text(str(room.place))
        )
    return table


def size_text(size: int) -> str:
    """Return a number of bytes as people write it: ``12 kB``, ``3.4 MB``."""
    number = float(size)
    for unit in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit != "MB" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"

"""`voxemo-scan validate`: what a manifest holds, or everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxemo_scan.cli.console import err, out, print_json, print_table

if TYPE_CHECKING:
    from rich.table import Table

    from voxemo_scan.manifest.model import Expectation, Manifest, Scene


def command(
    manifest: Annotated[
        Path | None, typer.Argument(help="The manifest to read.", show_default=False)
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema that editors complete from.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scenes as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print problems only.")] = False,
) -> None:
    """Say what a manifest holds, or everything that is wrong with it.

    Problems go to stderr as file:line:column, and the exit code is 2.
    """
    if schema:
        from voxemo_scan.manifest.schema import manifest_json_schema

        print_json(manifest_json_schema())
        return
    if manifest is None:
        raise typer.BadParameter("name a manifest, or ask for --schema", param_hint="'MANIFEST'")
    _validate(manifest, as_json=as_json, quiet=quiet)


def _validate(path: Path, *, as_json: bool, quiet: bool) -> None:
    from voxemo_scan.manifest.load import load_manifest

    manifest = load_manifest(path)
    absent = [scene for scene in manifest.scenes if _is_absent(manifest, scene)]
    if as_json:
        print_json(_as_json(manifest, absent))
    elif not quiet:
        out.print(f"[bold]{_plain(manifest.name)}[/]")
        print_table(_table(manifest))
    if quiet:
        return
    for scene in absent:
        place = f"{path}:{scene.line}"
        err.print(f"[yellow]warning:[/] {_plain(place)}: no file at {_plain(scene.source)}")
    if not as_json:
        err.print(f"{len(manifest.scenes)} scene{_s(len(manifest.scenes))}, no problems")


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _is_absent(manifest: Manifest, scene: Scene) -> bool:
    source = manifest.resolve(scene)
    return isinstance(source, Path) and not source.is_file()


def _as_json(manifest: Manifest, absent: list[Scene]) -> dict[str, Any]:
    missing = {scene.id for scene in absent}
    scenes = [
        {"line": scene.line, "missing": scene.id in missing, **scene.model_dump(mode="json")}
        for scene in manifest.scenes
    ]
    return {"name": manifest.name, "path": str(manifest.path), "scenes": scenes}


def _table(manifest: Manifest) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("id", style="bold", no_wrap=True)
    table.add_column("title", overflow="fold")
    table.add_column("source", overflow="fold")
    table.add_column("range", no_wrap=True)
    table.add_column("expected", overflow="fold")
    for scene in manifest.scenes:
        cells = (scene.id, scene.title, scene.source, _range(scene), _rules(scene))
        table.add_row(*(_plain(cell) for cell in cells))
    return table


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _range(scene: Scene) -> str:
    from voxemo_scan.manifest.timecode import format_timecode

    if scene.start_s is None and scene.end_s is None:
        return "all"
    end = "end" if scene.end_s is None else format_timecode(scene.end_s)
    return f"{format_timecode(scene.start_s or 0.0)} - {end}"


def _rules(scene: Scene) -> str:
    if scene.expect is None:
        return "-"
    known = "; known failure" if scene.known_failure else ""
    return "; ".join(_rule_texts(scene.expect)) + known


def _rule_texts(expect: Expectation) -> list[str]:
    from voxemo_scan.manifest.share import format_share

    rules = ["mostly " + " or ".join(expect.dominant)] if expect.dominant else []
    rules += [f"{emotion} >= {format_share(s)}" for emotion, s in expect.at_least.items()]
    rules += [f"{emotion} <= {format_share(s)}" for emotion, s in expect.at_most.items()]
    return rules

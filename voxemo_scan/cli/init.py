"""`voxemo-scan init`: a manifest to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voxemo_scan.cli.console import err
from voxemo_scan.errors import UsageError

_DEFAULT = Path("manifests/my-scenes.yaml")


def command(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="Web addresses, media files, folders of media files. None: an example.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("-o", "--out", help="The manifest to write; - is stdout.")
    ] = _DEFAULT,
    name: Annotated[
        str | None, typer.Option("--name", help="The manifest's name; the file's if absent.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", "-f", help="Overwrite a manifest that is there.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say errors only.")] = False,
) -> None:
    """Write a starter manifest from addresses, files or folders.

    Without sources it writes an example: one scene from the web, and what else may be said.
    """
    from voxemo_scan.manifest.starter import starter_manifest, starter_text

    to_stdout = str(out) == "-"
    path = _DEFAULT.name if to_stdout else out
    manifest = starter_manifest(sources or [], path=Path(path), name=name)
    text = starter_text(manifest)
    if to_stdout:
        typer.echo(text, nl=False)
        return
    _write(text, path=out, force=force)
    if not quiet:
        count = len(manifest.scenes)
        err.print(f"wrote {out} with {count} scene{'' if count == 1 else 's'}", markup=False)
        err.print(f"edit it, then: voxemo-scan run {out}", markup=False)


def _write(text: str, *, path: Path, force: bool) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder", remedy=f"name a file, as {path / _DEFAULT.name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(
            f"{path} is already there", remedy="choose another file with -o, or --force"
        ) from error

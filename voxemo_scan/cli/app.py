"""The command line's root: its help, its version, its completion, its exit codes."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn, TextIO

import typer

from voxemo_scan import __version__
from voxemo_scan.cli.exits import run_to_exit_code
from voxemo_scan.cli.lazy import LazyGroup
from voxemo_scan.errors import ExitCode

app = typer.Typer(
    name="voxemo-scan",
    cls=LazyGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"voxemo-scan {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Hear which emotions the voices in film scenes carry."""


def main() -> NoReturn:
    """Run the command line and exit with one of ``ExitCode``."""
    _ensure_streams()
    codes: list[str | int | None] = []
    code = run_to_exit_code(lambda: codes.append(_run()))
    sys.exit(code or codes[0])


def _ensure_streams() -> None:
    """Have streams that can be written to, whatever the caller closed or cannot show."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _run() -> str | int | None:
    """Run the command line and return the exit code that it asks for."""
    stdout = sys.stdout
    try:
        app(prog_name="voxemo-scan")
    except SystemExit as stop:
        # Typer wraps a stdout that nobody reads any more and exits with 1, which here is
        # the code of a failed expectation.
        if sys.stdout is not stdout:
            raise BrokenPipeError from None
        return stop.code
    return ExitCode.OK

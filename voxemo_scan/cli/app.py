"""The command line's root: which commands there are, and how errors become exit codes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from voxemo_scan import __version__
from voxemo_scan.cli import check, doctor, fetch, init, validate
from voxemo_scan.cli.console import err, print_error
from voxemo_scan.errors import ExitCode, VoxemoError

app = typer.Typer(
    name="voxemo-scan",
    help="Hear which emotions the voices in film scenes carry.",
    no_args_is_help=True,
    rich_markup_mode="rich",
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
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Hear which emotions the voices in film scenes carry."""


for name, module in {
    "fetch": fetch,
    "validate": validate,
    "check": check,
    "init": init,
    "doctor": doctor,
}.items():
    app.command(name)(module.command)


def main() -> None:
    """Run the command line and exit with one of ``ExitCode``."""
    try:
        app()
    except VoxemoError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        err.print("interrupted")
        sys.exit(ExitCode.INTERRUPTED)

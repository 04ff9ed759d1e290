"""How the command line speaks: data to stdout, everything else to stderr."""

from __future__ import annotations

import errno
import json
import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from voxemo_scan.errors import ManifestError, MissingError, VoxemoError

if TYPE_CHECKING:
    from rich.table import Table

_UNBOUNDED = 10_000


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the root of the command line, which knows the exit code."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


# Emoji codes stay as they are: "demo.yaml:100:5" is a place, not a 💯.
err = _Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
out = _Console(highlight=False, soft_wrap=True, emoji=False)


def print_json(value: Any) -> None:
    """Print ``value`` as indented JSON to stdout."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=sys.stdout.encoding.lower() != "utf-8")
    sys.stdout.write("\n")


def print_table(table: Table) -> None:
    """Print ``table`` to stdout, as wide as its content where stdout is no terminal."""
    if out.is_terminal:
        out.print(table)
        return
    wide = _Console(highlight=False, emoji=False, width=_UNBOUNDED)
    wide.print(table)


def print_error(error: VoxemoError) -> None:
    """Print what happened and what to do about it to stderr."""
    if isinstance(error, ManifestError):
        _print_problems(error)
        return
    err.print(f"[bold red]error:[/] {escape(error.message)}")
    if error.remedy:
        err.print(f"[dim]  try:[/] {escape(error.remedy)}")


def need_extra(extra: str, *, modules: tuple[str, ...]) -> None:
    """Raise ``MissingError`` unless the modules of an optional extra are installed."""
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise MissingError(
            f"{', '.join(missing)} is not installed", remedy=f"pip install 'voxemo-scan[{extra}]'"
        )


def _print_problems(error: ManifestError) -> None:
    for problem in error.problems:
        err.print(f"[bold]{escape(problem.place)}:[/] {escape(problem.advice)}")
    count = len(error.problems)
    err.print(f"[bold red]error:[/] {count} problem{'' if count == 1 else 's'} in the manifest")

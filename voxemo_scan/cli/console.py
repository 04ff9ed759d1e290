"""How the command line speaks: data to stdout, everything else to stderr."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.markup import escape

from voxemo_scan.errors import VoxemoError

err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print ``value`` as indented JSON to stdout."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def print_error(error: VoxemoError) -> None:
    """Print what happened and what to do about it to stderr."""
    err.print(f"[bold red]error:[/] {escape(error.message)}")
    if error.remedy:
        err.print(f"[dim]  try:[/] {escape(error.remedy)}")

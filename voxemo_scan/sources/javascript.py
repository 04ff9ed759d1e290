"""The JavaScript runtime that YouTube's player code needs: deno, from its Python package."""

from __future__ import annotations

import shutil
from pathlib import Path


def find_deno() -> Path | None:
    """Return the deno program that came with the Python package, else one on the PATH."""
    try:
        from deno import find_deno_bin  # noqa: PLC0415 - optional at run time

        return Path(find_deno_bin())
    except (ImportError, OSError):
        found = shutil.which("deno")
        return Path(found) if found else None

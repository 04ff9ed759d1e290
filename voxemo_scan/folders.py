"""Where the tool keeps what can be made again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder for caches: ``VOXEMO_CACHE`` if set, else the user's own."""
    from platformdirs import user_cache_path  # noqa: PLC0415  (only when it is asked for)

    chosen = os.environ.get("VOXEMO_CACHE")
    return Path(chosen) if chosen else user_cache_path("voxemo-scan")

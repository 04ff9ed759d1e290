"""Recordings that are kept: only with ``--keep``, and only those for which it is asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Any

from voxemo_scan.atomic import write_atomic
from voxemo_scan.moment import now_utc
from voxemo_scan.web.clips import MEDIA_TYPES
from voxemo_scan.web.intake.upload import Upload


def keep_recording(upload: Upload, found: dict[str, Any], *, folder: Path) -> Path:
    """Keep an upload and what was found in it, under a name of ours, and return its path.

    The sender's name for it stands in the text beside it, and nowhere else.
    """
    moment = "".join(sign for sign in now_utc() if sign.isdigit())[:14]
    ending = PurePosixPath(upload.name).suffix.lower()
    stem = f"{moment}-{token_hex(4)}"
    path = folder / f"{stem}{ending if ending in MEDIA_TYPES else '.media'}"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(upload.path, path)
    write_atomic(folder / f"{stem}.json", json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return path

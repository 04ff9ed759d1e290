"""Media kept between runs in the cache folder, so that a page is written anew in seconds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from voxemo_scan.atomic import write_atomic
from voxemo_scan.folders import cache_folder
from voxemo_scan.report.media.model import SceneMedia

if TYPE_CHECKING:
    from voxemo_scan.scan.task import SceneTask

_VERSION: Final = 1
"""Raised when the same clip comes to give other sound or pictures."""


def kept(task: SceneTask, what: object, make: Callable[[], SceneMedia]) -> SceneMedia:
    """Return the media of a clip that ``what`` names, as kept or else as ``make`` makes it.

    What cannot be read is made again, what cannot be written is not kept; a clip whose bytes are
    not known by their digest is never kept.
    """
    if not task.sha256:
        return make()
    from pydantic import ConfigDict, TypeAdapter, ValidationError  # noqa: PLC0415

    as_text = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
    adapter = TypeAdapter(tuple[SceneMedia], config=as_text)
    parts = [_VERSION, task.sha256, task.start_s, task.end_s, what]
    name = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    path = cache_folder() / "media" / f"{name}.json"
    with suppress(OSError, ValidationError):
        return adapter.validate_json(path.read_bytes())[0]
    media = make()
    with suppress(OSError):
        write_atomic(path, adapter.dump_json((media,)))
    return media

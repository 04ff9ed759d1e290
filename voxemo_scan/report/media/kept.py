"""Media kept between runs in the cache folder, so that a page is written anew in seconds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voxemo_scan.atomic import write_atomic
from voxemo_scan.folders import cache_folder
from voxemo_scan.report.media.model import SceneMedia

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydantic import TypeAdapter

    from voxemo_scan.scan.task import SceneTask

FOLDER: Final = "media"
ENDING: Final = ".media"
_VERSION: Final = 4
"""Raised when the same clip comes to give other sound or pictures."""


def kept(task: SceneTask, what: object, make: Callable[[], SceneMedia]) -> SceneMedia:
    """Return the media of a clip that ``what`` names, as kept or else as ``make`` makes it.

    What is not as it was written is made again, what cannot be written is not kept; a clip whose
    bytes are not known by their digest is never kept.
    """
    if not task.sha256:
        return make()
    parts = [_VERSION, task.sha256, task.start_s, task.end_s, what]
    name = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    path = cache_folder() / FOLDER / f"{name}{ENDING}"
    if (found := read_kept(path)) is not None:
        return found
    media = make()
    with suppress(OSError):
        data: bytes = _adapter().dump_json((media,))
        write_atomic(path, hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
    return media


def kept_sound(
    task: SceneTask,
    kbps: int | None,
    *,
    go_on: Callable[[], bool] = lambda: True,
    blocks: Iterable[NDArray[np.int16]] | None = None,
) -> SceneMedia:
    """Return what a clip's sound gives, no sound itself without ``kbps``, kept if it can be.

    ``blocks`` are the clip's range as pages hear it, if somebody decodes it already.

    Raises:
        AudioError: the clip cannot be decoded.
        VoxemoError: ``go_on`` said no.
    """
    from voxemo_scan.report.media.clip import (  # noqa: PLC0415  (not where all is kept)
        read_blocks,
        read_clip,
    )

    def read() -> SceneMedia:
        if blocks is not None:
            return read_blocks(blocks, kbps=kbps, go_on=go_on)
        return read_clip(task.path, start_s=task.start_s, end_s=task.end_s, kbps=kbps, go_on=go_on)

    return kept(task, kbps, read)


def read_kept(path: Path) -> SceneMedia | None:
    """Return the media in the file ``path``; None if there is none, or not as it was written."""
    from pydantic import ValidationError  # noqa: PLC0415

    with suppress(OSError, ValidationError):
        sha256, _, data = path.read_bytes().partition(b"\n")
        if hashlib.sha256(data).hexdigest().encode() == sha256:
            return _adapter().validate_json(data)[0]
    return None


@cache
def _adapter() -> TypeAdapter[tuple[SceneMedia]]:
    from pydantic import ConfigDict, TypeAdapter  # noqa: PLC0415  (slow to import)

    as_text = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
    return TypeAdapter(tuple[SceneMedia], config=as_text)

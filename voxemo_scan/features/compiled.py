"""librosa, whose compiled functions are made by one process at a time.

librosa has numba compile some of its functions when they are first imported, and numba keeps them
in files for the next time. Two processes that do so at once leave files that do not fit each other,
and whoever calls such a function then, or ever after, ends in a segmentation fault
(https://github.com/numba/numba/issues/10128). So whoever uses librosa takes it from here::

    from voxemo_scan.features.compiled import librosa
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Final

import librosa
from filelock import FileLock, Timeout

from voxemo_scan.folders import cache_folder

__all__ = ["librosa"]

COMPILED: Final = ("librosa.util.utils", "librosa.core.audio", "librosa.core.pitch")
"""Its modules that are compiled when they are imported; what the package uses needs no others."""
_PATIENCE_S: Final = 120.0


def import_compiled() -> None:
    """Import what numba compiles, after any other process that is at it.

    Where no lock can be had, it is imported without one: a folder that cannot be written to is no
    reason not to hear.
    """
    import_module("numba")  # the longest part, and nothing is compiled by it
    with _alone():
        for name in COMPILED:
            import_module(name)


def _alone() -> AbstractContextManager[object]:
    # numba keeps its files beside librosa's, or in a folder of the user's if that is read-only.
    beside = Path(librosa.__file__).parent / "__pycache__"
    for folder in (beside, cache_folder()):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return FileLock(folder / "voxemo-scan.lock", timeout=_PATIENCE_S).acquire()
        except Timeout:
            break
        except (OSError, NotImplementedError):
            continue
    return nullcontext()


import_compiled()

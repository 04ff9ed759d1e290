"""Work over all cores, one file at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeVar

_T = TypeVar("_T")
_CHUNK: Final = 32


def over_cores(work: Callable[[Path], _T], paths: Sequence[Path]) -> Iterator[_T]:
    """Yield what ``work`` makes of each file, in order, as it comes.

    Args:
        work: a module's own function: processes are spawned and import it by name.
        paths: the files.
    """
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, paths, chunksize=_CHUNK)

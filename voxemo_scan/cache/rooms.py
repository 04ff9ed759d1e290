"""All rooms of the cache."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from voxemo_scan.cache.clips import ClipsRoom
from voxemo_scan.cache.media import MediaRoom
from voxemo_scan.cache.results import ResultsRoom
from voxemo_scan.cache.room import KINDS, Room


def rooms(cache: Path, *, clips: Path, kinds: Collection[str] = KINDS) -> list[Room]:
    """Return the rooms of some kinds.

    Args:
        cache: the cache folder.
        clips: where a manifest's clips are; those of lone recordings are in the cache folder.
        kinds: which.
    """
    every: list[Room] = [ResultsRoom(cache), MediaRoom(cache)]
    folders = dict.fromkeys(path.resolve() for path in (clips, cache / "clips"))
    every += [ClipsRoom(folder) for folder in folders]
    return [room for room in every if room.kind in kinds]

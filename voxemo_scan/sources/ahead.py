"""Scenes' clips, fetched in threads ahead of who takes them, but only so far ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from voxemo_scan.errors import VoxemoError
    from voxemo_scan.manifest.model import Scene
    from voxemo_scan.sources.clip import Clip

DOWNLOADS: Final = 3
"""Clips that are downloaded at a time."""
READERS: Final = 2
"""Files that are read at a time to be known by their fingerprint."""
AHEAD: Final = 8
"""Clips of either kind that are under way, or here and not yet taken, at most."""

Fetched: TypeAlias = "Future[Clip | VoxemoError]"


class ClipsAhead:
    """The clips of ``scenes``; files that are here do not wait behind downloads.

    Args:
        scenes: in the order in which their clips are fetched.
        fetch: returns a scene's clip, or why there is none; called in threads.
    """

    def __init__(
        self, scenes: Iterable[Scene], fetch: Callable[[Scene], Clip | VoxemoError]
    ) -> None:
        scenes = tuple(scenes)
        self._lanes = (
            _Lane([s for s in scenes if not s.is_web], fetch, threads=READERS),
            _Lane([s for s in scenes if s.is_web], fetch, threads=DOWNLOADS),
        )

    @property
    def under_way(self) -> dict[Fetched, Scene]:
        """Return what is being fetched or waits to be taken; none once all were taken."""
        return {f: scene for lane in self._lanes for f, scene in lane.under_way.items()}

    def take(self, fetched: Fetched) -> Scene:
        """Return the scene of ``fetched``, which makes room for another."""
        lane = next(lane for lane in self._lanes if fetched in lane.under_way)
        scene = lane.under_way.pop(fetched)
        lane.fill()
        return scene

    def close(self) -> None:
        """Begin no more, and wait for what has begun."""
        for lane in self._lanes:
            lane.pool.shutdown(wait=True, cancel_futures=True)


class _Lane:
    """Scenes whose clips come by the same way."""

    def __init__(
        self,
        scenes: Sequence[Scene],
        fetch: Callable[[Scene], Clip | VoxemoError],
        *,
        threads: int,
    ) -> None:
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="fetch")
        self.under_way: dict[Fetched, Scene] = {}
        self._waiting = deque(scenes)
        self._fetch = fetch
        self.fill()

    def fill(self) -> None:
        """Begin as many as there is room for."""
        while self._waiting and len(self.under_way) < AHEAD:
            scene = self._waiting.popleft()
            self.under_way[self.pool.submit(self._fetch, scene)] = scene

"""Listening to something that goes on, until it ends, somebody ends it or time is up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.errors import MissingError
from voxemo_scan.scan.live import Heard, LiveListener

_LOOK_S: Final = 0.02
_PATIENCE_S: Final = 5.0


class SoundSource(Protocol):
    """Something that records, such as ``Microphone``.

    ``ended`` once no more will come; ``lost`` is how often sound was lost on the way.
    """

    name: str
    sampling_rate: int
    lost: int

    def start(self, take: Callable[[NDArray[np.int16]], None]) -> object:
        """Begin to hand over sound as it comes, from any one thread."""

    @property
    def ended(self) -> bool:
        """Say whether no more sound will come."""

    def close(self) -> None:
        """Stop; nothing is handed over any more."""


def listen_to(
    source: SoundSource,
    listener: LiveListener,
    *,
    on_heard: Callable[[Heard], None],
    stop: threading.Event,
    longest_s: float | None = None,
    patience_s: float = _PATIENCE_S,
) -> None:
    """Feed ``listener`` from ``source`` and tell ``on_heard`` what is heard, until the end.

    Args:
        source: what records; closed at the end.
        listener: who listens; may be asked to ``finish`` then.
        on_heard: called every half second of sound, from this thread.
        stop: set from anywhere to end it.
        longest_s: sound after which it ends by itself, seconds.
        patience_s: how long no sound may come.

    Raises:
        MissingError: no sound comes.
    """
    try:
        source.start(listener.feed)
        fed_s, fed_at = 0.0, time.monotonic()
        while not stop.is_set() and (longest_s is None or listener.fed_s < longest_s):
            ended = source.ended  # before listening: what came until then is still heard
            if (heard := listener.listen()) is not None:
                on_heard(heard)
            elif ended:
                return
            else:
                stop.wait(_LOOK_S)
            if listener.fed_s > fed_s:
                fed_s, fed_at = listener.fed_s, time.monotonic()
            elif not ended and time.monotonic() - fed_at > patience_s:
                raise MissingError(
                    f"no sound comes from {source.name}",
                    remedy="see whether it is switched on and this program may use it",
                )
    finally:
        source.close()

"""How often one client may ask."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_CLIENTS = 4096


class RateLimit:
    """A bucket for each client, which holds up to half a minute's requests and refills evenly.

    Only so many clients are remembered; the one that was silent longest is forgotten first.

    Args:
        per_minute: requests that each client has a minute.
        clock: seconds that only grow.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_s = per_minute / 60.0
        self._most = max(1.0, per_minute / 2.0)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take a request off the client's bucket and return 0, or the seconds until it has one."""
        now = self._clock()
        left, at = self._buckets.pop(client, (self._most, now))
        left = min(self._most, left + (now - at) * self._per_s)
        wait_s = 0.0 if left >= 1.0 else (1.0 - left) / self._per_s
        self._buckets[client] = (left if wait_s else left - 1.0, now)
        while len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return math.ceil(wait_s * 10) / 10

"""A bound on how long something may take, whatever it is waiting for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

_LOOK_EVERY_S: Final = 0.1

Result = TypeVar("Result")


class OutOfTime(Exception):  # noqa: N818 - a condition, not a fault
    """The time is used up."""


class Cancelled(Exception):  # noqa: N818 - a condition, not a fault
    """Somebody asked to stop."""


class Budget:
    """Seconds that run down, and a way to stop before they have.

    Args:
        seconds: how long from now.
        stop: set from outside to stop early.
    """

    def __init__(self, seconds: float, *, stop: threading.Event | None = None) -> None:
        self._end = time.monotonic() + seconds
        self._stop = stop or threading.Event()
        self._abandoned = threading.Event()

    @property
    def left_s(self) -> float:
        """Seconds left, 0 when used up."""
        return max(self._end - time.monotonic(), 0.0)

    def check(self) -> None:
        """Raise OutOfTime or Cancelled when the work must not go on."""
        if self._stop.is_set() or self._abandoned.is_set():
            raise Cancelled
        if self.left_s == 0:
            raise OutOfTime

    def sleep(self, seconds: float) -> None:
        """Wait, and raise as soon as the work must not go on."""
        wake = time.monotonic() + seconds
        self.check()
        while (rest := wake - time.monotonic()) > 0:
            self._stop.wait(min(rest, self.left_s, _LOOK_EVERY_S))
            self.check()

    def run(self, task: Callable[[], Result]) -> Result:
        """Return what ``task`` returns, or raise what it raises, within the budget.

        The task runs on a thread of its own. When time is up the thread is left behind (Python
        cannot end a thread that waits inside the system), and each ``check`` it makes from then
        on raises.
        """
        results: list[Result] = []
        errors: list[BaseException] = []
        ended = threading.Event()

        def work() -> None:
            try:
                results.append(task())
            except BaseException as error:  # noqa: BLE001 - raised again in the caller
                errors.append(error)
            finally:
                ended.set()

        threading.Thread(target=work, name="fetch", daemon=True).start()
        try:
            while not ended.wait(_LOOK_EVERY_S):
                self.check()
        except BaseException:
            self._abandoned.set()
            raise
        if errors:
            raise errors[0]
        return results[0]

"""Sound made in a thread while what was made before is worked on."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from queue import Full, Queue
from typing import Final, TypeVar

T = TypeVar("T")

_MOST: Final = 8
_LOOK_S: Final = 0.1


def read_ahead(items: Generator[T], *, most: int = _MOST) -> Iterator[T]:
    """Yield ``items``, of which up to ``most`` are made ahead in a thread of their own.

    An error comes where it would have come; leaving early ends ``items`` and the thread.
    """
    ready: Queue[tuple[T] | BaseException | None] = Queue(most)
    left = threading.Event()

    def offer(what: tuple[T] | BaseException | None) -> bool:
        while not left.is_set():
            try:
                ready.put(what, timeout=_LOOK_S)
            except Full:
                continue
            return True
        return False

    def make() -> None:
        end: BaseException | None = None
        try:
            all(offer((item,)) for item in items)
        except BaseException as error:  # noqa: BLE001  (raised where it would have been)
            end = error
        finally:
            items.close()
        offer(end)

    thread = threading.Thread(target=make, name="ahead", daemon=True)
    thread.start()
    try:
        while isinstance(found := ready.get(), tuple):
            yield found[0]
    finally:
        left.set()
        thread.join()
    if found is not None:
        raise found

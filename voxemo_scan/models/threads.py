"""Many small pieces of work for networks, each done by one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import TypeVar

import torch

Given = TypeVar("Given")
Made = TypeVar("Made")


def in_threads(work: Callable[[Given], Made], pieces: Sequence[Given]) -> list[Made]:
    """Return what ``work`` makes of each piece, in order.

    As many threads are at it as torch may use, and each computes by itself, so that their number
    changes no digit: small products gain little from being shared out, and much is done between
    them. Nothing is recorded for gradients.
    """
    threads = min(torch.get_num_threads(), len(pieces))
    if threads <= 1:
        with one_thread(), torch.inference_mode():
            return [work(piece) for piece in pieces]
    return list(_pool(threads).map(torch.inference_mode()(work), pieces))


@contextmanager
def one_thread() -> Iterator[None]:
    """Have torch compute with one thread here, so that sums are added up in one order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@lru_cache(maxsize=1)
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="hear", initializer=_stay_alone)


def _stay_alone() -> None:
    """Have this thread compute by itself, whatever other threads ask for later.

    A thread that torch has not yet computed in takes over, when it first does, what was asked for
    last, whoever asked. Being asked for the number makes it one that torch has computed in.
    """
    torch.get_num_threads()
    torch.set_num_threads(1)

"""Sound read ahead is the same sound, and nobody is left working at it."""

from __future__ import annotations

import threading
from itertools import count

import pytest

from voxemo_scan.audio.ahead import read_ahead


def under_way():
    return [thread for thread in threading.enumerate() if thread.name == "ahead"]


def test_all_comes_in_order():
    assert list(read_ahead((n for n in range(1000)), most=3)) == list(range(1000))
    assert list(read_ahead(n for n in ())) == []
    assert not under_way()


def test_an_error_comes_where_it_would_have_come():
    def broken():
        yield 1
        yield 2
        raise LookupError("no third")

    found = []
    with pytest.raises(LookupError, match="no third"):
        found.extend(read_ahead(broken()))
    assert found == [1, 2]
    assert not under_way()


def test_no_more_is_made_than_may_wait():
    made = []
    taken = read_ahead((made.append(n) or n for n in count()), most=4)
    assert next(taken) == 0
    threading.Event().wait(0.3)
    assert len(made) <= 6
    taken.close()
    assert not under_way()


def test_leaving_early_ends_what_was_begun():
    ended = threading.Event()

    def opened():
        try:
            yield from count()
        finally:
            ended.set()

    for n in read_ahead(opened()):
        if n == 5:
            break
    del n
    assert ended.wait(5)

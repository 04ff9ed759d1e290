"""Stretches of time: joined, and taken from one another."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.report.intervals import merged, without

spans = st.tuples(st.integers(0, 100), st.integers(1, 20)).map(lambda p: (p[0], p[0] + p[1]))
many = st.lists(spans, max_size=8)


def seconds(parts):
    """Return the whole seconds that any of ``parts`` covers."""
    return {second for start, end in parts for second in range(int(start), int(end))}


@given(many)
def test_joined_stretches_cover_the_same_and_lie_apart_in_order(parts):
    joined = merged(parts)
    assert seconds(joined) == seconds(parts)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(joined))
    assert merged(joined) == joined


@given(many, many)
def test_what_is_left_and_what_is_taken_are_the_whole(parts, taken):
    left = without(parts, taken=taken)
    assert seconds(left) == seconds(parts) - seconds(taken)


def test_crumbs_are_dropped():
    assert without([(0.0, 1.0)], taken=[(0.03, 0.5), (0.6, 0.97)]) == [(0.5, 0.6)]

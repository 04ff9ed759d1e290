"""Who gets how many bits."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.report.media.budget import LADDER_KBPS, embedded_bytes, estimate_bytes, plan_rates

LENGTHS = st.dictionaries(st.text("abcdef", min_size=1), st.floats(0.1, 7200), max_size=30)


def test_with_room_all_have_the_best():
    assert plan_rates({"a": 60, "b": 600}, budget_bytes=10_000_000) == {"a": 32, "b": 32}


def test_the_longest_gives_way_first_and_goes_last():
    both = {"long": 600.0, "short": 60.0}
    room = estimate_bytes(600, kbps=16) + estimate_bytes(60, kbps=32)
    assert plan_rates(both, budget_bytes=room) == {"long": 16, "short": 32}
    room = estimate_bytes(60, kbps=9)
    assert plan_rates(both, budget_bytes=room) == {"long": None, "short": 9}
    assert plan_rates(both, budget_bytes=0) == {"long": None, "short": None}


@given(LENGTHS, st.integers(0, 80_000_000))
def test_a_plan_keeps_within_its_budget_and_no_longer_scene_has_more_bits(lengths, budget):
    rates = plan_rates(lengths, budget_bytes=budget)
    assert rates.keys() == lengths.keys()
    taken = sum(estimate_bytes(lengths[n], kbps=rate) for n, rate in rates.items() if rate)
    assert taken <= budget
    assert set(rates.values()) <= {*LADDER_KBPS, None}
    for one in lengths:
        for other in lengths:
            if lengths[one] > lengths[other]:
                assert (rates[one] or 0) <= (rates[other] or 0)


@given(st.binary(max_size=50))
def test_what_it_takes_in_the_page_is_what_base64_takes(data):
    assert embedded_bytes(len(data)) == len(base64.b64encode(data))

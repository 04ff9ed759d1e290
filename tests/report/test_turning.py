"""Turning points: found where they are, and not where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from tests.report.sounding import turning_scene
from voxemo_scan.report.track import lay_flat
from voxemo_scan.report.turning import turning_points
from voxemo_scan.scan.result import WindowResult

SAD = np.array([0.1, 0.05, 0.6, 0.1, 0.1, 0.05])
ANGRY = np.array([0.1, 0.05, 0.1, 0.6, 0.1, 0.05])
HAPPY = np.array([0.1, 0.65, 0.05, 0.1, 0.05, 0.05])
HOP_S = 1.12


def scene(rng, *mixes, each=30, sharp=2.0):
    means = [mix for mix in mixes for _ in range(each)]
    return lay_flat(
        WindowResult(n * HOP_S, n * HOP_S + 2.24, tuple(rng.dirichlet(mean * sharp)), 0.5)
        for n, mean in enumerate(means)
    )


def test_a_turn_is_found_where_it_is_and_named():
    found = [
        turning_points(scene(np.random.default_rng(seed), SAD, ANGRY), window_s=2.24)
        for seed in range(40)
    ]
    assert sum(len(turns) == 1 for turns in found) >= 38
    places = [turn.at_s for turns in found for turn in turns]
    assert np.median(np.abs(np.array(places) - 30 * HOP_S)) < 2.24
    turn = found[0][0]
    assert (turn.falling, turn.rising) == ("sad", "angry")
    before, after = turn.change("angry")
    assert before == pytest.approx(0.1, abs=0.1)
    assert after == pytest.approx(0.6, abs=0.2)


def test_two_turns_are_two_in_order_of_time():
    turns = turning_points(scene(np.random.default_rng(1), SAD, HAPPY, ANGRY), window_s=2.24)
    assert [turn.rising for turn in turns] == ["happy", "angry"]
    assert [round(turn.at_s / HOP_S / 30) for turn in turns] == [1, 2]


@pytest.mark.parametrize("sharp", [0.6, 2.0, 8.0])
@pytest.mark.parametrize("each", [12, 60, 200])
def test_an_even_scene_rarely_turns(sharp, each):
    rng = np.random.default_rng(7)
    mix = (SAD + ANGRY) / 2
    turned = sum(
        bool(turning_points(scene(rng, mix, each=each, sharp=sharp), window_s=2.24))
        for _ in range(60)
    )
    assert turned <= 5


def test_a_word_of_another_kind_is_no_turn():
    spans = scene(np.random.default_rng(2), SAD, sharp=8.0)
    other = scene(np.random.default_rng(2), ANGRY, each=2, sharp=8.0)
    mixed = [*spans[:10], *other[:2], *spans[12:]]
    assert turning_points(mixed, window_s=2.24) == ()


def test_only_the_clearest_are_told_of_many():
    mixes = [SAD, HAPPY, ANGRY] * 5
    spans = scene(np.random.default_rng(4), *mixes, each=25, sharp=8.0)
    assert len(turning_points(spans, window_s=2.24, most=50)) in {13, 14}
    few = turning_points(spans, window_s=2.24, most=3)
    assert len(few) == 3
    assert [turn.at_s for turn in few] == sorted(turn.at_s for turn in few)


def test_the_example_turns_once_and_nothing_is_no_scene():
    (turn,) = turning_points(lay_flat(turning_scene().windows), window_s=2.24)
    assert 36 < turn.at_s < 46
    assert turning_points((), window_s=2.24) == ()

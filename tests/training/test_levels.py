"""Clips at other levels than recorded."""

import numpy as np
import pytest

from voxemo_scan.audio.level import level_db
from voxemo_scan.training.levels import at_level


def levels(prepared, **how):
    split, signals = prepared
    levelled = at_level(signals, split.test, target_db=-20.0, **how)
    return {u.clip: level_db([levelled.of(u)]) for u in split.test}


def test_recorded_levels_stay_but_for_the_gain(prepared):
    split, signals = prepared
    louder = levels(prepared, levelling="recorded", gain_db=6.0)
    for utterance in split.test:
        assert louder[utterance.clip] == pytest.approx(
            level_db([signals.of(utterance)]) + 6, abs=1e-3
        )


def test_each_clip_by_itself(prepared):
    found = levels(prepared, levelling="clip", gain_db=-7.0)
    assert list(found.values()) == pytest.approx([-20.0] * len(found), abs=1e-3)


def test_a_speakers_clips_together_keep_their_differences(prepared):
    split, signals = prepared
    found = levels(prepared, levelling="speaker", gain_db=9.0)
    mine = [u for u in split.test if u.corpus == "CREMA-D"]
    shift = [found[u.clip] - level_db([signals.of(u)]) for u in mine]
    assert np.ptp(shift) < 1e-3
    together = at_level(signals, split.test, levelling="speaker", target_db=-20.0)
    assert level_db([together.of(u) for u in mine]) == pytest.approx(-20.0, abs=1e-3)

"""Levels with known answers."""

import numpy as np
import pytest

from tests.support.media import tone
from voxemo_scan.audio.level import gain, level_db


def test_a_sine_of_half_amplitude_has_minus_nine_decibels():
    assert level_db([tone(1.0, gain=0.5).astype("f4")]) == pytest.approx(-9.03, abs=0.01)


def test_signals_count_by_their_length():
    loud, quiet = np.full(100, 1.0, "f4"), np.zeros(300, "f4")
    assert level_db([loud, quiet]) == pytest.approx(-6.02, abs=0.01)


def test_silence_is_very_quiet_and_no_error():
    assert level_db([np.zeros(10, "f4")]) == level_db([]) == pytest.approx(-120)


def test_gain_brings_one_level_to_another():
    signal = tone(1.0, gain=0.1).astype("f4")
    factor = gain(from_db=level_db([signal]), to_db=-24.0)
    assert level_db([factor * signal]) == pytest.approx(-24.0, abs=1e-3)

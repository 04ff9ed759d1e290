"""The diarisation error rate, on recordings whose answer is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.training.scenes.diarisation import DiarisationError, diarisation_error

TWO = [(0.0, 4.0, "ann"), (5.0, 9.0, "ben")]


def error(turns, found, collar_s=0.0):
    return diarisation_error(turns, found, collar_s=collar_s)


def test_names_need_not_agree():
    assert error(TWO, [(0.0, 4.0, "x"), (5.0, 9.0, "y")]) == DiarisationError(spoken_s=8.0)


def test_one_voice_for_two_confuses_the_shorter_one():
    found = error([(0.0, 4.0, "ann"), (5.0, 8.0, "ben")], [(0.0, 4.0, "x"), (5.0, 8.0, "x")])
    assert found == DiarisationError(spoken_s=7.0, confused_s=3.0)
    assert found.rate == pytest.approx(3 / 7)


def test_two_voices_for_one_confuse_the_shorter_part():
    found = error([(0.0, 10.0, "ann")], [(0.0, 6.0, "x"), (6.0, 10.0, "y")])
    assert found == DiarisationError(spoken_s=10.0, confused_s=4.0)


def test_what_is_not_heard_is_missed_and_what_nobody_said_a_false_alarm():
    found = error(TWO, [(0.0, 3.0, "x"), (5.0, 9.5, "y")])
    assert found == DiarisationError(spoken_s=8.0, missed_s=1.0, false_alarm_s=0.5)


def test_two_at_once_count_twice():
    found = error([(0.0, 4.0, "ann"), (2.0, 6.0, "ben")], [(0.0, 4.0, "x"), (4.0, 6.0, "y")])
    assert found == DiarisationError(spoken_s=8.0, missed_s=2.0)


def test_the_collar_forgives_what_is_near_a_true_boundary():
    late = [(0.2, 4.2, "x"), (4.8, 9.0, "y")]
    assert error(TWO, late).rate > 0
    forgiven = error(TWO, late, collar_s=0.25)
    assert forgiven.rate == 0
    assert forgiven.spoken_s == pytest.approx(8.0 - 4 * 0.25)


def test_silence_heard_as_silence_is_no_error_and_heard_as_speech_is_all_error():
    assert error([], []).rate == 0.0
    assert error([], [(0.0, 1.0, "x")]).rate == 1.0


def test_errors_add_up_over_recordings():
    first, second = DiarisationError(8.0, 1.0, 0.5, 0.0), DiarisationError(2.0, 0.0, 0.0, 1.0)
    assert (first + second).rate == pytest.approx(2.5 / 10)


spans = st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1]))
speech = st.lists(st.tuples(spans, st.sampled_from("abc")), max_size=8).map(
    lambda many: [(float(start), float(end), name) for (start, end), name in many]
)


@given(speech, speech)
def test_every_second_is_right_missed_or_confused(turns, found):
    got = error(turns, found)
    assert got.missed_s + got.confused_s <= got.spoken_s + 1e-9
    assert min(got.missed_s, got.false_alarm_s, got.confused_s) >= 0


@given(speech)
def test_the_truth_has_no_error(turns):
    assert error(turns, turns).rate == 0

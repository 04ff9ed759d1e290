"""Frame rates and timecode; OpenTimelineIO counts alongside."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.annotations.sheets import RATES
from voxemo_scan.report.annotations.frames import FrameRate, parse_rate, usual_rate

MORE = RATES | {"59.94": parse_rate("59.94"), "60": parse_rate("60"), "50": parse_rate("50")}
EVERY = pytest.mark.parametrize("rate", MORE.values(), ids=MORE)
frames = st.integers(0, 24 * 3600 * 23)  # within a day at any of the rates
seconds = st.floats(0, 80_000)


@EVERY
@given(frame=frames)
def test_milliseconds_name_the_frame_however_a_player_rounds(rate, frame):
    at = Fraction(rate.milliseconds(frame), 1000) * rate.rate
    assert int(at) == frame == round(at)


@EVERY
@given(frame=frames)
def test_a_frame_begins_on_itself(rate, frame):
    assert rate.frame(rate.seconds(frame)) == frame


@EVERY
@given(one=seconds, other=seconds)
def test_frames_keep_the_order_of_moments_and_lie_half_a_frame_away_at_most(rate, one, other):
    assert (rate.frame(min(one, other))) <= rate.frame(max(one, other))
    assert abs(rate.frame(one) / rate.rate - Fraction(one)) <= 1 / (2 * rate.rate)


@EVERY
@given(frame=frames)
def test_timecode_is_that_of_opentimelineio_and_is_read_back(rate, frame):
    time = otio.opentime.RationalTime(frame, float(rate.rate))
    counted = otio.opentime.to_timecode(time, float(rate.rate), drop_frame=rate.drop)
    assert rate.timecode(frame) == counted
    assert rate.frame_at(rate.timecode(frame)) == frame


def test_drop_frame_leaves_out_two_numbers_a_minute_but_not_each_tenth():
    rate = parse_rate("29.97")
    assert [rate.timecode(frame) for frame in (1799, 1800, 17981, 17982, 107892)] == [
        "00:00:59;29", "00:01:00;02", "00:09:59;29", "00:10:00;00", "01:00:00;00",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="leaves out"):
        rate.frame_at("00:01:00;01")


def test_an_hour_of_drop_frame_is_an_hour():
    rate = parse_rate("29.97")
    assert abs(rate.seconds(rate.frame_at("01:00:00;00")) - 3600) < 0.005
    slow = parse_rate("29.97ndf")
    assert slow.seconds(slow.frame_at("01:00:00:00")) == pytest.approx(3603.6)


def test_timecode_goes_round_after_a_day():
    assert parse_rate("25").timecode(25 * 86_400) == "00:00:00:00"
    rate = parse_rate("29.97")
    assert rate.timecode(24 * 107_892 + 5) == "00:00:00;05"


@pytest.mark.parametrize(
    ("text", "rate", "drop"),
    [
        ("23.976", Fraction(24000, 1001), False),
        ("23.98", Fraction(24000, 1001), False),
        ("24000/1001", Fraction(24000, 1001), False),
        ("24", Fraction(24), False),
        ("25.0", Fraction(25), False),
        ("29.97", Fraction(30000, 1001), True),
        ("29.97DF", Fraction(30000, 1001), True),
        ("29.97ndf", Fraction(30000, 1001), False),
        ("30", Fraction(30), False),
        ("59.94", Fraction(60000, 1001), True),
        ("18", Fraction(18), False),
        ("16.5", Fraction(33, 2), False),
    ],
)
def test_rates_are_read_as_people_write_them(text, rate, drop):
    assert parse_rate(text) == FrameRate(rate, drop=drop)


@pytest.mark.parametrize("text", ["", "abc", "-25", "0", "1/0", "0/5", "1000", "25df", "2 5", "٢٥"])
def test_what_is_no_rate_is_told(text):
    with pytest.raises(ValueError, match=r"frame rate|drop-frame"):
        parse_rate(text)


@pytest.mark.parametrize("text", ["1:00:00:00", "00:60:00:00", "24:00:00:00", "00:00:00:25", "x"])
def test_what_is_no_timecode_is_told(text):
    with pytest.raises(ValueError, match="no timecode"):
        parse_rate("25").frame_at(text)


def test_a_measured_rate_is_the_usual_one_near_it_or_none():
    assert usual_rate(Fraction(2997, 100)) == parse_rate("29.97")
    assert usual_rate(Fraction(24)) == parse_rate("24")
    assert usual_rate(Fraction(60_000, 2503)) == parse_rate("23.976")
    assert usual_rate(Fraction(271, 10)) is None

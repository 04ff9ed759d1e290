import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.manifest.mistake import MistakeError
from voxemo_scan.manifest.timecode import (
    LONGEST_S,
    format_timecode,
    parse_timecode,
    parse_units,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("39", 39.0),
        ("130", 130.0),
        ("39.25", 39.25),
        ("0:39", 39.0),
        (-0.0, 0.0),
        ("-0.0", 0.0),
        ("-0", 0.0),
        ("-0e7", 0.0),
        ("2:30", 150.0),
        ("59:59.999", 3599.999),
        ("1:02:03.5", 3723.5),
        ("99:59:59.999", LONGEST_S),
        (" 0:39 ", 39.0),
        ("1.5e1", 15.0),
        ("39.1239", 39.124),
        (39, 39.0),
        (0.5, 0.5),
    ],
)
def test_a_timecode_means_seconds_to_the_millisecond(text: str | float, seconds: float) -> None:
    assert parse_timecode(text) == seconds


@pytest.mark.parametrize(
    ("text", "message", "suggestion"),
    [
        ("0:75", "more than 59 seconds", "1:15"),
        ("90:00", "more than 59 minutes", "1:30:00"),
        ("1:60:00", "more than 59 minutes", "2:00:00"),
        ("1:5", "is no time", "1:05"),
        ("0:39,5", "is no time", "0:39.5"),
        ("1m20s", "is no time", "1:20"),
        ("-3", "is negative", None),
        ("-0:39", "is negative", None),
        ("soon", "is no time", None),
        ("", "is no time", None),
        ("1:2:3:4", "is no time", None),
        ("٣", "is no time", None),
        ("nan", "is no time", None),
        ("inf", "is no time", None),
        ("1e300", "beyond 99:59:59", None),
        ("400000", "beyond 99:59:59", None),
    ],
)
def test_what_is_no_timecode_is_told_with_what_was_meant(
    text: str, message: str, suggestion: str | None
) -> None:
    with pytest.raises(MistakeError, match=message) as caught:
        parse_timecode(text)
    assert caught.value.suggestion == suggestion


def test_a_timecode_is_written_as_short_as_it_can_be() -> None:
    assert format_timecode(0) == "0:00"
    assert format_timecode(39.5) == "0:39.5"
    assert format_timecode(150) == "2:30"
    assert format_timecode(3723.042) == "1:02:03.042"
    assert format_timecode(59.9996) == "1:00"
    with pytest.raises(ValueError, match="negative"):
        format_timecode(-1)


@given(st.integers(0, 359_999_999))
def test_every_millisecond_reads_back_exactly(ms: int) -> None:
    assert parse_timecode(format_timecode(ms / 1000)) == ms / 1000


@given(st.floats(0, LONGEST_S - 0.001))
def test_every_time_reads_back_to_the_millisecond(seconds: float) -> None:
    assert abs(parse_timecode(format_timecode(seconds)) - seconds) <= 0.000501


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_a_mistake(text: str) -> None:
    try:
        assert 0 <= parse_timecode(text) <= LONGEST_S
    except MistakeError as mistake:
        if mistake.suggestion is not None:
            parse_timecode(mistake.suggestion)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("39", 39), ("39s", 39), ("1m20s", 80), ("1h2m3s", 3723), ("2m", 120), ("1H", 3600)],
)
def test_units_as_addresses_have_them(text: str, seconds: float) -> None:
    assert parse_units(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "1:20", "1s2m", "-3", "token", "1.5"])
def test_other_texts_are_no_units(text: str) -> None:
    assert parse_units(text) is None

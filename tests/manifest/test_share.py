import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.manifest.mistake import MistakeError
from voxemo_scan.manifest.share import format_share, parse_share


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("30%", 0.3),
        ("30 %", 0.3),
        (" 12.5% ", 0.125),
        ("33.3%", 0.333),
        ("0%", 0.0),
        ("100%", 1.0),
        ("0.3", 0.3),
        (".5", 0.5),
        ("0", 0.0),
        ("1", 1.0),
        ("1e-05", 0.00001),
    ],
)
def test_a_share_is_a_percentage_or_a_fraction(text: str, share: float) -> None:
    assert parse_share(text) == share


@pytest.mark.parametrize(
    ("text", "message", "suggestion"),
    [
        ("30", "neither a percentage nor a fraction", "30%"),
        ("1.5", "neither a percentage nor a fraction", "1.5%"),
        ("101%", "over 100%", None),
        ("300", "over 100%", None),
        ("-5%", "below 0%", None),
        ("a third", "is no share", None),
        ("30%%", "is no share", None),
        ("nan", "is no share", None),
        ("٣%", "is no share", None),
        ("9" * 5000, "is no share", None),
    ],
)
def test_what_is_no_share_is_told(text: str, message: str, suggestion: str | None) -> None:
    with pytest.raises(MistakeError, match=message) as caught:
        parse_share(text)
    assert caught.value.suggestion == suggestion


def test_a_share_is_written_as_people_write_it() -> None:
    assert format_share(0.3) == "30%"
    assert format_share(0.125) == "12.5%"
    assert format_share(1.0) == "100%"
    assert format_share(0.0) == "0%"


@given(st.floats(0, 1))
def test_every_share_reads_back_exactly(share: float) -> None:
    assert parse_share(format_share(share)) == share


@given(st.text(max_size=30))
def test_any_text_is_a_share_or_a_mistake(text: str) -> None:
    try:
        assert 0 <= parse_share(text) <= 1
    except MistakeError as mistake:
        if mistake.suggestion is not None:
            parse_share(mistake.suggestion)

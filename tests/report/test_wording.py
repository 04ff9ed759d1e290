"""What the report says in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from tests.report.example import example_report, one_window
from tests.report.strategies import distributions
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report.wording import (
    listing,
    outcome,
    published_listing,
    shares_note,
    source_range,
    speech_time,
    web_address,
)
from voxemo_scan.text import clean, clock, percent_apart, whole_percents


@given(distributions())
def test_whole_percents_add_up_to_a_hundred_and_are_off_by_less_than_one(probabilities):
    shares = dict(zip(EMOTIONS, probabilities, strict=True))
    figures = whole_percents(shares)
    assert sum(figures.values()) == 100
    assert all(abs(figures[emotion] - 100 * shares[emotion]) < 1 for emotion in EMOTIONS)


def test_a_listing_gathers_what_is_under_ten_percent():
    assert listing(one_window()) == "Happy 80 %; other 20 %."
    even = dict.fromkeys(EMOTIONS, 1 / 6)
    assert listing(replace(one_window(), shares=even)).count(" 17 %") == 4
    small = {"neutral": 0.1, "sad": 0.9}
    assert listing(replace(one_window(), shares=small)) == "Sad 90 %, neutral 10 %."


def test_published_figures_are_listed_from_the_largest_down():
    assert published_listing({"sad": 0.1, "angry": 0.47}) == "angry 47 %, sad 10 %"


def test_the_outcome_counts_a_scene_once():
    report = example_report()
    assert outcome(report) == "1 passed, 1 failed, 1 known failure, 1 not analysed"
    twice = replace(report, scenes=report.scenes * 2)
    assert outcome(twice) == "2 passed, 2 failed, 2 known failures, 2 not analysed"


def test_ranges_and_speech_are_told_in_clock_time():
    result = replace(one_window(), range_start_s=39, range_end_s=150, duration_s=111, speech_s=72)
    assert source_range(result) == "0:39\u20132:30"
    assert source_range(replace(result, range_end_s=None)) == "from 0:39"
    assert source_range(one_window()) == ""
    assert speech_time(result) == "1:12 of 1:51 is speech (65 %)"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (3600, "1:00:00")]
)
def test_clock(seconds, shown):
    assert clock(seconds) == shown


@pytest.mark.parametrize(
    ("source", "linked"),
    [
        ("https://youtu.be/9FnO3igOkOk?t=39", True),
        ("HTTP://example.org/a(b)", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("clips/a.wav", False),
        ('https://example.org/"><script>', False),
        ("https://example.org/\u202egpj.exe", False),
        (" https://example.org/", False),
    ],
)
def test_only_plain_web_addresses_are_linked(source, linked):
    assert (web_address(source) is not None) is linked


def test_cleaned_text_is_one_line_without_control_characters():
    assert (
        clean(" a\r\n\tb\x00\x1b[31m\u202ec\udcff\x85d ")
        == "a b\ufffd\ufffd[31m\ufffdc\ufffd\ufffdd"
    )


def test_a_percentage_shows_as_many_decimals_as_tell_it_from_its_bound():
    assert percent_apart(0.2496, bound=0.25) == "24.96 %"
    assert percent_apart(0.25, bound=0.25) == "25.0 %"
    assert percent_apart(0.284, bound=0.3) == "28.4 %"


def test_the_report_says_how_its_shares_were_made():
    report = example_report()
    assert "mean of what the networks hear" in shares_note(report)
    report = replace(report, parameters={"estimator": "em"})
    assert "prevalence" in shares_note(report)

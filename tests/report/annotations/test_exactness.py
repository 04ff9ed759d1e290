"""Every format, read back by a library that others wrote, is right to the frame."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings

from tests.report.annotations.sheets import RATES, READERS, scene, sheet, written
from tests.report.strategies import results
from voxemo_scan.report.annotations.formats import FORMATS


def said(made, wanted):
    """Return what a file of the format should hold: times and a text."""
    if wanted == "rttm":
        return [(turn.start_s, turn.end_s, turn.text) for turn in made.turns]
    texts = {
        "vtt": lambda mark: mark.text,
        "textgrid": lambda mark: mark.emotion,
        "eaf": lambda mark: mark.emotion,
        "edl": lambda _: made.title,
    }
    text = texts.get(wanted, lambda mark: mark.caption)
    return [(mark.start_s, mark.end_s, text(mark)) for mark in made.marks]


def on_one_frame(one_s, other_s, *, rate):
    """Moments half-way between two frames are on one frame when they are the same moment."""
    return rate.frame(one_s) == rate.frame(other_s) or abs(one_s - other_s) < 1e-6


def test_there_is_a_reader_for_every_format():
    assert set(READERS) == set(FORMATS)


@pytest.mark.parametrize("base", ["clip", "source"])
@pytest.mark.parametrize("rate", RATES.values(), ids=RATES)
@pytest.mark.parametrize("wanted", FORMATS)
def test_what_is_read_is_what_was_meant_to_the_frame(wanted, rate, base, tmp_path):
    made = sheet(rate=rate, base=base)
    found = READERS[wanted](written(wanted, made, tmp_path), made)
    expected = said(made, wanted)
    assert len(found) == len(expected) > 20
    for (start_s, end_s, text), (true_start_s, true_end_s, true_text) in zip(
        found, expected, strict=True
    ):
        assert on_one_frame(start_s, true_start_s, rate=rate)
        assert on_one_frame(end_s, true_end_s, rate=rate)
        assert text == true_text


@pytest.mark.parametrize("wanted", FORMATS)
def test_the_source_s_time_is_the_clip_s_later_by_where_the_clip_begins(wanted, tmp_path):
    clip, source = sheet(base="clip"), sheet(base="source")
    early = READERS[wanted](written(wanted, clip, tmp_path), clip)
    late = READERS[wanted](written(wanted, source, tmp_path), source)
    for (start_s, end_s, text), (late_start_s, late_end_s, late_text) in zip(
        early, late, strict=True
    ):
        assert late_start_s - start_s == pytest.approx(39.0, abs=1e-6)
        assert late_end_s - end_s == pytest.approx(39.0, abs=1e-6)
        assert text == late_text


@pytest.mark.parametrize("wanted", FORMATS)
def test_without_frames_times_are_right_to_the_millisecond(wanted, tmp_path):
    within_s = 0.5 / 25 + 1e-9 if FORMATS[wanted].counts_frames else 0.000501
    made = sheet(scene())
    found = READERS[wanted](written(wanted, made, tmp_path), made)
    for (start_s, end_s, _), (true_start_s, true_end_s, _) in zip(
        found, said(made, wanted), strict=True
    ):
        assert abs(start_s - true_start_s) <= within_s
        assert abs(end_s - true_end_s) <= within_s


@pytest.mark.parametrize("wanted", [name for name in FORMATS if name not in {"rttm", "eaf"}])
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(result=results())
def test_any_result_makes_a_file_that_can_be_read(wanted, result, tmp_path):
    made = sheet(result, rate=RATES["25"])
    found = READERS[wanted](written(wanted, made, tmp_path), made) if made.marks else []
    assert len(found) <= len(made.marks)
    for before, after in itertools.pairwise(found):
        assert before[0] < before[1] <= after[0] + 1e-6


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(result=results())
def test_any_result_makes_an_elan_document_that_can_be_read(result, tmp_path):
    made = sheet(result)
    found = READERS["eaf"](written("eaf", made, tmp_path), made)
    longer = [m for m in made.marks if round(m.end_s * 1000) > round(m.start_s * 1000)]
    assert [text for _, _, text in found] == [mark.emotion for mark in longer]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(result=results())
def test_any_turns_make_an_rttm_that_can_be_read(result, tmp_path):
    made = sheet(result)
    if not made.turns:
        assert FORMATS["rttm"].write(made) is None
        return
    found = READERS["rttm"](written("rttm", made, tmp_path), made)
    assert {voice for _, _, voice in found} <= {turn.text for turn in made.turns}


@pytest.mark.parametrize("wanted", FORMATS)
def test_the_same_scene_gives_the_same_bytes(wanted):
    assert FORMATS[wanted].write(sheet()) == FORMATS[wanted].write(sheet())


@pytest.mark.parametrize("wanted", FORMATS)
def test_no_file_holds_a_line_that_a_title_broke(wanted):
    hostile = "a\n001  AX  V  C  x\n\n00:00:01.000 --> 00:00:02.000\n* LOC: <b>\tc\r\n"
    from dataclasses import replace

    text = FORMATS[wanted].write(sheet(replace(scene(), title=hostile)))
    assert not re.search(r"^(001  AX  V  C  x|00:00:01.000 --> 00:00:02.000)", text, re.M)

"""WebVTT captions, read back with a WebVTT reader."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace

import webvtt
from hypothesis import given, settings

from tests.report.example import HOSTILE, example_report, one_window, scanned, with_voices
from tests.report.strategies import results
from voxemo_scan.report.annotations import vtt
from voxemo_scan.report.annotations.sheet import make_sheet
from voxemo_scan.scan.result import SceneResult, Turn


def to_vtt(result):
    return vtt.to_vtt(make_sheet(result, name="scene", created="2025-11-21T09:30:00Z"))


def cues(text):
    return list(webvtt.from_buffer(io.StringIO(text)))


def test_a_cue_names_the_emotion_with_its_share_and_its_time():
    (cue,) = cues(to_vtt(one_window()))
    assert (cue.start, cue.end, cue.text) == ("00:00:00.400", "00:00:02.640", "happy 80 %")


def test_cues_follow_one_another_without_overlap_and_are_long_enough_to_read():
    found = cues(to_vtt(scanned("a", "A", leaning={"sad": 0.4, "fear": 0.4}, duration_s=400)))
    assert len(found) > 20
    for cue in found:
        assert cue.end_in_seconds - cue.start_in_seconds >= 0.7
    for before, after in itertools.pairwise(found):
        assert before.end_in_seconds <= after.start_in_seconds


def test_hours_are_written_where_there_are_hours():
    late = scanned("a", "A", leaning={"sad": 0.4}, duration_s=4000)
    assert cues(to_vtt(late))[-1].start.startswith("01:0")


def test_a_hostile_title_opens_no_cue():
    title = f"a --> b\n\n00:00:01.000 --> 00:00:02.000\n{HOSTILE}"
    result = SceneResult(id="a", title=title, source="a", status="no-speech")
    assert cues(to_vtt(result)) == []
    assert "-->" not in to_vtt(result)
    assert "<script" not in to_vtt(result)


def test_a_scene_without_speech_has_a_file_without_cues():
    assert cues(to_vtt(example_report().scenes[-1].result)) == []


@settings(max_examples=40)
@given(results())
def test_any_result_makes_captions_that_can_be_read(result):
    for cue in cues(to_vtt(result)):
        assert cue.start_in_seconds <= cue.end_in_seconds


def test_a_cue_is_one_voice_and_says_whose():
    result = with_voices(scanned("a", "A", leaning={"sad": 0.5}, duration_s=200), film="F")
    found = cues(to_vtt(result))
    assert {cue.voice for cue in found} == {"Voice A", "Voice B", "Voice C"}
    for cue in found:
        middle_s = (cue.start_in_seconds + cue.end_in_seconds) / 2
        (turn,) = [t for t in result.turns if t.start_s - 1 <= middle_s <= t.end_s + 1]
        assert cue.voice == f"Voice {turn.voice}"


def test_a_turn_too_short_to_read_goes_to_the_one_it_touches():
    base = replace(one_window(), turns=(Turn(0.4, 2.3, "A"), Turn(2.3, 2.64, "B")))
    (cue,) = cues(to_vtt(base))
    assert (cue.voice, cue.end) == ("Voice A", "00:00:02.640")

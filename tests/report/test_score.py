"""The tracks of a scene, as paths."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.report.example import one_window, scanned
from voxemo_scan.report.score import kinds_at, write_score
from voxemo_scan.report.timeline import BOX_WIDTH
from voxemo_scan.report.track import lay_flat
from voxemo_scan.scan.result import WindowResult

SAD = (0.0, 0.0, 1.0, 0.0, 0.0, 0.0)


def test_what_sounds_is_told_apart_in_emotion_unjudged_speech_and_silence():
    result = replace(one_window(), segments=((1.0, 4.0),), windows=(WindowResult(1, 3, SAD, 0.5),))
    kinds = kinds_at([0.5, 1.5, 2.9, 3.5, 4.5], result, lay_flat(result.windows))
    assert kinds == ["silence", "sad", "sad", "unjudged", "silence"]


def test_a_waveform_has_a_bar_for_every_peak_where_it_is():
    result = replace(
        one_window(),
        duration_s=4.0,
        segments=((1.0, 3.0),),
        windows=(WindowResult(1, 2, SAD, 0.5),),
    )
    score = write_score(result, length_s=4.0, peaks=bytes([0, 255, 51, 0]))
    assert dict(score.waveform) == {
        "silence": "M250 49v2M1750 49v2",
        "sad": "M750 0v100",
        "unjudged": "M1250 40v20",
    }


def test_a_woman_rises_and_a_man_falls_from_the_middle():
    heard = (WindowResult(0, 2, SAD, 1.0), WindowResult(2, 4, SAD, 0.25))
    score = write_score(replace(one_window(), windows=heard), length_s=4.0)
    assert score.women == "M0 50v-50H1000v50zM1000 50v-12H2000v12z"
    assert score.men == "M0 50v0H1000v0zM1000 50v38H2000v-38z"


def test_certain_windows_make_a_straight_line_at_the_top_and_a_range_of_one():
    heard = tuple(WindowResult(n, n + 1, SAD, 0.5) for n in range(4))
    score = write_score(replace(one_window(), windows=heard), length_s=4.0)
    sad = next(curve for curve in score.curves if curve.emotion == "sad")
    assert re.fullmatch(r"M0 0l(\d+ 0 ?)+", sad.line)
    assert score.mean_range == pytest.approx(1.0)


def test_paths_stay_in_their_box_and_an_hour_is_small():
    score = write_score(
        scanned("a", "A", leaning={"sad": 0.4}, duration_s=4700), length_s=4700, peaks=bytes(480)
    )
    for curve in score.curves:
        for part in re.findall(r"M[^M]+", curve.line):
            x, y = map(int, re.match(r"M(\d+) (\d+)", part).groups())
            for dx, dy in re.findall(r"(-?\d+) ?(-?\d+)", part.split("l")[1]):
                x, y = x + int(dx), y + int(dy)
                assert 0 <= x <= BOX_WIDTH
                assert 0 <= y <= 100
    assert sum(len(curve.line) + len(curve.band) for curve in score.curves) < 120_000

"""What a timeline shows, and where."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.report.example import one_window, scanned
from voxemo_scan.report.timeline import BOX_HEIGHT, BOX_WIDTH, draw
from voxemo_scan.scan.result import SceneResult, WindowResult

SAD = (0.0, 0.0, 1.0, 0.0, 0.0, 0.0)


def scene(**values):
    return replace(one_window(), **values)


def test_one_window_is_a_stack_from_its_start_to_its_end():
    drawing = draw(scene(duration_s=4.0, segments=((1.0, 3.0),), windows=(
        WindowResult(1.0, 3.0, (0.25, 0.0, 0.75, 0.0, 0.0, 0.0), 0.5),
    )))  # fmt: skip
    paths = dict(drawing.areas)
    assert paths["neutral"] == "M500 200V150H1500V200H500z"
    assert paths["sad"] == "M500 150V0H1500V150H500z"
    assert [(bar.x, bar.width) for bar in drawing.speech] == [(0.25, 0.5)]
    assert drawing.unjudged == ()
    assert [(name.emotion, name.x, name.width) for name in drawing.names] == [("sad", 0.25, 0.5)]


def test_speech_that_no_window_judged_is_told_apart():
    drawing = draw(scene(duration_s=10.0, segments=((0.0, 4.0), (6.0, 7.0)), windows=(
        WindowResult(0.0, 3.0, SAD, 0.5),
    )))  # fmt: skip
    assert [(bar.x, bar.width) for bar in drawing.unjudged] == [
        (pytest.approx(0.3), pytest.approx(0.1)),
        (pytest.approx(0.6), pytest.approx(0.1)),
    ]


def test_an_hour_of_windows_is_drawn_within_the_box_and_small():
    result = scanned("a", "A", leaning={"sad": 0.4}, duration_s=4700)
    assert len(result.windows) > 2000
    drawing = draw(result)
    assert sum(len(path) for _, path in drawing.areas) < 60_000
    for _, path in drawing.areas:
        assert all(0 <= int(x) <= BOX_WIDTH for x in re.findall(r"[HM](\d+)", path))
        assert all(0 <= int(y) <= BOX_HEIGHT for y in re.findall(r"V(\d+)", path))
    assert drawing.ticks[1].label == "10:00"


@pytest.mark.parametrize("length_s", [0.5, 3.1, 64.0, 111.0, 3600.0, 4 * 3600.0, 30 * 3600.0])
def test_the_axis_has_a_few_round_times_within_the_clip(length_s):
    ticks = draw(scene(duration_s=length_s, segments=((0.0, 0.4),), windows=())).ticks
    assert 1 <= len(ticks) <= 11
    assert ticks[0].label == "0:00"
    assert ticks[0].major
    assert all(0 <= tick.x <= 1 for tick in ticks)
    assert sum(tick.major for tick in ticks) <= 6


def test_where_nothing_was_heard_there_is_nothing_to_draw():
    assert draw(SceneResult(id="a", title="A", source="a", status="no-speech")) is None

"""Figures made of characters."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from tests.report.example import example_report, one_window
from tests.report.strategies import distributions, results
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report.markdown_figures import SQUARES, bars, course, squares
from voxemo_scan.scan.result import SceneResult, WindowResult


def shares(**some):
    return dict.fromkeys(EMOTIONS, 0.0) | some


def heard(windows, *, segments, duration_s=50.0):
    """A scene of 50 s, so that a letter stands for a second."""
    return SceneResult(
        "a", "A", "a.wav", "ok", duration_s=duration_s, segments=segments,
        windows=tuple(
            WindowResult(start, end, tuple(0.5 if e == emotion else 0.1 for e in EMOTIONS), 0.5)
            for start, end, emotion in windows
        ),
    )  # fmt: skip


@given(distributions())
def test_there_are_ten_squares_and_none_is_off_by_a_whole_one(distribution):
    drawn = squares(dict(zip(EMOTIONS, distribution, strict=True)))
    assert len(drawn) == 10
    for emotion, share in zip(EMOTIONS, distribution, strict=True):
        assert abs(drawn.count(SQUARES[emotion]) - 10 * share) < 1


def test_squares_keep_the_order_of_the_emotions():
    assert squares(shares(neutral=0.1, angry=0.6, disgust=0.3)) == "⬜🟥🟥🟥🟥🟥🟥🟩🟩🟩"


def test_a_bar_shows_the_share_in_its_interval():
    scene = replace(
        one_window(),
        shares=shares(angry=0.4, sad=0.6),
        share_ci={"angry": (0.2, 0.8), "sad": (0.0, 1.0)},
    )
    lines = bars(scene, {"angry": 0.5})
    assert (
        lines[3]
        == f"angry    {'█' * 5}{'▓' * 5}{'░' * 10}       40 %  20\u201380 %   published 50 %"
    )
    assert lines[2].split()[1] == "▓" * 15 + "░" * 10
    assert lines[0] == f"neutral  {' ' * 25}   0 %"


def test_the_course_tells_emotion_silence_and_speech_without_a_verdict_apart():
    scene = heard([(10, 20, "angry"), (20, 25, "sad")], segments=((10, 30), (40, 45)))
    letters, times = course(scene)
    assert letters == "·" * 10 + "A" * 10 + "S" * 5 + "?" * 5 + "·" * 10 + "?" * 5 + "·" * 5
    assert times == "0:00" + " " * 42 + "0:50"
    assert len(times) == len(letters)


def test_what_fills_most_of_a_letter_is_the_letter():
    scene = heard([(0.4, 1.0, "fear"), (1.0, 1.4, "fear")], segments=((0.4, 1.4),))
    assert course(scene)[0][:3] == "F··"


@given(results())
def test_every_scene_has_a_course_or_none(result):
    lines = course(result)
    assert lines == [] or len(lines[0]) == 50


def test_scenes_without_speech_have_no_course():
    silent = next(s.result for s in example_report().scenes if s.result.status == "no-speech")
    assert course(silent) == []

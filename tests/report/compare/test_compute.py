"""What lies between two reports."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.compare.pair import (
    between,
    compared,
    lively_pair,
    numbered,
    patient,
    report,
    scene,
)
from tests.report.example import example_report, scanned
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import UsageError
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.report.compare.compute import reach
from voxemo_scan.report.compare.moments import same_moments
from voxemo_scan.report.document import ReportScene
from voxemo_scan.scan.result import WindowResult


@patient
@given(numbered)
def test_a_report_beside_itself_has_moved_nowhere(drawn):
    found = compared(drawn, drawn)
    assert found.differences == ()
    assert found.drift in {0.0, None}
    assert all(s.sound == () and not s.broke and not s.expectations_changed for s in found.scenes)
    assert {s.same_moments for s in found.scenes} <= {1.0, None}


@patient
@given(st.tuples(numbered, numbered))
def test_the_other_way_round_each_change_is_its_opposite(pair):
    there = {s.id: s for s in compared(*pair).scenes}
    back = {s.id: s for s in compared(*reversed(pair)).scenes}
    assert there.keys() == back.keys()
    for name, one in there.items():
        assert one.drift == back[name].drift
        assert one.same_moments == pytest.approx(back[name].same_moments)
        for move, other in zip(one.moves, back[name].moves, strict=True):
            assert (move.change, move.reach) == (-other.change, other.reach)


def test_each_emotion_has_both_shares_and_how_far_it_moved():
    (found,) = between(scene(angry=0.47, sad=0.10), scene(angry=0.52, sad=0.10)).scenes
    moves = {move.emotion: move for move in found.moves}
    assert tuple(moves) == EMOTIONS
    assert (moves["angry"].old, moves["angry"].new) == (0.47, 0.52)
    assert moves["angry"].change == pytest.approx(0.05)
    assert moves["neutral"].change == pytest.approx(-0.05)
    assert moves["sad"].change == 0
    assert found.drift == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("old", "new", "old_ci", "new_ci", "expected"),
    [
        (0.40, 0.44, (0.30, 0.50), (0.34, 0.54), "within"),
        (0.40, 0.50, (0.30, 0.50), (0.40, 0.60), "within"),  # the ends count
        (0.40, 0.52, (0.30, 0.50), (0.42, 0.62), "outside"),
        (0.40, 0.45, (0.20, 0.60), (0.44, 0.46), "outside"),  # one run surer than the other
        (0.40, 0.60, (0.30, 0.50), (0.50, 0.70), "outside"),  # they touch
        (0.40, 0.61, (0.30, 0.50), (0.51, 0.71), "apart"),
        (0.61, 0.40, (0.51, 0.71), (0.30, 0.50), "apart"),
        (0.40, 0.61, None, (0.51, 0.71), "unknown"),
    ],
)
def test_how_far_a_change_reaches_beyond_the_intervals(old, new, old_ci, new_ci, expected):
    assert reach(old, new, old_ci=old_ci, new_ci=new_ci) == expected


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        ("ok", "ok", "measured"),
        ("ok", "failed", "newly-failed"),
        ("no-speech", "failed", "newly-failed"),
        ("failed", "ok", "mended"),
        ("failed", "failed", "still-failed"),
        ("ok", "no-speech", "speech-lost"),
        ("no-speech", "ok", "speech-found"),
        ("no-speech", "no-speech", "no-speech"),
    ],
)
def test_what_became_of_a_scene(old, new, state):
    (found,) = between(scene(status=old), scene(status=new)).scenes
    assert found.state == state
    assert len(found.moves) == (6 if state == "measured" else 0)
    assert (found.drift is None) == (state != "measured")


def test_scenes_come_and_go_and_the_rest_keeps_the_new_order():
    old = report(scene("gone"), scene("a"), scene("b"))
    new = report(scene("b"), scene("new"), scene("a"))
    found = compared(old, new)
    assert [(s.id, s.state) for s in found.scenes] == [
        ("b", "measured"), ("new", "added"), ("a", "measured"), ("gone", "removed"),
    ]  # fmt: skip


def test_the_drift_is_the_farthest_of_all_scenes():
    old = report(scene("a", angry=0.4), scene("b", sad=0.3))
    new = report(scene("a", angry=0.35), scene("b", sad=0.11))
    found = compared(old, new)
    assert found.drift == pytest.approx(0.19)
    assert found.farthest.id == "b"


def test_what_the_runs_were_not_alike_in_is_named_down_to_the_option():
    old = report(scene(), parameters={"estimator": "em", "voices": {"tell": True, "few": 2}})
    new = replace(
        old,
        version="9.9.9",
        model=ModelInfo("encoder", "1", {"six.safetensors": "cd" * 32, "more": "ef" * 32}),
        parameters={"estimator": "mean", "voices": {"tell": True, "few": 3, "many": [1]}},
        created="2030-01-01T00:00:00Z",
    )
    found = {(d.kind, d.name): (d.old, d.new) for d in compared(old, new).differences}
    assert found == {
        ("program", "voxemo-scan"): ("0.1.0", "9.9.9"),
        ("model", "name"): ("classic pair", "encoder"),
        ("weights", "six.safetensors"): ("ab" * 32, "cd" * 32),
        ("weights", "more"): (None, "ef" * 32),
        ("parameter", "estimator"): ("em", "mean"),
        ("parameter", "voices.few"): (2, 3),
        ("parameter", "voices.many"): (None, [1]),
    }


def test_another_clip_is_told_and_its_moments_are_not_compared():
    base = scanned("a", "A", leaning={"sad": 0.5}, duration_s=60)
    moved = replace(base, range_start_s=45.0, duration_s=54.0)
    (same,) = between(ReportScene(base), ReportScene(base)).scenes
    assert (same.sound, same.same_moments) == ((), 1.0)
    (found,) = between(ReportScene(base), ReportScene(moved)).scenes
    assert [(d.name, d.old, d.new) for d in found.sound] == [
        ("range_start_s", 39.0, 45.0), ("duration_s", 60, 54.0),
    ]  # fmt: skip
    assert found.same_moments is None


def heard(*emotions, at=0.0, length=2.0):
    windows = (
        WindowResult(at + length * n, at + length * (n + 1),
                     tuple(0.5 if e == emotion else 0.1 for e in EMOTIONS), 0.5)
        for n, emotion in enumerate(emotions)
    )  # fmt: skip
    return replace(scene().result, windows=tuple(windows))


def test_equal_shares_at_other_moments_do_not_pass_for_the_same():
    assert same_moments(heard("sad", "angry"), heard("sad", "angry")) == 1.0
    assert same_moments(heard("sad", "angry"), heard("angry", "sad")) == 0.0
    # 0-2 sad, 2-4 angry against 1-5 angry: both judged 1-4, alike from 2 on.
    assert same_moments(heard("sad", "angry"), heard("angry", at=1.0, length=4.0)) == pytest.approx(
        2 / 3
    )
    assert same_moments(heard("sad"), heard("sad", at=10.0)) is None


def test_changed_expectations_are_told():
    old, new = lively_pair()
    found = {s.id: s for s in compared(old, new).scenes}
    assert not found["a-few-good-men"].expectations_changed
    assert found["a-few-good-men"].broke
    looser = replace(new.scenes[0], checks=new.scenes[0].checks[:1])
    (changed,) = between(old.scenes[0], looser).scenes
    assert changed.expectations_changed


def test_reports_of_other_manifests_are_not_compared():
    with pytest.raises(UsageError, match="old and new have no scene in common") as caught:
        between(scene("a"), scene("b"))
    assert "by their id" in caught.value.remedy


def test_two_scenes_of_one_id_are_not_guessed_apart():
    twice = report(scene("a"), scene("a"))
    with pytest.raises(UsageError, match="new has two scenes with the id 'a'"):
        compared(example_report(), twice)

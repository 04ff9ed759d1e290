"""What the checks of a scene come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.check.verdict import CheckResult, check_scene, exit_code, scene_verdict
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import ExitCode
from voxemo_scan.manifest.model import Expectation, Scene
from voxemo_scan.scan.result import SceneResult


def heard(**shares):
    rest = 1 - sum(shares.values())
    full = {emotion: shares.get(emotion, 0.0) for emotion in EMOTIONS}
    if "neutral" not in shares:
        full["neutral"] = rest
    return SceneResult(id="s", title="S", source="s.wav", status="ok", shares=full)


def scene(*, lines=None, **rules):
    expect = Expectation(**rules)
    return Scene(id="s", title="S", source="s.wav", expect=expect, line=3, rule_lines=lines or {})


def passes(result, **rules):
    (check,) = check_scene(result, scene(**rules))
    return check.passed


@pytest.mark.parametrize(("share", "passed"), [(0.2499, False), (0.25, True), (0.31, True)])
def test_at_least_passes_down_to_its_bound_less_the_tolerance(share, passed):
    rules = {"at_least": {"angry": 0.30}, "tolerance": 0.05}
    assert passes(heard(angry=share), **rules) is passed


@pytest.mark.parametrize(("share", "passed"), [(0.05, True), (0.15, True), (0.1501, False)])
def test_at_most_passes_up_to_its_bound_plus_the_tolerance(share, passed):
    rules = {"at_most": {"happy": 0.10}, "tolerance": 0.05}
    assert passes(heard(happy=share), **rules) is passed


@pytest.mark.parametrize(
    ("angry", "sad", "passed"), [(0.50, 0.40, True), (0.40, 0.45, True), (0.40, 0.4501, False)]
)
def test_dominant_passes_while_an_accepted_emotion_is_within_tolerance_of_the_largest(
    angry, sad, passed
):
    result = heard(angry=angry, sad=sad)
    assert passes(result, dominant=("angry", "disgust"), tolerance=0.05) is passed


def test_without_tolerance_a_tie_for_the_largest_share_passes_and_less_does_not():
    assert passes(heard(angry=0.4, sad=0.4), dominant=("sad",))
    assert not passes(heard(angry=0.4, sad=0.399), dominant=("sad",))


@given(bound=st.integers(0, 100), tolerance=st.integers(0, 100))
def test_a_share_on_the_bound_passes_whatever_rounding_does(bound, tolerance):
    low, high = bound / 100 - tolerance / 100, bound / 100 + tolerance / 100
    at_least = {"at_least": {"sad": bound / 100}, "tolerance": tolerance / 100}
    at_most = {"at_most": {"sad": bound / 100}, "tolerance": tolerance / 100}
    assert passes(heard(sad=low), **at_least)
    assert passes(heard(sad=high), **at_most)
    assert not passes(heard(sad=low - 1e-6), **at_least)
    assert not passes(heard(sad=high + 1e-6), **at_most)


def test_each_rule_says_what_was_expected_and_found_and_where_it_stands():
    result = heard(angry=0.284, happy=0.02, sad=0.5)
    expect = {
        "dominant": ("angry", "disgust"),
        "at_least": {"angry": 0.3},
        "at_most": {"happy": 0.125},
        "tolerance": 0.01,
    }
    lines = {"dominant": 7, "at_least.angry": 8}
    assert check_scene(result, scene(lines=lines, **expect)) == (
        CheckResult(
            "dominant", False, "angry or disgust (tolerance 1 %)", "sad 50.0 %, angry 28.4 %", 7
        ),
        CheckResult("at_least angry", False, "at least 30 % (tolerance 1 %)", "28.4 %", 8),
        CheckResult("at_most happy", True, "at most 12.5 % (tolerance 1 %)", "2.0 %", 3),
    )


def test_a_near_miss_is_not_rounded_onto_its_bound():
    (check,) = check_scene(heard(angry=0.29996), scene(at_least={"angry": 0.3}))
    assert (check.passed, check.found) == (False, "29.996 %")


def test_a_scene_without_expectations_has_no_checks():
    assert check_scene(heard(angry=1.0), Scene(id="s", title="S", source="s.wav")) == ()


@pytest.mark.parametrize(
    ("status", "found"), [("no-speech", "no speech"), ("failed", "not analysed")]
)
def test_a_scene_that_was_not_heard_passes_no_rule(status, found):
    result = SceneResult(id="s", title="S", source="s.wav", status=status)
    expect = scene(dominant=("sad",), at_least={"sad": 0.0}, at_most={"happy": 0.1})
    checks = check_scene(result, expect)
    assert [(check.passed, check.found) for check in checks] == [(False, found)] * 3


KEPT = CheckResult("dominant", True, "sad", "sad 50 %", 1)
MISSED = CheckResult("at_least sad", False, "at least 60 %", "50 %", 2)


@pytest.mark.parametrize(
    ("checks", "known", "status", "verdict"),
    [
        ((), None, "ok", "not-checked"),
        ((), "why", "failed", "not-checked"),
        ((KEPT,), None, "ok", "passed"),
        ((KEPT, MISSED), None, "ok", "failed"),
        ((KEPT, MISSED), "why", "ok", "known-failure"),
        ((KEPT,), "why", "ok", "unexpected-pass"),
        ((MISSED,), None, "no-speech", "no-result"),
        ((MISSED,), "why", "no-speech", "known-failure"),
        ((MISSED,), None, "failed", "no-result"),
        ((MISSED,), "why", "failed", "no-result"),
    ],
)
def test_verdicts(checks, known, status, verdict):
    assert scene_verdict(checks, known_failure=known, status=status) == verdict


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], ExitCode.OK),
        ([("ok", "passed"), ("no-speech", "not-checked")], ExitCode.OK),
        ([("ok", "known-failure"), ("ok", "unexpected-pass")], ExitCode.OK),
        ([("ok", "passed"), ("ok", "failed")], ExitCode.CHECK_FAILED),
        ([("no-speech", "no-result")], ExitCode.CHECK_FAILED),
        ([("ok", "failed"), ("failed", "not-checked")], ExitCode.SCENE_FAILED),
        ([("failed", "no-result")], ExitCode.SCENE_FAILED),
    ],
)
def test_exit_codes(outcomes, code):
    assert exit_code(outcomes) is code

"""When a comparison lets a new model pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.report.compare.pair import between, compared, lively_pair, report, scene
from voxemo_scan.errors import ExitCode
from voxemo_scan.report.compare.gate import hold


@pytest.mark.parametrize(
    ("allowed", "code"), [(None, 0), (0.06, 0), (0.05, 0), (0.049999, 1), (0.0, 1)]
)
def test_a_drift_may_be_as_large_as_allowed_and_no_larger(allowed, code):
    found = between(scene(angry=0.47), scene(angry=0.52))  # 0.52 - 0.47 > 0.05 in floats
    assert hold(found, max_drift=allowed).exit_code == code


def test_the_reason_tells_a_drift_from_what_was_allowed():
    found = between(scene(angry=0.47), scene(angry=0.5204))
    gate = hold(found, max_drift=0.05)
    assert gate.reasons == ("neutral in A drifted by 5.04 points, past the allowed 5",)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("passed", "failed", 1),
        ("unexpected-pass", "failed", 1),
        ("passed", "known-failure", 0),  # the manifest says so by now
        ("failed", "failed", 0),  # nothing got worse; `check` tells it
        ("not-checked", "failed", 0),  # a new expectation: `run` and `check` tell it
        ("failed", "passed", 0),
    ],
)
def test_an_expectation_that_held_and_fails_is_told_whatever_the_drift(old, new, code):
    assert hold(between(scene(verdict=old), scene(verdict=new))).exit_code == code


def test_a_scene_that_can_no_longer_be_analysed_outranks_the_rest():
    old, new = lively_pair()
    gate = hold(compared(old, new))
    assert gate.exit_code == ExitCode.SCENE_FAILED
    assert gate.reasons == (
        "ELF could not be analysed any more",
        "A Few Good Men no longer meets its expectations",
    )
    kept = tuple(s for s in new.scenes if s.result.id != "elf")
    assert hold(compared(old, replace(new, scenes=kept))).exit_code == ExitCode.CHECK_FAILED


@pytest.mark.parametrize("pair", [("ok", "no-speech"), ("no-speech", "ok")])
def test_speech_that_comes_or_goes_is_past_any_drift(pair):
    old, new = (scene("a", status=status) for status in pair)
    found = compared(report(old, scene("b")), report(new, scene("b")))
    assert hold(found).exit_code == 0
    gate = hold(found, max_drift=1.0)
    assert gate.exit_code == 1
    assert "A has no speech in the" in gate.reasons[0]


def test_what_cannot_be_measured_passes_no_gate():
    found = between(scene(status="failed"), scene(status="failed"))
    assert hold(found).exit_code == 0
    assert hold(found, max_drift=0.5).exit_code == 1

"""Errors cross processes whole."""

import pickle

import pytest

from voxemo_scan.errors import (
    AudioError,
    ExitCode,
    ManifestError,
    MissingError,
    Problem,
    SourceError,
    UsageError,
)


@pytest.mark.parametrize("kind", [AudioError, MissingError, SourceError, UsageError])
def test_message_and_remedy_travel(kind):
    back = pickle.loads(pickle.dumps(kind("what", remedy="do")))
    assert type(back) is kind
    assert (back.message, back.remedy, str(back)) == ("what", "do", "what (do)")
    assert isinstance(back.exit_code, ExitCode)


def test_problems_travel():
    problem = Problem("m.yaml", 3, 5, 'unknown key "sorce"', "source")
    back = pickle.loads(pickle.dumps(ManifestError([problem])))
    assert back.problems == (problem,)
    assert str(back) == 'm.yaml:3:5: unknown key "sorce", did you mean "source"?'

"""A moment explained, on the command line."""

import json

import pytest

from tests.explain.conftest import small  # noqa: F401  (a fixture)


@pytest.fixture
def quick(monkeypatch, small):  # noqa: F811
    """A small model in the shipped one's place."""
    monkeypatch.setattr("voxemo_scan.workflow.load_ensemble", lambda *_: small)


def test_a_sentence_and_what_it_does_not_say(run, spoken, quick):
    code, told, said = run("explain", str(spoken[0]), "--at", "0:02")
    assert code == 0
    assert told.startswith("Between ")
    assert told.count("\n") == 1
    assert "not why" in said


def test_json_and_a_picture(run, spoken, quick, tmp_path):
    code, told, _ = run(
        "explain", str(spoken[0]), "--at", "2", "--json", "-q", "-o", str(tmp_path / "a.svg")
    )
    assert code == 0
    item = json.loads(told)
    assert len(item["weights"]) == len(item["times_s"]) - 1
    assert (tmp_path / "a.svg").read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.wav", "--at", "2"], "no recording at nowhere.wav"),
        (["nowhere.wav", "--at", "soon"], "is no time"),
        (["nowhere.wav", "--at", "2", "-o", "a.gif"], "no format"),
    ],
)
def test_what_cannot_be_done_is_a_usage_error(run, arguments, said):
    code, _, told = run("explain", *arguments)
    assert code == 2
    assert said in " ".join(told.split())


def test_silence_has_nothing_to_explain(run, spoken, quick):
    code, told, said = run("explain", str(spoken[0]), "--at", "1:00")
    assert (code, told) == (2, "")
    assert "the nearest speech is from 0:0" in " ".join(said.split())


def test_a_model_that_cannot_be_explained_is_refused_before_any_work(run, tmp_path):
    code, _, said = run("run", "m.yaml", "--explain", "--model", "classic")
    assert code == 2
    assert "the model classic cannot be explained" in " ".join(said.split())

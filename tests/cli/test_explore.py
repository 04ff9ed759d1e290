"""``voxemo-scan explore``, as a user runs it."""

from __future__ import annotations

import json

import pytest

from tests.support.media import tone, write_wav
from voxemo_scan.cli import console


@pytest.fixture
def place(tmp_path):
    """A recording, a corpus of a folder, and a corpus with a clip that is none."""
    write_wav(tmp_path / "tone.wav", tone(1.0, hz=220.0, rate=16_000))
    for corpus in ("mine", "damaged"):
        for label in ("sad", "angry"):
            path = tmp_path / corpus / label / "one.wav"
            path.parent.mkdir(parents=True)
            write_wav(path, tone(0.5, hz=300.0, rate=16_000))
    (tmp_path / "damaged" / "sad" / "bad.wav").write_text("no sound")
    return tmp_path


def test_a_recording_is_told_in_a_few_lines(run, place):
    code, out, err = run("explore", "tone.wav")
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "length 1.00 s" in lines
    assert "file pcm_s16le, 16,000 Hz, mono" in lines
    assert "speech none found" in lines
    assert any(line.startswith("F0 220 Hz in the middle") for line in lines)
    assert max(len(line.rstrip()) for line in out.splitlines()) <= 80


def test_json_is_all_there_is_on_stdout(run, place):
    code, out, err = run("explore", "tone.wav", "--json", "--quiet")
    assert (code, err) == (0, "")
    value = json.loads(out)
    assert (value["kind"], value["path"]) == ("recording", "tone.wav")
    assert value["f0"]["median_hz"] == pytest.approx(220, rel=0.01)


@pytest.mark.parametrize("ending", ["html", "svg", "png"])
def test_pictures_are_written_as_the_ending_says(run, place, ending):
    code, _, err = run("explore", "tone.wav", "-o", f"deep/a.{ending}")
    assert code == 0
    assert f"picture: deep/a.{ending}" in err
    head = (place / "deep" / f"a.{ending}").read_bytes()[:20]
    assert head.startswith({"html": b"<!doctype html>", "svg": b"<?xml", "png": b"\x89PNG"}[ending])


def test_a_part_of_a_recording_is_chosen_by_time(run, place):
    _, out, _ = run("explore", "tone.wav", "--start", "0:00.25", "--end", "0.75", "--json")
    value = json.loads(out)
    assert (value["start_s"], value["duration_s"]) == (0.25, 0.5)


def test_a_corpus_is_told_with_an_example(run, place):
    code, out, _ = run("explore", "mine", "--emotion", "ANG", "--seed", "5", "--quiet", "--json")
    assert code == 0
    value = json.loads(out)
    assert (value["kind"], value["clips"], value["seed"]) == ("corpus", 2, 5)
    assert value["example"]["clip"] == "angry/one"
    code, out, _ = run("explore", "mine", "-o", "a.svg")
    assert code == 0
    assert "angry" in out
    assert "Clips by label" in (place / "a.svg").read_text()


def test_a_clip_that_cannot_be_read_is_left_out_and_exits_with_3(run, place):
    code, out, err = run("explore", "damaged")
    assert code == 3
    assert "left out: damaged/sad/bad.wav is not a media file" in err
    assert "unreadable" in out


def test_nothing_is_printed_when_quiet(run, place):
    assert run("explore", "tone.wav", "--quiet", "-o", "a.png") == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["gone.wav"], 2, "there is nothing at gone.wav"),
        (["tone.wav", "-o", "a.jpeg"], 2, "a.jpeg names no format"),
        (["tone.wav", "--emotion", "sad"], 2, "--emotion is for a corpus"),
        (["tone.wav", "--seed", "0"], 2, "--seed is for a corpus"),
        (["mine", "--start", "0:01"], 2, "--start is for a recording"),
        (["mine", "--emotion", "angyr"], 2, "did you mean angry?"),
        (["mine", "--gender", "x"], 2, "neither female nor male"),
        (["mine", "--emotion", "happy"], 2, "mine has no clip that is happy"),
        (["mine", "--gender", "male"], 2, "it has sad, angry; unknown"),
        (["tone.wav", "--start", "soon"], 2, "--start"),
        (["tone.wav", "--start", "0.5", "--end", "0.2"], 2, "no range"),
        (["tone.wav", "--start", "5"], 3, "it ends at 1.000 s"),
        (["damaged/sad/bad.wav"], 3, "is not a media file"),
    ],
)
def test_mistakes_are_told(run, place, arguments, code, said):
    ended, out, err = run("explore", *arguments, "--quiet")
    assert (ended, out) == (code, "")
    assert said in " ".join(err.split())


def test_pictures_without_matplotlib_say_what_to_install(run, place, monkeypatch):
    monkeypatch.setattr(console, "find_spec", lambda name: None)
    code, _, err = run("explore", "tone.wav", "-o", "a.svg")
    assert code == 4
    assert "pip install 'voxemo-scan[figures]'" in err
    assert run("explore", "tone.wav")[0] == 0

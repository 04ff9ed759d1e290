"""What is written: pictures that come out the same, and numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import av
import pytest

from voxemo_scan.errors import UsageError
from voxemo_scan.explore.corpus import choose_example, survey
from voxemo_scan.explore.listen import as_opus
from voxemo_scan.explore.numbers import corpus_numbers, recording_numbers
from voxemo_scan.explore.recording import measure
from voxemo_scan.explore.write import write_corpus, write_recording
from voxemo_scan.training.corpora.recognise import recognise

NASTY = "$\\alpha_1$ <script>alert(1)<|script> & \u202e.wav"


@pytest.fixture(scope="module")
def sound(spoken):
    return measure(spoken[0])


@pytest.fixture(scope="module")
def surveyed(tones):
    found = survey(recognise(tones))
    example = choose_example(found, label="angry", gender="female", seed=1)
    return found, example, measure(example.path)


def texts(svg):
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter() if node.text]


@pytest.mark.parametrize("ending", [".svg", ".png"])
def test_the_same_sound_gives_the_same_bytes(sound, tmp_path, ending):
    first = write_recording(sound, tmp_path / f"a{ending}").read_bytes()
    assert write_recording(sound, tmp_path / f"b{ending}").read_bytes() == first


def test_a_recordings_picture_has_all_six_parts(sound, tmp_path):
    shown = texts(write_recording(sound, tmp_path / "a.svg").read_text())
    for part in ("Waveform", "Mel spectrogram", "MFCC", "Chroma", "F0", "Energy"):
        assert any(text.startswith(part) for text in shown), part
    assert "0:00" in shown


def test_a_corpuss_picture_has_its_parts_and_its_example(surveyed, tmp_path):
    found, example, heard = surveyed
    path = write_corpus(found, tmp_path / "a.svg", example=example, sound=heard)
    shown = texts(path.read_text())
    for part in (
        "Clips by label", "Lengths", "Clips by speaker, 6 speakers", "Mean spectrum, women",
        "Mean spectrum, men", f"An example: {example.clip}, angry",
    ):  # fmt: skip
        assert any(text.startswith(part) for text in shown), part


def test_times_are_the_files_own(spoken, tmp_path):
    part = measure(spoken[0], start_s=1.0, end_s=3.0)
    shown = texts(write_recording(part, tmp_path / "a.svg").read_text())
    assert "0:02" in shown
    assert "0:00" not in shown
    numbers = recording_numbers(part)
    assert numbers["start_s"] == 1.0
    assert 1.0 <= numbers["segments"][0]["start_s"] < 1.3
    assert 1.0 < numbers["course"]["times_s"][0] < 1.1


def test_a_name_is_neither_mathematics_nor_markup(sound, tmp_path):
    nasty = replace(sound, path=tmp_path / NASTY)
    svg = write_recording(nasty, tmp_path / "a.svg").read_text()
    assert "<script" not in svg
    assert any(text.startswith("$\\alpha_1$ <script>") for text in texts(svg))


def test_an_ending_that_names_no_format_is_told(sound, tmp_path):
    with pytest.raises(UsageError, match=r"a\.gif names no format") as caught:
        write_recording(sound, tmp_path / "a.gif")
    assert ".html, .svg or .png" in caught.value.remedy


def test_the_sound_of_a_page_is_opus_of_the_recordings_length(spoken, sound, tmp_path):
    data = as_opus(spoken[0])
    assert data == as_opus(spoken[0])
    (tmp_path / "a.opus").write_bytes(data)
    with av.open(str(tmp_path / "a.opus")) as container:
        assert container.streams.audio[0].codec_context.name == "opus"
        assert container.duration / av.time_base == pytest.approx(sound.duration_s, abs=0.05)
    assert len(data) < 8000 * sound.duration_s


def test_numbers_are_json_and_say_what_was_measured(surveyed, sound):
    value = json.loads(json.dumps(recording_numbers(sound), allow_nan=False))
    assert value["kind"] == "recording"
    assert [len(value["mean"][key]) for key in ("mel_db", "mfcc", "chroma")] == [128, 20, 12]
    assert 60 < value["f0"]["median_hz"] < 500
    found, example, heard = surveyed
    value = corpus_numbers(found, example=example, sound=heard)
    value = json.loads(json.dumps(value, allow_nan=False))
    assert value["counts"]["sad"] == {"female": 3, "male": 3}
    assert value["example"]["clip"] == example.clip
    assert value["example"]["f0"]["sampled"] is False
    assert len(value["mean_spectra"][0]["db"]) == 128

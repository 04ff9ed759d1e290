"""A survey of labelled tones whose spectra are known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.explore.conftest import HZ
from tests.support.media import tone, write_wav
from tests.support.shared import SHARED, needs_corpora
from voxemo_scan.errors import UsageError
from voxemo_scan.explore.corpus import choose_example, clip_spectrum, survey
from voxemo_scan.explore.spectra import bases
from voxemo_scan.training.corpora.recognise import recognise


@pytest.fixture(scope="module")
def found(tones):
    return survey(recognise(tones))


def test_clips_lengths_and_speakers_are_counted(found):
    assert found.labels == ("sad", "angry")
    assert {label: dict(c) for label, c in found.counts().items()} == {
        "sad": {"female": 3, "male": 3}, "angry": {"female": 3, "male": 3},
    }  # fmt: skip
    assert sorted(found.durations_s) == pytest.approx(sorted([0.5, 0.75, 1.0] * 4), abs=0.01)
    assert found.speakers()["tones", "f1"] == (2, "female")
    assert len(found.speakers()) == 6


def test_a_mean_spectrum_peaks_where_its_clips_do(found):
    peaks = {(m.label, m.gender): bases().mel_hz[m.db.argmax()] for m in found.spectra}
    for label, hz in HZ.items():
        assert peaks[label, "male"] == pytest.approx(hz, rel=0.06)
        assert peaks[label, "female"] == pytest.approx(2 * hz, rel=0.06)
    assert {m.clips for m in found.spectra} == {3}


def test_loudness_and_pauses_do_not_count():
    signal = tone(1.0, hz=500.0, gain=0.4, rate=16_000).astype(np.float32)
    whole = clip_spectrum(signal)
    np.testing.assert_allclose(clip_spectrum(signal * np.float32(0.1)), whole, atol=0.5)
    paused = np.concatenate([np.zeros(16_000, np.float32), signal, np.zeros(16_000, np.float32)])
    assert clip_spectrum(paused)[whole.argmax()] == pytest.approx(whole.max(), abs=0.5)
    assert clip_spectrum(np.zeros(16_000, np.float32)) is None


def test_a_seed_chooses_an_example_of_the_asked_emotion_and_gender(found):
    chosen = {choose_example(found, label="angry", gender="female", seed=n) for n in range(20)}
    assert {(u.label, u.gender) for u in chosen} == {("angry", "female")}
    assert len(chosen) == 3
    again = [choose_example(found, label=None, gender=None, seed=7) for _ in range(2)]
    assert again[0] == again[1]


def test_what_there_is_no_example_of_is_told_with_what_there_is(found):
    with pytest.raises(UsageError, match="tones has no clip that is happy and male") as caught:
        choose_example(found, label="happy", gender="male", seed=0)
    assert caught.value.remedy == "it has sad, angry; female, male"


def test_what_cannot_be_read_is_named_and_left_out(tmp_path):
    for label in ("sad", "angry"):
        (tmp_path / label).mkdir()
        write_wav(tmp_path / label / "a.wav", tone(0.5, rate=16_000))
    (tmp_path / "sad" / "bad.wav").write_text("no sound")
    found = survey(recognise(tmp_path))
    assert [path.name for path in found.unreadable] == ["bad.wav"]
    assert len(found.readable) == len(found.durations_s) == 2
    assert found.genders == ("unknown",)
    assert {m.clips for m in found.spectra} == {1}


def test_the_same_seed_gives_the_same_figures(tones):
    first, second = survey(recognise(tones), seed=3), survey(recognise(tones), seed=3)
    for one, two in zip(first.spectra, second.spectra, strict=True):
        np.testing.assert_array_equal(one.db, two.db)


@needs_corpora
def test_shouts_are_brighter_than_sadness_in_a_real_corpus():
    """Anger lifts the upper half of the spectrum (Scherer 2003)."""
    found = survey(recognise(SHARED / "data" / "RAVDESS"))
    assert len(found.readable) == 1440
    assert found.genders == ("female", "male")
    bright = bases().mel_hz > 1500
    for gender in found.genders:
        db = {m.label: m.db[bright].mean() for m in found.spectra if m.gender == gender}
        assert db["angry"] > db["sad"] + 2

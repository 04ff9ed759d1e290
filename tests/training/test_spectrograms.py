"""Spectrograms of copies of clips, drawn once and kept."""

import numpy as np
import pytest
import torch

from voxemo_scan.features.log_mel import log_mels
from voxemo_scan.training import spectrograms
from voxemo_scan.training.copies import Copy, Variation
from voxemo_scan.training.film.backgrounds import Background, Backgrounds
from voxemo_scan.training.film.chain import FilmSound
from voxemo_scan.training.signals import Sound
from voxemo_scan.training.spectrograms import load_spectrograms

VARIATIONS = (Variation(number=2), Variation(filmed=1.0, film=FilmSound(music=1.0)))


@pytest.fixture(scope="module")
def backgrounds():
    rng = np.random.default_rng(0)
    music, noise = rng.standard_normal((2, 30_000)).astype(np.float32)
    return Backgrounds((Background("noise", noise),), (Background("music", music),))


@pytest.fixture
def bank(prepared, backgrounds, tmp_path):
    split, signals = prepared
    return load_spectrograms(
        split.train, signals, VARIATIONS, cache_folder=tmp_path, backgrounds=backgrounds
    )


def test_the_first_copy_is_the_clip_itself(bank, prepared):
    split, signals = prepared
    assert bank.copies == 4
    for utterance in split.train:
        (expected,), frames = log_mels([signals.whole(utterance)])
        found = bank.of(utterance, 0)
        assert found.shape == (int(frames), 80)
        np.testing.assert_allclose(found, expected.numpy().T, atol=2e-3)
        assert not np.array_equal(bank.of(utterance, 1), bank.of(utterance, 2))


def test_a_batch_holds_what_was_asked_for_and_nothing_after_it(bank, prepared):
    clips = prepared[0].train[:3]
    mels, frames = bank.batch(clips, [0, 3, 1])
    assert mels.shape == (3, 80, int(frames.max()))
    for row, utterance, copy, count in zip(mels, clips, (0, 3, 1), frames, strict=True):
        expected = torch.from_numpy(bank.of(utterance, copy).astype(np.float32)).T
        torch.testing.assert_close(row[:, :count], expected)
        assert not row[:, count:].any()


def test_what_is_kept_is_not_drawn_again(bank, prepared, backgrounds, tmp_path, monkeypatch):
    split, signals = prepared
    monkeypatch.setattr(spectrograms, "_make", lambda *_: pytest.fail("drawn again"))
    again = load_spectrograms(
        split.train, signals, VARIATIONS, cache_folder=tmp_path, backgrounds=backgrounds
    )
    for utterance in split.train:
        for copy in range(bank.copies):
            np.testing.assert_array_equal(again.of(utterance, copy), bank.of(utterance, copy))


def test_processes_draw_what_one_process_does(bank, prepared, backgrounds, tmp_path, monkeypatch):
    split, signals = prepared
    monkeypatch.setattr(spectrograms, "_FEW", 0)
    monkeypatch.setattr(spectrograms, "_CHUNK", 5)
    shared = load_spectrograms(
        split.train, signals, VARIATIONS, cache_folder=tmp_path / "2", backgrounds=backgrounds
    )
    for utterance in split.train:
        for copy in range(bank.copies):
            np.testing.assert_allclose(
                shared.of(utterance, copy), bank.of(utterance, copy), atol=1e-3
            )


@pytest.mark.parametrize(
    "tight",
    [
        Variation(varied=0.0, gain_db=0.0, tight=1.0, tight_s=0.1).of,
        lambda clip, rng: Copy(tight_s=0.1).of(clip, key=("a", str(rng.integers(99)))),
    ],
    ids=["drawn", "kept"],
)
def test_a_tight_copy_keeps_the_speech_and_little_else(tight):
    rng = np.random.default_rng(0)
    pcm = rng.integers(-9000, 9000, 48_000).astype(np.int16)
    clip = Sound(pcm, 16_000, 32_000, "x")
    for seed in range(5):
        copy = tight(clip, np.random.default_rng(seed))
        assert 16_000 <= len(copy) <= 16_000 + 2 * 1600
        speech = clip.speech()
        at = np.flatnonzero(np.isclose(copy[: len(copy) - len(speech) + 1], speech[0]))
        assert any(np.allclose(copy[n : n + len(speech)], speech) for n in at)

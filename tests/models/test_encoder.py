"""The encoder member: what is heard in a signal depends on that signal alone."""

import numpy as np
import pytest
import torch

from voxemo_scan.features.log_mel import BANDS, log_mels
from voxemo_scan.models.head import pool, summarise, to_moments
from voxemo_scan.models.passage import REACH_S, Passage
from voxemo_scan.models.quick import QuickNetwork
from voxemo_scan.models.registry import load_files
from voxemo_scan.models.whisper import (
    Attention,
    WhisperBlocks,
    WhisperShape,
    attention_mask,
    hidden_lengths,
)

SMALL = WhisperShape(blocks=2, width=32, heads=2, inner=64)


def noise(samples, *, seed=0):
    rng = np.random.default_rng(seed)
    return (0.1 * rng.standard_normal(samples)).astype(np.float32)


def test_log_mels_of_a_signal_do_not_depend_on_its_company():
    short, long = noise(9000), noise(30_000, seed=1)
    alone, frames = log_mels([short])
    together, both = log_mels([short, long])
    assert frames.tolist() == [56]
    assert both.tolist() == [56, 187]
    torch.testing.assert_close(together[:1, :, :56], alone)
    assert (together[0, :, 56:] == 0).all()


def test_log_mels_are_whispers():
    """A tone's energy lies in its band, the loudest moment is 1.0 above the floor's end."""
    time_s = np.arange(16_000) / 16_000
    tone = (0.5 * np.sin(2 * np.pi * 1000 * time_s)).astype(np.float32)
    mels, _ = log_mels([tone])
    assert mels.shape == (1, BANDS, 100)
    middle = mels[0, :, 50]
    from voxemo_scan.features.compiled import librosa

    centres = librosa.mel_frequencies(n_mels=BANDS + 2, fmax=8000)[1:-1]
    assert abs(centres[int(middle.argmax())] - 1000) < 40
    assert mels.max() - mels.min() <= 2.0 + 1e-5


def test_log_mels_of_silence_and_of_almost_nothing_are_finite():
    mels, frames = log_mels([np.zeros(5000, np.float32), np.zeros(3, np.float32)])
    assert torch.isfinite(mels).all()
    assert frames.tolist() == [31, 1]


@pytest.mark.parametrize("samples", [1600, 1760, 16_000, 16_160])
def test_states_do_not_depend_on_the_batch(samples):
    torch.manual_seed(0)
    blocks = WhisperBlocks(SMALL).eval()
    signals = [noise(samples), noise(40_000, seed=1)]
    with torch.inference_mode():
        alone = blocks(*log_mels(signals[:1]))
        together = blocks(*log_mels(signals))
    frames = int(hidden_lengths(log_mels(signals[:1])[1]))
    assert len(alone) == 3
    for one, both in zip(alone, together, strict=True):
        assert one.shape[1] == frames
        torch.testing.assert_close(both[:1, :frames], one, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("lengths", [(20, 20), (20, 13)])
def test_blocks_in_training_attend_as_they_do_when_they_listen(lengths):
    """In bfloat16, training goes another way; states and gradients are those of float32, nearly."""
    attention = Attention(SMALL)
    own = torch.tensor(lengths)
    mask = attention_mask(own, 20)
    states = torch.randn(2, 20, 32, generator=torch.Generator().manual_seed(0))
    others = torch.arange(20)[None, :, None] >= own[:, None, None]
    states = states.masked_fill(others, 9.0)
    heard = {}
    for exact in (True, False):
        given = states.clone().requires_grad_()
        with torch.autocast("cpu", torch.bfloat16, enabled=not exact):
            gathered = attention(given, mask).float().masked_fill(others, 0.0)
        (gathered**2).sum().backward()
        heard[exact] = gathered.detach(), given.grad
    for exact, quick in zip(heard[True], heard[False], strict=True):
        assert (quick - exact).abs().max() < 0.03 * exact.abs().max()


def test_pooling_hears_own_frames_alone():
    frames = torch.randn(2, 3, 10, 4)
    lengths = torch.tensor([10, 6])
    changed = frames.clone()
    changed[1, :, 6:] = 99.0
    torch.testing.assert_close(summarise(frames, lengths), summarise(changed, lengths))
    mean, deviation = pool(frames[1, 0], torch.arange(10) < 6)
    torch.testing.assert_close(mean, frames[1, 0, :6].mean(0))
    torch.testing.assert_close(
        deviation, frames[1, 0, :6].std(0, unbiased=False), atol=1e-4, rtol=1e-4
    )


def test_moments_are_means_of_two_states():
    states = torch.arange(10, dtype=torch.float32).view(1, 1, 5, 2)
    moments, lengths = to_moments(states, torch.tensor([5]))
    assert lengths.tolist() == [3]
    torch.testing.assert_close(moments[0, 0], torch.tensor([[1.0, 2], [5, 6], [8, 9]]))
    moments, lengths = to_moments(states, torch.tensor([3]))
    assert lengths.tolist() == [2]
    torch.testing.assert_close(moments[0, 0, :2], torch.tensor([[1.0, 2], [4, 5]]))


def test_a_passage_is_judged_alike_in_any_company(encoder_file):
    ensemble = load_files([encoder_file()])
    passages = [
        Passage(noise(16_000 * n, seed=n), ((0, 16_000 * n),)) for n in (3, 1, 2, 4, 1, 2, 5, 3, 1)
    ]
    together = ensemble.judge(passages).probabilities
    alone = np.concatenate([ensemble.judge([p]).probabilities for p in passages])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_windows_are_pooled_from_a_passage_that_is_encoded_once(encoder_file, monkeypatch):
    ensemble = load_files([encoder_file()])
    heard = []
    listen = QuickNetwork.listen

    def listening(self, *groups):
        heard.extend(len(piece.spans) for group in groups for piece in group)
        return listen(self, *groups)

    monkeypatch.setattr(QuickNetwork, "listen", listening)
    long = Passage(noise(160_000), tuple((n * 16_000, n * 16_000 + 32_000) for n in range(9)))
    found = ensemble.judge([long])
    assert found.probabilities.shape == (9, 6)
    assert heard == [9]
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1.0, atol=1e-6)


def test_a_window_is_heard_with_a_little_of_what_surrounds_it():
    signal = np.zeros(10 * 16_000, dtype=np.float32)
    windows = ((16_000, 48_000), (40_000, 72_000), (100_000, 128_000))
    reach = round(REACH_S * 16_000)
    whole = Passage(signal, windows)
    assert whole.stretches() == [
        (0, 48_000 + reach), (40_000 - reach, 72_000 + reach), (100_000 - reach, 160_000)
    ]  # fmt: skip
    inside = Passage(signal, windows, starts_speech=False, ends_speech=False)
    assert inside.stretches()[0] == (16_000 - reach, 48_000 + reach)
    assert inside.stretches()[-1] == (100_000 - reach, 128_000 + reach)
    short = Passage(signal[:50_000], ((1000, 49_000),), starts_speech=False, ends_speech=False)
    assert short.stretches() == [(0, 50_000)]

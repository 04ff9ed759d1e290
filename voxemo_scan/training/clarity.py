"""Learning what is one voice's speech, heard well enough, and what is not.

Not speech: noise, music, hiss, hum, silence. Not one voice: two at once. Not heard well enough:
speech that lies deeper under music or noise than anybody would judge a voice by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from voxemo_scan.features.log_mel import SAMPLING_RATE, log_mels
from voxemo_scan.models.adaptation import VoiceListener
from voxemo_scan.models.head import summarise
from voxemo_scan.models.precision import autocast
from voxemo_scan.models.whisper import WhisperBlocks, hidden_lengths
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.encoder_fit import summaries_of
from voxemo_scan.training.film.backgrounds import Background, Backgrounds, mix
from voxemo_scan.training.signals import Signals
from voxemo_scan.training.splits import Split
from voxemo_scan.training.states import StateBank

_LONGEST_S: Final = 5.0
_SHORTEST_S: Final = 1.0
_BURIED_DB: Final = (-18.0, -8.0)
_OVERLAP_DB: Final = (-4.0, 4.0)
_BATCH: Final = 16
_SILENT: Final = 1e-6
_LOOSENESS: Final = 0.003
"""Inverse strength of the penalty on large weights: there are more numbers than examples."""
_CLEAR_CLIPS: Final = 1200
"""Training clips whose copies stand for speech that may be judged."""

Signal = NDArray[np.float32]


def unclear(
    utterances: Sequence[Utterance],
    signals: Signals,
    backgrounds: Backgrounds,
    *,
    seed: int,
    each: int,
) -> Iterator[Signal]:
    """Yield sounds that nobody should judge a voice by, ``each`` of every sort."""
    rng = np.random.default_rng(seed)
    every = (*backgrounds.noise, *backgrounds.music)

    def clip(rng: np.random.Generator) -> Utterance:
        return utterances[int(rng.integers(len(utterances)))]

    def noise(rng: np.random.Generator) -> Signal:
        return _stretch(backgrounds.noise, rng)

    def music(rng: np.random.Generator) -> Signal:
        return _stretch(backgrounds.music, rng)

    def buried(rng: np.random.Generator) -> Signal:
        found = signals.clip(clip(rng))
        under = _any(every, rng).stretch(len(found.signal), rng)
        return mix(
            found.signal, under, speech=slice(found.start, found.end),
            snr_db=rng.uniform(*_BURIED_DB),
        )  # fmt: skip

    def overlapping(rng: np.random.Generator) -> Signal:
        one, other = clip(rng), clip(rng)
        while (other.corpus, other.speaker) == (one.corpus, one.speaker):
            other = clip(rng)
        first, second = signals.of(one), signals.of(other)
        shared = min(len(first), len(second))
        return mix(
            first[:shared], second[:shared], speech=slice(None), snr_db=rng.uniform(*_OVERLAP_DB)
        )

    for sort in (noise, music, buried, overlapping, _made):
        for _ in range(each):
            yield sort(rng)


def summaries_of_sounds(
    encoder: WhisperBlocks, sounds: Sequence[Signal], *, layers: Sequence[int]
) -> NDArray[np.float32]:
    """Return the summaries, [sounds, 2 x layers x width], of sounds of up to 30 s."""
    order = sorted(range(len(sounds)), key=lambda n: len(sounds[n]))
    made: dict[int, NDArray[np.float32]] = {}
    for start in range(0, len(order), _BATCH):
        chosen = order[start : start + _BATCH]
        mels, frames = log_mels([sounds[n] for n in chosen])
        with torch.inference_mode(), autocast():
            found = encoder(mels, frames)
        states = torch.stack([found[layer].float() for layer in layers], dim=1)
        made |= zip(chosen, summarise(states, hidden_lengths(frames)).numpy(), strict=True)
    return np.stack([made[n] for n in range(len(sounds))])


def train_clarity(
    encoder: WhisperBlocks,
    split: Split,
    signals: Signals,
    banks: Sequence[StateBank],
    backgrounds: Backgrounds,
    *,
    listener: VoiceListener,
    layers: Sequence[int],
    each: int,
    seed: int,
) -> nn.Linear:
    """Return the layer that tells clear speech, learned from a split's training part.

    Args:
        encoder: the blocks, in evaluation mode.
        split: whose training clips are used.
        signals: their sound.
        banks: the states of copies that may be judged.
        backgrounds: noise and music to learn from.
        listener: what standardises summaries.
        layers: the hidden states that summaries are of.
        each: how many sounds of every sort to learn from.
        seed: of everything random.
    """
    rng = np.random.default_rng(seed)
    count = min(_CLEAR_CLIPS, len(split.train))
    chosen = [split.train[n] for n in rng.choice(len(split.train), size=count, replace=False)]
    clear = np.concatenate([summaries_of(chosen, bank) for bank in banks])
    sounds = list(unclear(split.train, signals, backgrounds, seed=seed, each=each))
    not_clear = summaries_of_sounds(encoder, sounds, layers=layers)
    standardised = [
        listener.standardise(torch.from_numpy(each)).numpy() for each in (clear, not_clear)
    ]
    return fit_clarity(*standardised)


def fit_clarity(clear: NDArray[np.float32], not_clear: NDArray[np.float32]) -> nn.Linear:
    """Return the layer whose one logit says that standardised summaries are of clear speech.

    Logistic regression, either side counting the same.

    Args:
        clear: standardised summaries, [n, size], of speech that may be judged.
        not_clear: those of what may not.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  (slow to load)

    right = np.repeat([1, 0], [len(clear), len(not_clear)])
    found = LogisticRegression(C=_LOOSENESS, class_weight="balanced", max_iter=300)
    found.fit(np.concatenate([clear, not_clear]), right)
    layer = nn.Linear(clear.shape[1], 1)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(found.coef_))
        layer.bias.copy_(torch.from_numpy(found.intercept_))
    return layer


def _stretch(sounds: Sequence[Background], rng: np.random.Generator) -> Signal:
    samples = round(rng.uniform(_SHORTEST_S, _LONGEST_S) * SAMPLING_RATE)
    level = np.float32(10.0 ** (rng.uniform(-20.0, 6.0) / 20.0))
    return _any(sounds, rng).stretch(samples, rng) * level


def _made(rng: np.random.Generator) -> Signal:
    """Return hiss of some colour, a hum, tones that beat or a sweep, at some level."""
    samples = round(rng.uniform(_SHORTEST_S, _LONGEST_S) * SAMPLING_RATE)
    time_s = np.arange(samples) / SAMPLING_RATE
    sort = int(rng.integers(4))
    if sort == 0:
        spectrum = np.fft.rfft(rng.standard_normal(samples))
        spectrum /= np.maximum(np.arange(len(spectrum)), 1.0) ** rng.uniform(0.0, 1.0)
        sound = np.fft.irfft(spectrum, samples)
    elif sort == 1:
        hum_hz = rng.uniform(45.0, 130.0)
        overtones = np.arange(1, 9)[:, None]
        sound = (np.sin(2 * np.pi * hum_hz * overtones * time_s) / overtones).sum(axis=0)
    elif sort == 2:
        tones_hz = rng.uniform(100.0, 3000.0, size=(3, 1))
        sound = np.sin(2 * np.pi * tones_hz * time_s).sum(axis=0)
    else:
        low_hz, high_hz = np.sort(rng.uniform(80.0, 4000.0, size=2))
        sound = np.sin(2 * np.pi * (low_hz + (high_hz - low_hz) * time_s / time_s[-1] / 2) * time_s)
    loud = 10.0 ** (rng.uniform(-70.0, -6.0) / 20.0)
    return np.asarray(loud * sound / max(np.abs(sound).max(), _SILENT), dtype=np.float32)


def _any(sounds: Sequence[Background], rng: np.random.Generator) -> Background:
    return sounds[int(rng.integers(len(sounds)))]

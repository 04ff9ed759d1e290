"""Judging labelled clips as a scan judges segments: windows tiled, their distributions averaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from voxemo_scan.features.image import ImageOptions, images
from voxemo_scan.models.networks import ClassicNetwork, emotion_distribution
from voxemo_scan.speech.segments import Segment
from voxemo_scan.speech.windows import WindowOptions, tile_segment
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.levels import SpeechOf
from voxemo_scan.training.signals import SAMPLING_RATE

_BATCH = 128

Judge = Callable[[list[NDArray[np.float32]]], NDArray[np.float64]]


def clip_windows(signal: NDArray[np.float32], *, window_s: float) -> list[NDArray[np.float32]]:
    """Return the windows that tile ``signal``, as a scan would cut them."""
    segment = Segment(0.0, len(signal) / SAMPLING_RATE)
    options = WindowOptions(window_s=window_s, hop_s=window_s / 2, min_window_s=0.0)
    return [
        signal[round(w.start_s * SAMPLING_RATE) : round(w.end_s * SAMPLING_RATE)]
        for w in tile_segment(segment, options)
    ]


def average_over_clips(
    judge: Judge, utterances: Sequence[Utterance], signals: SpeechOf, *, window_s: float
) -> NDArray[np.float64]:
    """Return what ``judge`` says of each clip: its windows' mean, float64, [clips, columns]."""
    windows, owners = [], []
    for owner, utterance in enumerate(utterances):
        pieces = clip_windows(signals.of(utterance), window_s=window_s)
        windows += pieces
        owners += [owner] * len(pieces)
    said = np.concatenate(
        [judge(windows[start : start + _BATCH]) for start in range(0, len(windows), _BATCH)]
    )
    totals = np.zeros((len(utterances), said.shape[1]))
    np.add.at(totals, owners, said)
    return totals / np.bincount(owners, minlength=len(utterances))[:, None]


def judge_clips(
    network: ClassicNetwork,
    utterances: Sequence[Utterance],
    signals: SpeechOf,
    *,
    image: ImageOptions,
) -> NDArray[np.float64]:
    """Return a network's distribution for each clip, float64, [clips, 6]."""
    network.eval()

    def judge(windows: list[NDArray[np.float32]]) -> NDArray[np.float64]:
        with torch.inference_mode():
            return emotion_distribution(network(images(windows, image))).double().numpy()

    return average_over_clips(judge, utterances, signals, window_s=image.window_s)

"""Variations of training clips: of the sound (audiomentations) and of the image (SpecAugment)."""

from __future__ import annotations

import random
import warnings

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxemo_scan.features.image import FRAMES, MEL_ROWS
from voxemo_scan.training.recipe import Augmentation

_RATE = 16_000


class SignalAugmenter:
    """Varies windows' sound: part, speed, filter, noise and level.

    Level is varied last, so that noise and filters meet clips as recorded.
    """

    def __init__(self, options: Augmentation, *, window_samples: int) -> None:
        from audiomentations import (  # noqa: PLC0415  (the [train] extra, slow to load)
            AddGaussianSNR,
            Compose,
            Gain,
            HighPassFilter,
            LowPassFilter,
            OneOf,
        )

        self.options = options
        self.window_samples = window_samples
        low, high = options.noise_snr_db
        filters = [
            LowPassFilter(min_cutoff_freq=2500, max_cutoff_freq=7000, p=1.0),
            HighPassFilter(min_cutoff_freq=60, max_cutoff_freq=300, p=1.0),
        ]
        self._transform = Compose(
            [
                OneOf(filters, p=options.filter_probability),
                AddGaussianSNR(min_snr_db=low, max_snr_db=high, p=options.noise_probability),
                Gain(min_gain_db=-options.gain_db, max_gain_db=options.gain_db, p=1.0),
            ]
        )

    def __call__(
        self, signal: NDArray[np.float32], rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Return a varied window of ``signal``, float32, [samples], at most a window long."""
        part = self._part(self._at_other_speed(signal, rng), rng)
        random.seed(int(rng.integers(2**31)))  # audiomentations draws from both global generators
        np.random.seed(int(rng.integers(2**31)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of clipping, which the image does not mind
            return np.asarray(self._transform(part, sample_rate=_RATE), dtype=np.float32)

    def _at_other_speed(
        self, signal: NDArray[np.float32], rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Return the signal faster and higher, or slower and lower, by linear interpolation."""
        if not self.options.speeds or rng.random() >= self.options.speed_probability:
            return signal
        speed = float(rng.choice(self.options.speeds))
        moments = np.arange(0, len(signal) - 1, speed)
        faster: NDArray[np.float64] = np.interp(moments, np.arange(len(signal)), signal)
        return faster.astype(np.float32)

    def _part(self, signal: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
        spare = len(signal) - self.window_samples
        if spare > 0:
            start = int(rng.integers(spare + 1))
            return signal[start : start + self.window_samples]
        most = int(self.options.crop * len(signal)) + 1
        return signal[int(rng.integers(most)) : len(signal) - int(rng.integers(most))]


def mask_images(images: Tensor, options: Augmentation, rng: np.random.Generator) -> Tensor:
    """Blank one stretch of time and one band of mel rows in each normalised image, in place.

    SpecAugment (Park et al. 2019) without time warping.
    """
    for image in images:
        width = int(rng.integers(options.mask_frames + 1))
        start = int(rng.integers(FRAMES - width + 1))
        image[:, start : start + width] = 0.0
        height = int(rng.integers(options.mask_rows + 1))
        bottom = int(rng.integers(MEL_ROWS - height + 1))
        image[bottom : bottom + height] = 0.0
    return images


def mix_up(
    images: Tensor, targets: Tensor, *, alpha: float, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Blend images and their target distributions with others of the batch (Zhang et al. 2018)."""
    if alpha <= 0:
        return images, targets
    share = float(rng.beta(alpha, alpha))
    share = max(share, 1 - share)
    other = torch.from_numpy(rng.permutation(len(images)))
    return share * images + (1 - share) * images[other], share * targets + (1 - share) * targets[
        other
    ]

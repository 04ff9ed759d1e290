"""The classic networks: convolution and pooling over the image.

Four twins: 6 labels (emotion) or 12 (gender x emotion), average or max pooling.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, cast

import torch
from torch import Tensor, nn

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.features.image import FRAMES, ROWS

Pooling = Literal["average", "max"]

EMOTION_COUNT = len(EMOTIONS)
_TINY = 1e-5


@dataclass(frozen=True, slots=True)
class ClassicShape:
    """What makes one classic network: its labels, its pooling and its width."""

    labels: Literal[6, 12] = 6
    pooling: Pooling = "average"
    widths: tuple[int, ...] = (32, 64, 128, 192)
    dropout: float = 0.2


class ClassicNetwork(nn.Module):
    """Convolutions with pooling between them, then mean and deviation over time, then one layer.

    The statistics that normalise the image's rows travel with the weights; they are of the
    training part alone.
    """

    row_mean: Tensor
    row_scale: Tensor

    def __init__(self, shape: ClassicShape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("row_mean", torch.zeros(ROWS))
        self.register_buffer("row_scale", torch.ones(ROWS))
        widths = shape.widths
        self.stages = nn.Sequential(
            _stage(1, widths[0], kernel=5, stride=2, shape=shape),
            *(
                _stage(narrow, wide, kernel=3, stride=1, shape=shape)
                for narrow, wide in pairwise(widths)
            ),
        )
        self.stages.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        rows_left = (ROWS // 2) // 2 ** len(widths)
        self.dropout = nn.Dropout(shape.dropout)
        self.classify = nn.Linear(2 * widths[-1] * rows_left, shape.labels)

    def forward(self, image: Tensor) -> Tensor:
        """Return logits, [windows, labels], of images, float32, [windows, 160, 140]."""
        if image.shape[1:] != (ROWS, FRAMES):
            raise ValueError(f"images must be [*, {ROWS}, {FRAMES}], not {tuple(image.shape)}")
        return self.judge(self.normalise(image))

    def normalise(self, image: Tensor) -> Tensor:
        """Return the image with each row shifted and scaled by the training part's statistics."""
        return (image - self.row_mean[:, None]) / self.row_scale[:, None]

    def judge(self, normalised: Tensor) -> Tensor:
        """Return logits of normalised images."""
        planes = self.stages(normalised[:, None].to(memory_format=torch.channels_last))
        deviation = (planes.var(dim=3, unbiased=False) + _TINY).sqrt()
        summary = torch.cat([planes.mean(dim=3), deviation], dim=1).flatten(1)
        return cast(Tensor, self.classify(self.dropout(summary)))


def _stage(narrow: int, wide: int, *, kernel: int, stride: int, shape: ClassicShape) -> nn.Module:
    pool = nn.AvgPool2d if shape.pooling == "average" else nn.MaxPool2d
    return nn.Sequential(
        nn.Conv2d(narrow, wide, kernel, stride=stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(wide),
        nn.ReLU(inplace=True),
        pool(2),
        nn.Dropout2d(shape.dropout / 2),
    )


def emotion_distribution(logits: Tensor) -> Tensor:
    """Return emotion probabilities, [windows, 6], of 6- or 12-label logits.

    Twelve labels are the six emotions of women, then those of men; both sexes' probabilities
    of an emotion are summed.
    """
    probabilities = logits.softmax(dim=1)
    if logits.shape[1] == EMOTION_COUNT:
        return probabilities
    return probabilities[:, :EMOTION_COUNT] + probabilities[:, EMOTION_COUNT:]


def female_probability(logits: Tensor) -> Tensor:
    """Return the probability, [windows], that a voice is a woman's, of 12-label logits."""
    if logits.shape[1] != 2 * EMOTION_COUNT:
        raise ValueError("only the 12-label network tells the voice's gender")
    return logits.softmax(dim=1)[:, :EMOTION_COUNT].sum(dim=1)

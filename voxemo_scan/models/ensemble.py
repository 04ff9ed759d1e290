"""The ensemble: member networks over the same windows, their distributions averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from voxemo_scan.features.image import ImageOptions, images
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.models.networks import EMOTION_COUNT, emotion_distribution, female_probability
from voxemo_scan.models.weights import TrainedNetwork


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an ensemble hears in windows.

    ``probabilities``: float64, [windows, 6], each row summing to 1, in the order of ``EMOTIONS``;
    ``female``: float64, [windows], the probability that the voice is a woman's (0.5 where no
    member tells genders apart).
    """

    probabilities: NDArray[np.float64]
    female: NDArray[np.float64]


class Ensemble:
    """Member networks that see the same image and whose distributions are averaged.

    ``temperature`` sharpens (below 1) or softens (above 1) the average so that its confidence
    matches how often it is right (Guo et al. 2017); it is fitted on validation data.
    ``speech_level_db`` is the level of the speech that the members learned from, to which a
    recording's speech is best brought; None where it is not known.
    """

    def __init__(
        self,
        members: Sequence[TrainedNetwork],
        *,
        info: ModelInfo,
        temperature: float = 1.0,
        speech_level_db: float | None = None,
    ) -> None:
        if not members:
            raise ValueError("an ensemble needs a member")
        self.members = tuple(members)
        self.info = info
        self.temperature = temperature
        self.speech_level_db = speech_level_db
        self.image: ImageOptions = members[0].description.image
        if any(member.description.image != self.image for member in members):
            raise ValueError("the members of an ensemble must see the same image")

    @property
    def window_s(self) -> float:
        """Return the seconds of sound that a member sees at most."""
        return self.image.window_s

    @property
    def parameters(self) -> int:
        """Return how many trained numbers the members have together."""
        return sum(p.numel() for member in self.members for p in member.network.parameters())

    def judge(self, windows: Sequence[NDArray[np.float32]]) -> Judgement:
        """Return what is heard in ``windows``, each float32, [samples], mono, -1..1, 16 kHz."""
        with torch.inference_mode():
            pictures = images(windows, self.image)
            logits = [member.network(pictures) for member in self.members]
            mean = torch.stack([emotion_distribution(each) for each in logits]).mean(dim=0)
            genders = [female_probability(x) for x in logits if x.shape[1] == 2 * EMOTION_COUNT]
            female = torch.stack(genders).mean(dim=0) if genders else torch.full((len(mean),), 0.5)
        return Judgement(
            tempered(mean.double().numpy(), temperature=self.temperature), female.double().numpy()
        )


def tempered(probabilities: NDArray[np.float64], *, temperature: float) -> NDArray[np.float64]:
    """Return distributions, [n, labels], raised to ``1 / temperature`` and summing to 1 again."""
    logits = np.log(np.clip(probabilities, 1e-12, None)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))

"""The classic networks as a member: they see the image of each window by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor

from voxemo_scan.features.image import images
from voxemo_scan.models.judgement import Judgement
from voxemo_scan.models.networks import (
    EMOTION_COUNT,
    ClassicNetwork,
    emotion_distribution,
    female_probability,
)
from voxemo_scan.models.passage import Passage
from voxemo_scan.models.threads import in_threads
from voxemo_scan.models.weights import ClassicDescription, TrainedNetwork


class ClassicMember:
    """Classic networks over the same images, their distributions averaged."""

    labels = EMOTION_COUNT

    def __init__(self, networks: Sequence[TrainedNetwork]) -> None:
        self.networks = tuple(networks)
        seen = [cast(ClassicDescription, n.description).image for n in networks]
        self.image = seen[0]
        if any(image != self.image for image in seen):
            raise ValueError("the classic networks of an ensemble must see the same image")

    def judge(self, passages: Sequence[Passage]) -> Judgement:
        """Return what is heard in the passages' windows."""
        heard = in_threads(self._listen, passages)
        logits = [torch.cat(each) for each in zip(*heard, strict=True)]
        mean = torch.stack([emotion_distribution(each) for each in logits]).mean(dim=0)
        genders = [female_probability(x) for x in logits if x.shape[1] == 2 * EMOTION_COUNT]
        female = torch.stack(genders).mean(dim=0).double().cpu().numpy() if genders else None
        return Judgement(mean.double().cpu().numpy(), female)

    def _listen(self, passage: Passage) -> list[Tensor]:
        """Return what each network says of the passage's windows: logits, [windows, labels]."""
        device = cast(ClassicNetwork, self.networks[0].network).row_mean.device
        pictures = images(passage.cut(), self.image).to(device)
        return [cast(ClassicNetwork, n.network)(pictures) for n in self.networks]

"""Encoder networks as a member: a passage is encoded once, its windows pooled from its frames."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, cast

import numpy as np
import torch
from numpy.typing import NDArray

from voxemo_scan.features.log_mel import SAMPLING_RATE
from voxemo_scan.models.encoder import EncoderNetwork, cut
from voxemo_scan.models.head import summarise
from voxemo_scan.models.judgement import Judgement, join
from voxemo_scan.models.passage import Passage
from voxemo_scan.models.weights import TrainedNetwork
from voxemo_scan.models.whisper import FRAME_S

_FRAME_SAMPLES: Final = round(FRAME_S * SAMPLING_RATE)
_BATCH: Final = 8


class EncoderMember:
    """Encoder networks, their distributions averaged."""

    def __init__(self, networks: Sequence[TrainedNetwork]) -> None:
        self.networks = tuple(networks)
        self.labels: int = networks[0].description.labels

    def judge(self, passages: Sequence[Passage]) -> Judgement:
        """Return what is heard in the passages' windows, from each passage encoded once.

        Passages of like length are encoded together; in which company does not change the result.
        """
        order = sorted(range(len(passages)), key=lambda n: len(passages[n].signal))
        made: dict[int, Judgement] = {}
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            made |= zip(chosen, self._judge([passages[n] for n in chosen]), strict=True)
        return join([made[n] for n in range(len(passages))])

    @property
    def adaptive(self) -> EncoderNetwork | None:
        """Return the network that hears a voice's windows beside one another, if any."""
        networks = [cast(EncoderNetwork, each.network) for each in self.networks]
        return next((network for network in networks if network.space is not None), None)

    def _judge(self, passages: Sequence[Passage]) -> list[Judgement]:
        spans = [
            (n, first // _FRAME_SAMPLES, -(-last // _FRAME_SAMPLES))
            for n, passage in enumerate(passages)
            for first, last in passage.stretches()
        ]
        emotions, female = [], []
        summaries: NDArray[np.float16] | None = None
        for trained in self.networks:
            network = cast(EncoderNetwork, trained.network)
            stretches = cut(network.hear([p.signal for p in passages]), spans)
            said, voice = network.judge(stretches.states, stretches.lengths)
            emotions.append(said)
            female.append(voice)
            if network is self.adaptive:
                summaries = summarise(stretches.states, stretches.lengths).half().cpu().numpy()
        mean = torch.stack(emotions).mean(dim=0).double().cpu().numpy()
        voices = torch.stack(female).mean(dim=0).double().cpu().numpy()
        ends = np.cumsum([0, *(len(p.windows) for p in passages)])
        return [
            Judgement(
                mean[first:last],
                voices[first:last],
                None if summaries is None else summaries[first:last],
            )
            for first, last in pairwise(ends)
        ]

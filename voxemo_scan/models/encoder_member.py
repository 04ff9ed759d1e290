"""Encoder networks as a member: a passage is encoded once, its windows pooled from its frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, cast

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxemo_scan.features.log_mel import SAMPLING_RATE
from voxemo_scan.models.encoder import EncoderNetwork, cut
from voxemo_scan.models.head import summarise
from voxemo_scan.models.judgement import Judgement, join
from voxemo_scan.models.passage import Passage
from voxemo_scan.models.weights import EncoderDescription, TrainedNetwork
from voxemo_scan.models.whisper import FRAME_S, MOST_FRAMES

_FRAME_SAMPLES: Final = round(FRAME_S * SAMPLING_RATE)
_BATCH: Final = 8
_AS_IT_IS: Final = 1.0


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
        heard = [
            _hear(cast(EncoderNetwork, each.network), passages, speed=speed)
            for each in self.networks
            for speed in cast(EncoderDescription, each.description).speeds
        ]
        emotions = torch.stack([each.emotions for each in heard]).mean(dim=0)
        voices = torch.stack([each.female for each in heard]).mean(dim=0)
        telling = next((each for each in heard if each.summaries is not None), heard[0])
        rows = [
            None if row is None else row.cpu().numpy()
            for row in (emotions.double(), voices.double(), telling.summaries, telling.clear)
        ]
        ends = np.cumsum([0, *(len(p.windows) for p in passages)])
        return [
            Judgement(*(None if row is None else row[first:last] for row in rows))  # type: ignore[arg-type]
            for first, last in pairwise(ends)
        ]


@dataclass(frozen=True)
class _Heard:
    """What a network heard in passages' windows at some speed, row by row."""

    emotions: Tensor
    female: Tensor
    summaries: Tensor | None
    clear: Tensor | None


def _hear(network: EncoderNetwork, passages: Sequence[Passage], *, speed: float) -> _Heard:
    spans = [
        (n, int(first / speed) // _FRAME_SAMPLES, -(-int(last / speed) // _FRAME_SAMPLES))
        for n, passage in enumerate(passages)
        for first, last in passage.stretches()
    ]
    stretches = cut(network.hear([_at(p.signal, speed=speed) for p in passages]), spans)
    emotions, female = network.judge(stretches.states, stretches.lengths)
    if network.space is None or speed != _AS_IT_IS:
        return _Heard(emotions, female, None, None)
    summaries = summarise(stretches.states, stretches.lengths)
    clear = network.clear(summaries)
    return _Heard(emotions, female, summaries.half(), None if clear is None else clear.double())


def _at(signal: NDArray[np.float32], *, speed: float) -> NDArray[np.float32]:
    """Return ``signal`` faster or slower, tempo and pitch together, at most 30 s of it."""
    if speed == _AS_IT_IS:
        return signal
    changed = soxr.resample(signal, SAMPLING_RATE * speed, SAMPLING_RATE)
    return np.asarray(changed[: MOST_FRAMES * _FRAME_SAMPLES], dtype=np.float32)

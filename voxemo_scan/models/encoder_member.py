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
from voxemo_scan.models.encoder import EncoderNetwork, States, cut
from voxemo_scan.models.head import MOMENT, summarise
from voxemo_scan.models.judgement import Judgement, Prints, join
from voxemo_scan.models.passage import Passage
from voxemo_scan.models.voiceprint import (
    VoiceSpace,
    frames_to_moments,
    summarise_moments,
    tile_moments,
)
from voxemo_scan.models.weights import EncoderDescription, TrainedNetwork
from voxemo_scan.models.whisper import FRAME_S, MOST_FRAMES

_FRAME_SAMPLES: Final = round(FRAME_S * SAMPLING_RATE)
_MOMENT_SAMPLES: Final = MOMENT * _FRAME_SAMPLES
_BATCH: Final = 8
_AS_IT_IS: Final = 1.0


class EncoderMember:
    """Encoder networks, their distributions averaged over all speeds at which they hear.

    A voice's gender is heard at its own speed alone: pitch tells of it, and goes with the speed.

    ``space`` is where the voices are told apart by what the first network's convolutions make.
    """

    def __init__(
        self, networks: Sequence[TrainedNetwork], *, space: VoiceSpace | None = None
    ) -> None:
        self.networks = tuple(networks)
        self.space = space
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
        return next((network for network in networks if network.listener is not None), None)

    def _judge(self, passages: Sequence[Passage]) -> list[Judgement]:
        heard = [
            _hear(cast(EncoderNetwork, each.network), passages, speed=speed)
            for each in self.networks
            for speed in cast(EncoderDescription, each.description).speeds
        ]
        emotions = torch.stack([each.emotions for each in heard]).mean(dim=0).double().cpu()
        as_spoken = [each.female for each in heard if each.speed == _AS_IT_IS] or [heard[0].female]
        female = torch.stack(as_spoken).mean(dim=0).double().cpu()
        projected, clear = _told(heard)
        prints = self._prints(heard[0].whole, passages)
        ends = np.cumsum([0, *(len(p.windows) for p in passages)])
        return [
            Judgement(
                emotions[first:last].numpy(),
                female[first:last].numpy(),
                own,
                None if projected is None else projected[first:last],
                None if clear is None else clear[first:last],
            )
            for (first, last), own in zip(pairwise(ends), prints, strict=True)
        ]

    def _prints(self, heard: States, passages: Sequence[Passage]) -> list[Prints | None]:
        """Return the prints of each passage's speech, from its first window to its last."""
        if self.space is None or heard.stem is None:
            return [None] * len(passages)
        spans = [
            (n, *span)
            for n, passage in enumerate(passages)
            for span in _print_spans(passage, frames=int(heard.lengths[n]))
        ]
        vectors = self.space.place(summarise_moments(heard.stem, heard.lengths, spans))
        own = np.array(spans)
        return [
            Prints(
                vectors[own[:, 0] == n],
                np.zeros(int((own[:, 0] == n).sum()), dtype=np.int64),
                own[own[:, 0] == n, 1:] * _MOMENT_SAMPLES,
                self.space.between,
            )
            for n in range(len(passages))
        ]


@dataclass(frozen=True)
class _Heard:
    """What a network heard in passages at some speed: ``whole``, and row by row in windows."""

    network: EncoderNetwork
    speed: float
    whole: States
    emotions: Tensor
    female: Tensor
    projected: Tensor | None
    clear: Tensor | None


def _told(
    heard: Sequence[_Heard],
) -> tuple[NDArray[np.float16] | None, NDArray[np.float64] | None]:
    """Return the windows as the first network that can adapt projects them, and how clear each is.

    float16, [windows, speeds, heads, inner], and float64, [windows]; None where it is not told.
    """
    own = [each for each in heard if each.projected is not None]
    own = [each for each in own if each.network is own[0].network]
    at_all_speeds = [each.projected for each in own if each.projected is not None]
    if not at_all_speeds:
        return None, None
    projected = torch.stack(at_all_speeds, dim=1).half().cpu().numpy()
    clear = next((each.clear for each in own if each.speed == _AS_IT_IS), None)
    return projected, None if clear is None else clear.double().cpu().numpy()


def _hear(network: EncoderNetwork, passages: Sequence[Passage], *, speed: float) -> _Heard:
    spans = [
        (n, int(first / speed) // _FRAME_SAMPLES, -(-int(last / speed) // _FRAME_SAMPLES))
        for n, passage in enumerate(passages)
        for first, last in passage.stretches()
    ]
    whole = network.hear([_at(p.signal, speed=speed) for p in passages])
    stretches = cut(whole, spans)
    emotions, female = network.judge(stretches.states, stretches.lengths)
    summaries = summarise(stretches.states, stretches.lengths)
    return _Heard(
        network, speed, whole, emotions, female, network.project(summaries),
        network.clear(summaries),
    )  # fmt: skip


def _at(signal: NDArray[np.float32], *, speed: float) -> NDArray[np.float32]:
    """Return ``signal`` faster or slower, tempo and pitch together, at most 30 s of it."""
    if speed == _AS_IT_IS:
        return signal
    changed = soxr.resample(signal, SAMPLING_RATE * speed, SAMPLING_RATE)
    return np.asarray(changed[: MOST_FRAMES * _FRAME_SAMPLES], dtype=np.float32)


def _print_spans(passage: Passage, *, frames: int) -> list[tuple[int, int]]:
    """Return the moments of each print of a passage's speech."""
    first, last = passage.windows[0][0], passage.windows[-1][1]
    start, end = frames_to_moments(
        first // _FRAME_SAMPLES, last // _FRAME_SAMPLES, most=-(-frames // MOMENT)
    )
    return tile_moments(start, end)

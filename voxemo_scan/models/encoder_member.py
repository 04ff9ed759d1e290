"""Encoder networks as a member: a passage is encoded once, its windows pooled from its frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

import numpy as np
import torch

from voxemo_scan.features.log_mel import SAMPLING_RATE
from voxemo_scan.models.encoder import EncoderNetwork, States, cut
from voxemo_scan.models.head import MOMENT
from voxemo_scan.models.judgement import Judgement, Prints, join_prints
from voxemo_scan.models.passage import Passage
from voxemo_scan.models.voiceprint import (
    VoiceSpace,
    frames_to_moments,
    summarise_moments,
    tile_moments,
)
from voxemo_scan.models.weights import TrainedNetwork
from voxemo_scan.models.whisper import FRAME_S

_FRAME_SAMPLES: Final = round(FRAME_S * SAMPLING_RATE)
_MOMENT_SAMPLES: Final = MOMENT * _FRAME_SAMPLES
_BATCH: Final = 8


class EncoderMember:
    """Encoder networks, their distributions averaged.

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
        parts = [made[n] for n in range(len(passages))]
        female = [part.female for part in parts if part.female is not None]
        return Judgement(
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate(female),
            join_prints([part.prints for part in parts]),
        )

    def _judge(self, passages: Sequence[Passage]) -> list[Judgement]:
        spans = [
            (n, first // _FRAME_SAMPLES, -(-last // _FRAME_SAMPLES))
            for n, passage in enumerate(passages)
            for first, last in passage.stretches()
        ]
        emotions, female = [], []
        prints: list[Prints | None] = []
        for trained in self.networks:
            network = cast(EncoderNetwork, trained.network)
            heard = network.hear([p.signal for p in passages])
            prints = prints or self._prints(heard, passages)
            stretches = cut(heard, spans)
            said, voice = network.judge(stretches.states, stretches.lengths)
            emotions.append(said)
            female.append(voice)
        mean = torch.stack(emotions).mean(dim=0).double().cpu().numpy()
        voices = torch.stack(female).mean(dim=0).double().cpu().numpy()
        ends = np.cumsum([len(p.windows) for p in passages])[:-1]
        return [
            Judgement(rows, genders, own)
            for rows, genders, own in zip(
                np.split(mean, ends), np.split(voices, ends), prints, strict=True
            )
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


def _print_spans(passage: Passage, *, frames: int) -> list[tuple[int, int]]:
    """Return the moments of each print of a passage's speech."""
    first, last = passage.windows[0][0], passage.windows[-1][1]
    start, end = frames_to_moments(
        first // _FRAME_SAMPLES, last // _FRAME_SAMPLES, most=-(-frames // MOMENT)
    )
    return tile_moments(start, end)

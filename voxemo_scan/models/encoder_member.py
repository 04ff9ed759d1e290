"""Encoder networks as a member: a passage is encoded once, its windows pooled from its frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final, cast

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxemo_scan.features.log_mel import SAMPLING_RATE
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import MOMENT
from voxemo_scan.models.judgement import Judgement, Prints
from voxemo_scan.models.passage import Passage
from voxemo_scan.models.quick import Heard, Piece, QuickNetwork
from voxemo_scan.models.threads import in_threads, one_thread
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
_AS_IT_IS: Final = 1.0
_TOGETHER_S: Final = 9.0
"""Seconds of passages that are encoded together; a longer passage is by itself."""


_Spoken = tuple[NDArray[np.float32], NDArray[np.int64]]
"""Summaries that a passage's prints are made of, and the samples that each is of, [prints, 2]."""


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

        Short passages are encoded together, in one of as many threads as torch may use: neither its
        company nor the number of threads changes what is heard in one.
        """
        ears = self._ears  # made before threads need them
        heard_together = in_threads(self._listen, _together(passages))
        found = [each for some in heard_together for each in some]
        heard = list(zip(ears, zip(*(each for each, _ in found), strict=True), strict=True))
        with one_thread():
            said = [ear.decide(each) for ear, each in heard]
            projected, clear = _told(heard)
        emotions = torch.stack([emotion for emotion, _ in said]).mean(dim=0)
        as_spoken = [female for ear, (_, female) in zip(ears, said, strict=True) if ear.as_it_is]
        return Judgement(
            emotions.double().cpu().numpy(),
            torch.stack(as_spoken or [said[0][1]]).mean(dim=0).double().cpu().numpy(),
            self._prints([spoken for _, spoken in found]),
            projected,
            clear,
        )

    @cached_property
    def _ears(self) -> list[_Ear]:
        """Return each network with each speed at which it hears."""
        ears = []
        for each in self.networks:
            quick = QuickNetwork(cast(EncoderNetwork, each.network))
            speeds = cast(EncoderDescription, each.description).speeds
            ears += [_Ear(quick, speed) for speed in speeds]
        return ears

    def _listen(self, passages: Sequence[Passage]) -> list[tuple[list[Heard], _Spoken | None]]:
        """Return what each network hears in passages at each speed, and what prints are of."""
        heard: list[list[Heard]] = [[] for _ in passages]
        for quick, group in groupby(self._ears, key=lambda ear: ear.quick):
            ears = list(group)
            pieces = [[ear.piece(passage) for ear in ears] for passage in passages]
            for mine, found in zip(heard, quick.listen(*pieces), strict=True):
                mine.extend(found)
        return [(mine, self._spoken(p, mine[0])) for p, mine in zip(passages, heard, strict=True)]

    def _spoken(self, passage: Passage, heard: Heard) -> _Spoken | None:
        if self.space is None:
            return None
        stem = heard.stem
        spans = _print_spans(passage, frames=len(stem))
        length = torch.tensor([len(stem)], device=stem.device)
        summaries = summarise_moments(stem[None], length, [(0, *span) for span in spans])
        return summaries, np.array(spans) * _MOMENT_SAMPLES

    @property
    def adaptive(self) -> EncoderNetwork | None:
        """Return the network that hears a voice's windows beside one another, if any."""
        networks = [cast(EncoderNetwork, each.network) for each in self.networks]
        return next((network for network in networks if network.listener is not None), None)

    def _prints(self, spoken: Sequence[_Spoken | None]) -> Prints | None:
        """Return the prints of passages' speech, each from its first window to its last."""
        known = [each for each in spoken if each is not None]
        if self.space is None or not known:
            return None
        return Prints(
            self.space.place(np.concatenate([summaries for summaries, _ in known])),
            np.repeat(np.arange(len(known)), [len(spans) for _, spans in known]),
            np.concatenate([spans for _, spans in known]),
            self.space.between,
        )


@dataclass(frozen=True, slots=True)
class _Ear:
    """A network and a speed at which it hears."""

    quick: QuickNetwork
    speed: float

    @property
    def as_it_is(self) -> bool:
        """Return whether it hears signals at their own speed."""
        return self.speed == _AS_IT_IS

    def piece(self, passage: Passage) -> Piece:
        """Return a passage as it is heard, and what of it its windows are judged by."""
        spans = [
            (
                int(first / self.speed) // _FRAME_SAMPLES,
                -(-int(last / self.speed) // _FRAME_SAMPLES),
            )
            for first, last in passage.stretches()
        ]
        return Piece(_at(passage.signal, speed=self.speed), spans)

    def decide(self, heard: Sequence[Heard]) -> tuple[Tensor, Tensor]:
        """Return the windows' distributions and how likely each voice is a woman's."""
        deep = [
            (torch.cat([logits for logits, _ in said]), torch.cat([logit for _, logit in said]))
            for said in zip(*(each.deep for each in heard), strict=True)
        ]
        return self.quick.network.decide(_summaries(heard), deep)


def _together(passages: Sequence[Passage]) -> list[list[Passage]]:
    """Return passages in groups that are encoded together: as many as ``_TOGETHER_S`` hold."""
    groups: list[list[Passage]] = []
    room = 0
    for passage in passages:
        if room < len(passage.signal):
            groups.append([])
            room = round(_TOGETHER_S * SAMPLING_RATE)
        groups[-1].append(passage)
        room -= len(passage.signal)
    return groups


def _summaries(heard: Sequence[Heard]) -> Tensor:
    return torch.cat([each.summaries for each in heard])


def _told(
    heard: Sequence[tuple[_Ear, Sequence[Heard]]],
) -> tuple[NDArray[np.float16] | None, NDArray[np.float64] | None]:
    """Return the windows as the first network that can adapt projects them, and how clear each is.

    float16, [windows, speeds, numbers], and float64, [windows]; None where it is not told.
    """
    able = [(ear, each) for ear, each in heard if ear.quick.network.listener is not None]
    if not able:
        return None, None
    network = able[0][0].quick.network
    projected: list[Tensor] = []
    clear = None
    for ear, each in able:
        if ear.quick.network is not network:
            continue
        summaries = _summaries(each)
        projected.append(cast(Tensor, network.project(summaries)))
        if ear.as_it_is:
            clear = network.clear(summaries)
    stacked = torch.stack(projected, dim=1).half().cpu().numpy()
    return stacked, None if clear is None else clear.double().cpu().numpy()


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

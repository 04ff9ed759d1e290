"""The ensemble: members that judge the same windows, their distributions combined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from voxemo_scan.models.classic_member import ClassicMember
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.encoder_member import EncoderMember
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.models.judgement import AS_IT_IS, Calibration, Judgement, tempered
from voxemo_scan.models.passage import Passage
from voxemo_scan.models.threads import one_thread
from voxemo_scan.models.voiceprint import VoiceSpace
from voxemo_scan.models.weights import TrainedNetwork


class Member(Protocol):
    """What an ensemble is made of."""

    networks: tuple[TrainedNetwork, ...]

    @property
    def labels(self) -> int:
        """How many emotions it tells apart."""

    def judge(self, passages: Sequence[Passage]) -> Judgement:
        """Return what it hears in the passages' windows, one after the other."""


@dataclass(frozen=True)
class Voice:
    """A member's part in an ensemble.

    ``weight`` is its share of the mean; ``temperature`` is what its own distributions are
    raised by (see ``tempered``) before.
    """

    member: Member
    weight: float = 1.0
    temperature: float = 1.0


class Ensemble:
    """Members whose distributions are averaged; one of no weight is not asked.

    The temperature of ``calibration`` sharpens (below 1) or softens (above 1) the average so that
    its confidence matches how often it is right (Guo et al. 2017), and its leanings are the log
    odds by which the average still leans to each label, taken off (bias-corrected temperature
    scaling: Alexandari, Kundaje and Shrikumar 2020); both are fitted on validation data.
    ``adapted`` is the same for what is heard of a voice's windows beside one another.
    ``speech_level_db`` is the level of the speech that the members learned from, to which a
    recording's speech is best brought; None where it is not known.
    """

    def __init__(
        self,
        voices: Sequence[Voice],
        *,
        info: ModelInfo,
        calibration: Calibration = AS_IT_IS,
        adapted: Calibration = AS_IT_IS,
        speech_level_db: float | None = None,
    ) -> None:
        if not voices:
            raise ValueError("an ensemble needs a member")
        if len({voice.member.labels for voice in voices}) > 1:
            raise ValueError("the members of an ensemble must tell the same emotions apart")
        self.voices = tuple(voices)
        self.info = info
        self.calibration, self.adapted = calibration, adapted
        self.speech_level_db = speech_level_db

    @property
    def networks(self) -> tuple[TrainedNetwork, ...]:
        """Return the members' networks."""
        return tuple(n for voice in self.voices for n in voice.member.networks)

    @property
    def labels(self) -> int:
        """Return how many emotions it tells apart."""
        return self.voices[0].member.labels

    @property
    def window_s(self) -> float:
        """Return the seconds of a window that its members judge best."""
        return WINDOW_S

    @property
    def parameters(self) -> int:
        """Return how many trained numbers the members have together."""
        return sum(p.numel() for n in self.networks for p in n.network.parameters())

    def to(self, device: torch.device) -> Ensemble:
        """Move all networks to ``device`` and return the ensemble."""
        for trained in self.networks:
            trained.network.to(device)
        return self

    def judge(self, passages: Sequence[Passage]) -> Judgement:
        """Return what is heard in the passages' windows, one after the other."""
        voices = [voice for voice in self.voices if voice.weight > 0] or list(self.voices)
        with torch.inference_mode():
            heard = [voice.member.judge(passages) for voice in voices]
        weights = np.array([voice.weight for voice in voices])
        weights = weights / weights.sum()
        mean = sum(
            weight * tempered(each.probabilities, temperature=voice.temperature)
            for weight, voice, each in zip(weights, voices, heard, strict=True)
        )
        said = self.calibration.of(np.asarray(mean))
        encoders = [
            each
            for voice, each in zip(voices, heard, strict=True)
            if isinstance(voice.member, EncoderMember)
        ]
        beside = encoders[0] if encoders else heard[0]
        return replace(beside, probabilities=said, female=_female(heard, weights))

    @property
    def adaptive(self) -> EncoderNetwork | None:
        """Return the network that hears a voice's windows beside one another, if any."""
        encoders = [v.member for v in self.voices if isinstance(v.member, EncoderMember)]
        return next((e.adaptive for e in encoders if e.adaptive is not None), None)

    def adapt(self, heard: Judgement, voices: NDArray[np.int64]) -> Judgement:
        """Return what is heard in windows when each is heard beside the others of its voice.

        Args:
            heard: what ``judge`` returned of all windows; one that tells no voices is given back.
            voices: [windows], each one's voice, counted from 0, or -1 if it is not known: such a
                window stays as it was heard, and so does a voice's only one.
        """
        network, projected = self.adaptive, heard.projected
        if network is None or projected is None:
            return heard
        probabilities = heard.probabilities.copy()
        for voice in np.unique(voices[voices >= 0]):
            own = np.flatnonzero(voices == voice)
            if len(own) == 1:
                continue
            with one_thread(), torch.inference_mode():
                said = network.judge_voice(
                    torch.from_numpy(projected[own]).float().to(network.device),
                    torch.from_numpy(heard.probabilities[own]).float().to(network.device),
                )
            probabilities[own] = self.adapted.of(said.double().cpu().numpy())
        return replace(heard, probabilities=probabilities)


WINDOW_S = 2.24


def group(
    networks: Sequence[TrainedNetwork], *, space: VoiceSpace | None = None
) -> Mapping[str, Member]:
    """Return the members that networks make: the classic ones together, the encoders together.

    ``space`` is where encoders tell voices apart, if they are to.
    """
    classic = [n for n in networks if n.description.kind == "classic"]
    encoders = [n for n in networks if n.description.kind == "encoder"]
    members: dict[str, Member] = {}
    if classic:
        members["classic"] = ClassicMember(classic)
    if encoders:
        members["encoder"] = EncoderMember(encoders, space=space)
    return members


def _female(heard: Sequence[Judgement], weights: NDArray[np.float64]) -> NDArray[np.float64] | None:
    known = [(w, each.female) for w, each in zip(weights, heard, strict=True)]
    told = [(w, female) for w, female in known if female is not None]
    if not told:
        return None
    total = sum(w for w, _ in told)
    return np.asarray(sum(w * female for w, female in told) / total)

"""The ensemble: members that judge the same windows, their distributions combined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from voxemo_scan.models.classic_member import ClassicMember
from voxemo_scan.models.encoder_member import EncoderMember
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.models.judgement import Judgement, tempered
from voxemo_scan.models.passage import Passage
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
    """Members whose distributions are averaged.

    ``temperature`` sharpens (below 1) or softens (above 1) the average so that its confidence
    matches how often it is right (Guo et al. 2017), and ``leanings`` are the log odds by which it
    still leans to each label, taken off (bias-corrected temperature scaling: Alexandari, Kundaje
    and Shrikumar 2020); both are fitted on validation data.
    ``speech_level_db`` is the level of the speech that the members learned from, to which a
    recording's speech is best brought; None where it is not known.
    """

    def __init__(
        self,
        voices: Sequence[Voice],
        *,
        info: ModelInfo,
        temperature: float = 1.0,
        leanings: Sequence[float] = (),
        speech_level_db: float | None = None,
    ) -> None:
        if not voices:
            raise ValueError("an ensemble needs a member")
        if len({voice.member.labels for voice in voices}) > 1:
            raise ValueError("the members of an ensemble must tell the same emotions apart")
        self.voices = tuple(voices)
        self.info = info
        self.temperature = temperature
        self.leanings = tuple(leanings)
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
        with torch.inference_mode():
            heard = [voice.member.judge(passages) for voice in self.voices]
        weights = np.array([voice.weight for voice in self.voices])
        weights = weights / weights.sum()
        mean = sum(
            weight * tempered(each.probabilities, temperature=voice.temperature)
            for weight, voice, each in zip(weights, self.voices, heard, strict=True)
        )
        said = tempered(np.asarray(mean), temperature=self.temperature, leanings=self.leanings)
        prints = next((each.prints for each in heard if each.prints is not None), None)
        return Judgement(said, _female(heard, weights), prints)


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

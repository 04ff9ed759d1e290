"""Clips at other levels than recorded: how much of what a network hears is loudness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.level import gain, level_db
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.signals import ClipKey, clip_key

Levelling = Literal["recorded", "clip", "speaker"]
LEVELLINGS: Final[tuple[Levelling, ...]] = get_args(Levelling)


class SpeechOf(Protocol):
    """Where the speech of clips is had from."""

    def of(self, utterance: Utterance) -> NDArray[np.float32]:
        """Return the clip's speech, float32, [samples], -1..1."""

    def clip(self, utterance: Utterance) -> Clip:
        """Return the whole clip and where its speech lies."""


@dataclass(frozen=True)
class Levelled:
    """Clips' speech, each multiplied by the factor of its clip."""

    speech: SpeechOf
    factors: dict[ClipKey, np.float32]

    def of(self, utterance: Utterance) -> NDArray[np.float32]:
        """Return the clip's speech at its new level."""
        return self.factors[clip_key(utterance)] * self.speech.of(utterance)

    def clip(self, utterance: Utterance) -> Clip:
        """Return the whole clip at its new level."""
        clip = self.speech.clip(utterance)
        return replace(clip, signal=self.factors[clip_key(utterance)] * clip.signal)


def at_level(
    speech: SpeechOf,
    utterances: Sequence[Utterance],
    *,
    levelling: Levelling,
    target_db: float,
    gain_db: float = 0.0,
) -> Levelled:
    """Return the clips ``gain_db`` louder, then brought to ``target_db`` as ``levelling`` says.

    ``clip`` brings each clip there by itself, ``speaker`` all of a speaker's clips together, which
    is what a scan does to a scene of one voice; ``recorded`` none.
    """
    own: dict[str, Callable[[Utterance], str]] = {
        "clip": lambda u: f"{u.corpus} {u.clip}",
        "speaker": lambda u: f"{u.corpus} {u.speaker}",
    }
    louder = gain(from_db=0.0, to_db=gain_db)
    if levelling == "recorded":
        return Levelled(speech, {clip_key(u): louder for u in utterances})
    groups: dict[str, list[Utterance]] = defaultdict(list)
    for utterance in utterances:
        groups[own[levelling](utterance)].append(utterance)
    factors: dict[ClipKey, np.float32] = {}
    for group in groups.values():
        found_db = level_db(louder * speech.of(u) for u in group)
        factors |= {clip_key(u): louder * gain(from_db=found_db, to_db=target_db) for u in group}
    return Levelled(speech, factors)

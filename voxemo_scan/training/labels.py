"""The labels that corpora give their clips, and the sets of them that models tell apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import UsageError

Label = Literal["neutral", "happy", "sad", "angry", "fear", "disgust", "surprised", "calm", "bored"]
LABELS: Final[tuple[Label, ...]] = get_args(Label)


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The labels that a model tells apart, in order; its first six are always ``EMOTIONS``."""

    labels: tuple[Label, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def index(self, label: Label) -> int | None:
        """Return the label's place, None if this set leaves its clips out.

        Where calm has no place of its own it counts as neutral.
        """
        if label == "calm" and "calm" not in self.labels:
            label = "neutral"
        return self.labels.index(label) if label in self.labels else None

    def targets(self, labels: Iterable[Label]) -> NDArray[np.int64]:
        """Return the places of clips' labels, int64, [clips].

        Raises:
            ValueError: the set leaves one of them out.
        """
        places = []
        for label in labels:
            place = self.index(label)
            if place is None:
                raise ValueError(f"{label} is none of {', '.join(self.labels)}")
            places.append(place)
        return np.array(places, dtype=np.int64)


SIX: Final = LabelSet(EMOTIONS)
SEVEN: Final = LabelSet((*EMOTIONS, "surprised"))
EIGHT: Final = LabelSet((*EMOTIONS, "surprised", "calm"))

_BY_COUNT: Final = {len(labels): labels for labels in (SIX, SEVEN, EIGHT)}


def label_set(count: int) -> LabelSet:
    """Return the set of six, seven (with surprised) or eight (with surprised and calm) labels.

    Raises:
        UsageError: there is no set of so many.
    """
    if count not in _BY_COUNT:
        raise UsageError(f"there is no set of {count} labels", remedy="choose 6, 7 or 8")
    return _BY_COUNT[count]

"""What people call labels, genders and intensities in corpora of their own."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final, get_args

from voxemo_scan.emotions import emotion_names, parse_emotion
from voxemo_scan.scan.result import Gender
from voxemo_scan.training.corpora.utterance import Intensity
from voxemo_scan.training.labels import LABELS, Label

_MORE_ALIASES: Final[dict[str, Label]] = {
    "anxiety": "fear",
    "ps": "surprised",
    "sur": "surprised",
    "surprise": "surprised",
    "pleasant surprise": "surprised",
    "pleasant surprised": "surprised",
    "bor": "bored",
    "boredom": "bored",
}
GENDERS: Final[dict[str, Gender]] = {
    "female": "female", "f": "female", "woman": "female",
    "male": "male", "m": "male", "man": "male",
}  # fmt: skip
INTENSITIES: Final[tuple[Intensity, ...]] = get_args(Intensity)


def find_label(text: str) -> Label | None:
    """Return the label that ``text`` means in any case, None if it means none."""
    word = _plain(text)
    for label in LABELS:
        if word == label:
            return label
    if word in _MORE_ALIASES:
        return _MORE_ALIASES[word]
    try:
        return parse_emotion(word)
    except ValueError:
        return None


def suggest_label(text: str) -> str:
    """Return ``, did you mean x?`` where ``text`` is nearly the name of a label, else nothing."""
    names = {*LABELS, *_MORE_ALIASES, *emotion_names()}
    near = get_close_matches(_plain(text), sorted(names), n=1, cutoff=0.7)
    return f", did you mean {near[0]}?" if near else ""


def _plain(text: str) -> str:
    return text.strip().lower().replace("_", " ").replace("-", " ")

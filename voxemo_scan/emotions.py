"""The six emotions, their order, and the names by which corpora and people call them."""

from __future__ import annotations

from typing import Final, Literal, get_args

Emotion = Literal["neutral", "happy", "sad", "angry", "fear", "disgust"]

EMOTIONS: Final[tuple[Emotion, ...]] = get_args(Emotion)
"""The six emotions in the order of every distribution, table and figure."""

_ALIASES: Final[dict[str, Emotion]] = {
    "neu": "neutral",
    "neutrality": "neutral",
    "calm": "neutral",
    "hap": "happy",
    "happiness": "happy",
    "joy": "happy",
    "sadness": "sad",
    "ang": "angry",
    "anger": "angry",
    "fea": "fear",
    "fearful": "fear",
    "afraid": "fear",
    "dis": "disgust",
    "disgusted": "disgust",
}


def parse_emotion(name: str) -> Emotion:
    """Return the emotion that ``name`` or one of its aliases means, in any case.

    Raises:
        ValueError: unknown name; the message lists the valid ones.
    """
    key = name.strip().lower()
    for emotion in EMOTIONS:
        if key == emotion:
            return emotion
    if key in _ALIASES:
        return _ALIASES[key]
    raise ValueError(f"unknown emotion {name!r}; choose from {', '.join(EMOTIONS)}")


def emotion_names() -> tuple[str, ...]:
    """Return every accepted spelling, canonical names first (for suggestions)."""
    return (*EMOTIONS, *_ALIASES)

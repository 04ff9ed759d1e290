"""The kinds of value that a manifest holds, each with its reader and its JSON Schema."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from voxemo_scan.emotions import EMOTIONS, Emotion, emotion_names, parse_emotion
from voxemo_scan.manifest.mistake import MistakeError, MistakesError, closest, quoted
from voxemo_scan.manifest.names import ID_PATTERN, RESERVED, parse_id
from voxemo_scan.manifest.share import SHARE_PATTERN, parse_share
from voxemo_scan.manifest.source import LONGEST_SOURCE, parse_source
from voxemo_scan.manifest.timecode import LONGEST_S, TIMECODE_PATTERN, parse_timecode

LONGEST_LINE: Final = 300
LONGEST_TEXT: Final = 2000


def read_emotion(value: Any) -> Emotion:
    """Return the emotion that ``value`` names.

    Raises:
        MistakeError: no emotion, with the nearest as suggestion.
    """
    text = _text(value, "an emotion")
    try:
        return parse_emotion(text)
    except ValueError as error:
        names = [part.strip() for part in text.split(",")]
        if len(names) > 1 and all(closest(name, emotion_names()) for name in names):
            raise MistakeError(
                "several emotions are a list", suggestion=f"[{text.strip()}]"
            ) from error
        near = closest(text, emotion_names())
        choices = "" if near else f"; choose from {', '.join(EMOTIONS)}"
        raise MistakeError(f"unknown emotion {quoted(text)}{choices}", suggestion=near) from error


def _text(value: Any, what: str) -> str:
    if isinstance(value, str):
        return value
    kinds = {dict: "a mapping", list: "a list", type(None): "nothing"}
    raise MistakeError(f"here stands {kinds.get(type(value), 'something else')}, not {what}")


def _printable(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"}:
            raise MistakeError(f"holds the control character U+{ord(character):04X}")
    return text


def _joined(text: str, longest: int) -> str:
    line = _printable(" ".join(text.split()))
    if not line:
        raise MistakeError("is empty")
    if len(line) > longest:
        raise MistakeError(f"is longer than {longest} characters")
    return line


def _line(text: str) -> str:
    return _joined(text, LONGEST_LINE)


def _any_text(text: str) -> str:
    return _joined(text, LONGEST_TEXT)


def _source(text: str) -> str:
    return parse_source(_printable(text))


def _time(value: Any) -> float:
    return parse_timecode(_text(value, "a time"))


def _share(value: Any) -> float:
    return parse_share(_text(value, "a share"))


def _one_or_more(value: Any) -> Any:
    if isinstance(value, list) and len(value) > len(emotion_names()):
        raise MistakeError("here stand more emotions than there are")
    return [value] if isinstance(value, str) else value


def _without_repeats(emotions: tuple[Emotion, ...]) -> tuple[Emotion, ...]:
    return tuple(dict.fromkeys(emotions))


def _shares(value: Any) -> dict[Emotion, float]:
    if not isinstance(value, dict):
        raise MistakeError("here must stand emotions with their shares", suggestion="{angry: 30%}")
    if len(value) > len(emotion_names()):
        raise MistakeError("here stand more emotions than there are")
    shares: dict[Emotion, float] = {}
    names: dict[Emotion, str] = {}
    mistakes: list[MistakeError] = []
    for name, text in value.items():
        try:
            emotion = read_emotion(name)
        except MistakeError as mistake:
            mistakes.append(mistake.under(name, on_key=True))
            continue
        if emotion in names:
            twice = f"{quoted(name)} and {quoted(names[emotion])} are one emotion"
            mistakes.append(MistakeError(twice, at=name, on_key=True))
        names[emotion] = name
        try:
            shares[emotion] = _share(text)
        except MistakeError as mistake:
            mistakes.append(mistake.under(name, on_key=False))
    if mistakes:
        raise MistakesError(mistakes)
    return shares


_TIME_SCHEMA: Final = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": LONGEST_S},
        {"type": "string", "pattern": TIMECODE_PATTERN},
    ],
    "examples": ["0:39", "1:02:03.5", 39],
}
SHARE_SCHEMA: Final[dict[str, Any]] = {
    "anyOf": [
        {"type": "string", "pattern": SHARE_PATTERN},
        {"type": "number", "minimum": 0, "maximum": 1},
    ],
    "examples": ["30%"],
}
_SHARES_SCHEMA: Final = {
    "type": "object",
    "properties": dict.fromkeys(emotion_names(), SHARE_SCHEMA),
    "additionalProperties": False,
    "examples": [{"angry": "30%"}],
}
EMOTION_SCHEMA: Final[dict[str, Any]] = {"type": "string", "enum": list(emotion_names())}
_DOMINANT_SCHEMA: Final = {
    "anyOf": [EMOTION_SCHEMA, {"type": "array", "items": EMOTION_SCHEMA, "minItems": 1}],
    "examples": ["angry", ["angry", "disgust"]],
}
_ID_SCHEMA: Final = {
    "type": "string",
    "pattern": ID_PATTERN,
    "not": {"enum": sorted(RESERVED)},
    "examples": ["a-few-good-men"],
}
_SOURCE_SCHEMA: Final = {
    "type": "string",
    "minLength": 1,
    "maxLength": LONGEST_SOURCE,
    "pattern": r"^([Hh][Tt][Tt][Pp][Ss]?://[^\s]+|(?![A-Za-z][A-Za-z0-9+.-]+:).+)$",
    "examples": ["https://youtu.be/9FnO3igOkOk?t=39", "../clips/scene.mp4"],
}


def _text_schema(longest: int) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "number"], "pattern": r"\S", "maxLength": longest})


SceneId = Annotated[str, AfterValidator(parse_id), WithJsonSchema(_ID_SCHEMA)]
Line = Annotated[str, AfterValidator(_line), _text_schema(LONGEST_LINE)]
AnyText = Annotated[str, AfterValidator(_any_text), _text_schema(LONGEST_TEXT)]
Source = Annotated[str, AfterValidator(_source), WithJsonSchema(_SOURCE_SCHEMA)]
Time = Annotated[float, BeforeValidator(_time), WithJsonSchema(_TIME_SCHEMA)]
Share = Annotated[float, BeforeValidator(_share), WithJsonSchema(SHARE_SCHEMA)]
Shares = Annotated[dict[Emotion, float], BeforeValidator(_shares), WithJsonSchema(_SHARES_SCHEMA)]
Dominant = Annotated[
    tuple[Annotated[Emotion, BeforeValidator(read_emotion)], ...],
    BeforeValidator(_one_or_more),
    AfterValidator(_without_repeats),
    WithJsonSchema(_DOMINANT_SCHEMA),
]

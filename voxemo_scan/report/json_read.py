"""Reads ``report.json``'s values back, and says where they are not what they should be."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar, get_args

from voxemo_scan.check.verdict import CheckResult, Verdict
from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.scan.result import (
    Gender,
    SceneResult,
    Speaker,
    Status,
    Turn,
    WindowResult,
)

T = TypeVar("T")
Reader = Callable[[Any, str], T]


def report_from(value: Any) -> Report:
    """Return the report that ``value`` holds.

    Raises:
        ValueError: something is missing or of another kind; the message says where.
    """
    manifest = _field(value, "manifest", _dict)
    return Report(
        manifest_name=_field(manifest, "name", _text, at="manifest"),
        manifest_path=_field(manifest, "path", _text, at="manifest"),
        created=_field(value, "created", _text),
        version=_field(value, "voxemo_scan", _text),
        model=_field(value, "model", _model),
        parameters=_field(value, "parameters", _dict),
        scenes=_field(value, "scenes", _many(_scene)),
    )


def _model(value: Any, at: str) -> ModelInfo:
    return ModelInfo(
        name=_field(value, "name", _text, at=at),
        version=_field(value, "version", _text, at=at),
        sha256=_field(value, "sha256", _table(_text), at=at),
    )


def _scene(value: Any, at: str) -> ReportScene:
    return ReportScene(
        result=_result(value, at),
        checks=_field(value, "checks", _many(_check), at=at),
        verdict=_field(value, "verdict", _one_of(Verdict), at=at),
        published=_field(value, "published", _table(_number, keys=Emotion), at=at, default={}),
        known_failure=_field(value, "known_failure", _text, at=at, default=None),
    )


def _result(value: Any, at: str) -> SceneResult:
    return SceneResult(
        id=_field(value, "id", _text, at=at),
        title=_field(value, "title", _text, at=at),
        source=_field(value, "source", _text, at=at),
        status=_field(value, "status", _one_of(Status), at=at),
        film=_field(value, "film", _text, at=at, default=None),
        range_start_s=_field(value, "range_start_s", _number, at=at),
        range_end_s=_field(value, "range_end_s", _number, at=at, default=None),
        duration_s=_field(value, "duration_s", _number, at=at),
        speech_s=_field(value, "speech_s", _number, at=at),
        abstained_s=_field(value, "abstained_s", _number, at=at),
        shares=_field(value, "shares", _distribution, at=at, default={}),
        share_ci=_field(value, "share_ci", _table(_pair, keys=Emotion), at=at, default={}),
        mean_shares=_field(value, "mean_shares", _distribution, at=at, default={}),
        dominant=_field(value, "dominant", _one_of(Emotion), at=at, default=None),
        voices=_field(value, "voices", _table(_number, keys=Gender), at=at, default={}),
        segments=_field(value, "segments", _many(_segment), at=at),
        windows=_field(value, "windows", _many(_window), at=at),
        speakers=_field(value, "speakers", _many(_speaker), at=at, default=()),
        turns=_field(value, "turns", _many(_turn), at=at, default=()),
        untold=_field(value, "untold", _text, at=at, default=None),
        error=_field(value, "error", _text, at=at, default=None),
        remedy=_field(value, "remedy", _text, at=at, default=None),
    )


def _check(value: Any, at: str) -> CheckResult:
    return CheckResult(
        rule=_field(value, "rule", _text, at=at),
        passed=_field(value, "passed", _bool, at=at),
        expected=_field(value, "expected", _text, at=at),
        found=_field(value, "found", _text, at=at),
        line=_field(value, "line", _int, at=at),
    )


def _segment(value: Any, at: str) -> tuple[float, float]:
    return _field(value, "start_s", _number, at=at), _field(value, "end_s", _number, at=at)


def _window(value: Any, at: str) -> WindowResult:
    heard = _field(value, "probabilities", _dict, at=at)
    return WindowResult(
        start_s=_field(value, "start_s", _number, at=at),
        end_s=_field(value, "end_s", _number, at=at),
        probabilities=tuple(_distribution(heard, f"{at}.probabilities").values()),
        female=_field(value, "female", _number, at=at),
        voice=_field(value, "voice", _text, at=at, default=None),
    )


def _speaker(value: Any, at: str) -> Speaker:
    return Speaker(
        id=_field(value, "id", _text, at=at),
        gender=_field(value, "gender", _one_of(Gender), at=at, default=None),
        female=_field(value, "female", _number, at=at),
        speech_s=_field(value, "speech_s", _number, at=at),
        shares=_field(value, "shares", _distribution, at=at),
        confidence=_field(value, "confidence", _number, at=at),
    )


def _turn(value: Any, at: str) -> Turn:
    start_s, end_s = _segment(value, at)
    return Turn(start_s, end_s, _field(value, "voice", _text, at=at))


def _distribution(value: Any, at: str) -> dict[Emotion, float]:
    figures = _table(_number, keys=Emotion)(value, at)
    return {emotion: _field(figures, emotion, _number, at=at) for emotion in EMOTIONS}


_REQUIRED: Any = object()


def _field(
    value: Any, key: str, read: Reader[T], *, at: str = "", default: Any = _REQUIRED
) -> T | Any:
    """Read ``value[key]``; a missing or null one is ``default`` where there is a default."""
    where = f"{at}.{key}" if at else key
    found = _dict(value, at or "the report").get(key)
    if found is None and default is not _REQUIRED:
        return default
    if found is None:
        raise ValueError(f"{where} is missing")
    return read(found, where)


def _many(read: Reader[T]) -> Reader[tuple[T, ...]]:
    def all_of(value: Any, at: str) -> tuple[T, ...]:
        items = _kind(value, at, list, "a list")
        return tuple(read(item, f"{at}[{index}]") for index, item in enumerate(items))

    return all_of


def _table(read: Reader[T], *, keys: Any = None) -> Reader[dict[Any, T]]:
    def all_of(value: Any, at: str) -> dict[Any, T]:
        items = _dict(value, at)
        for key in items:
            if keys is not None:
                _one_of(keys)(key, f"a key of {at}")
        return {key: read(item, f"{at}.{key}") for key, item in items.items()}

    return all_of


def _one_of(literal: Any) -> Reader[Any]:
    def choice(value: Any, at: str) -> Any:
        if value not in get_args(literal):
            raise ValueError(f"{at} is {value!r}, not one of {', '.join(get_args(literal))}")
        return value

    return choice


def _pair(value: Any, at: str) -> tuple[float, float]:
    if len(_kind(value, at, list, "a list")) != 2:
        raise ValueError(f"{at} is not a low and a high end")
    return _number(value[0], f"{at}[0]"), _number(value[1], f"{at}[1]")


def _number(value: Any, at: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{at} is not a number")
    if not abs(value) <= sys.float_info.max:
        raise ValueError(f"{at} is not a finite number")
    return float(value)


def _int(value: Any, at: str) -> int:
    if isinstance(value, bool):
        raise ValueError(f"{at} is not a whole number")
    return int(_kind(value, at, int, "a whole number"))


def _bool(value: Any, at: str) -> bool:
    return bool(_kind(value, at, bool, "true or false"))


def _text(value: Any, at: str) -> str:
    return str(_kind(value, at, str, "text"))


def _dict(value: Any, at: str) -> dict[str, Any]:
    table: dict[str, Any] = _kind(value, at, dict, "an object")
    return table


def _kind(value: Any, at: str, kind: type, name: str) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{at} is not {name}")
    return value

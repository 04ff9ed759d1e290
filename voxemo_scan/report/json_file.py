"""``report.json``: the report for other programs, schema ``voxemo-scan/report/1``.

``report.schema.json`` beside this module describes it. Nothing is rounded: what is written and
read again is equal to what was there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from voxemo_scan.check.verdict import CheckResult
from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.errors import UsageError
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.report.document import JSON, Report, ReportScene
from voxemo_scan.report.json_read import report_from
from voxemo_scan.scan.result import SceneResult, Speaker, WindowResult

SCHEMA: Final = "voxemo-scan/report/1"
FILE_NAME: Final = "report.json"


def to_json(report: Report) -> dict[str, JSON]:
    """Return the report as JSON values."""
    return {
        "schema": SCHEMA,
        "voxemo_scan": report.version,
        "created": report.created,
        "manifest": {"name": report.manifest_name, "path": report.manifest_path},
        "model": _model_item(report.model),
        "parameters": dict(report.parameters),
        "scenes": [scene_item(scene) for scene in report.scenes],
    }


def scene_item(scene: ReportScene) -> dict[str, JSON]:
    """Return one scene as JSON values.

    ``shares``, ``share_ci``, ``mean_shares`` (the plain means), ``dominant`` and ``voices`` are
    there only when ``status`` is ``ok``; ``film``, ``error``, ``remedy``, ``known_failure`` and
    ``published`` only when there is one. ``speakers`` and
    ``turns`` are there where voices were told apart, else ``untold`` says why they were not.
    """
    result = scene.result
    item: dict[str, JSON] = {"id": result.id, "title": result.title, "source": result.source}
    _add(item, film=result.film, status=result.status, error=result.error, remedy=result.remedy)
    item |= {
        "range_start_s": result.range_start_s,
        "range_end_s": result.range_end_s,
        "duration_s": result.duration_s,
        "speech_s": result.speech_s,
        "abstained_s": result.abstained_s,
    }
    if result.status == "ok":
        item |= _heard(result)
    item["verdict"] = scene.verdict
    _add(item, known_failure=scene.known_failure)
    item["checks"] = [_check_item(check) for check in scene.checks]
    _add(item, published=_in_order(scene.published) or None)
    item["segments"] = [{"start_s": start, "end_s": end} for start, end in result.segments]
    item["windows"] = [_window_item(window) for window in result.windows]
    item |= _voices(result)
    return item


def _voices(result: SceneResult) -> dict[str, JSON]:
    """Return the voices told apart and who of them speaks when, or why they are not."""
    voices: dict[str, JSON] = {}
    if result.speakers:
        voices["speakers"] = [_speaker_item(speaker) for speaker in result.speakers]
        voices["turns"] = [
            {"start_s": turn.start_s, "end_s": turn.end_s, "voice": turn.voice}
            for turn in result.turns
        ]
    _add(voices, untold=result.untold)
    return voices


def _speaker_item(speaker: Speaker) -> dict[str, JSON]:
    return {
        "id": speaker.id,
        "gender": speaker.gender,
        "female": speaker.female,
        "speech_s": speaker.speech_s,
        "shares": _in_order(speaker.shares),
        "confidence": speaker.confidence,
    }


def recording_item(scene: ReportScene) -> dict[str, JSON]:
    """Return a scene as ``listen`` prints it: ``source`` stands for ``id`` and ``title``."""
    item = scene_item(scene)
    return {key: value for key, value in item.items() if key not in {"id", "title"}}


def from_json(value: Any) -> Report:
    """Return the report that ``to_json`` wrote as ``value``.

    Raises:
        ValueError: not such a report; the message says where it departs.
    """
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema != SCHEMA:
        raise ValueError(f"schema is {schema!r}, not {SCHEMA!r}")
    return report_from(value)


def encode(value: JSON) -> bytes:
    """Return ``value`` as indented UTF-8 JSON; a file name's undecodable bytes stay escaped."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8", errors="backslashreplace")


def read_report(path: Path) -> Report:
    """Read a report from its ``report.json`` or the folder that holds it.

    Raises:
        UsageError: no such file, not JSON, or not a report of this schema.
    """
    file = path / FILE_NAME if path.is_dir() else path
    again = "write it anew with voxemo-scan run MANIFEST"
    try:
        return from_json(json.loads(file.read_bytes()))
    except FileNotFoundError:
        raise UsageError(
            f"no report at {file}", remedy="make one with voxemo-scan run MANIFEST"
        ) from None
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}", remedy="check its permissions"
        ) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"{file} is not JSON: {error.msg} at {where}", remedy=again) from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not JSON: it is not UTF-8 text", remedy=again) from None
    except (ValueError, RecursionError) as error:
        message = f"{file} is not a report that this version reads: {error}"
        raise UsageError(message, remedy=again) from None


def _model_item(model: ModelInfo) -> dict[str, JSON]:
    return {"name": model.name, "version": model.version, "sha256": dict(model.sha256)}


def _heard(result: SceneResult) -> dict[str, JSON]:
    heard: dict[str, JSON] = {
        "shares": _in_order(result.shares),
        "share_ci": {
            emotion: list(result.share_ci[emotion])
            for emotion in EMOTIONS
            if emotion in result.share_ci
        },
    }
    _add(heard, mean_shares=_in_order(result.mean_shares) or None)
    return heard | {
        "dominant": result.dominant,
        "voices": {gender: share for gender, share in result.voices.items()},  # noqa: C416
    }


def _check_item(check: CheckResult) -> dict[str, JSON]:
    return {
        "rule": check.rule,
        "passed": check.passed,
        "expected": check.expected,
        "found": check.found,
        "line": check.line,
    }


def _window_item(window: WindowResult) -> dict[str, JSON]:
    item: dict[str, JSON] = {
        "start_s": window.start_s,
        "end_s": window.end_s,
        "probabilities": dict(zip(EMOTIONS, window.probabilities, strict=True)),
        "female": window.female,
    }
    _add(item, voice=window.voice)
    return item


def _in_order(figures: dict[Emotion, float]) -> dict[str, JSON]:
    return {emotion: figures[emotion] for emotion in EMOTIONS if emotion in figures}


def _add(item: dict[str, JSON], **values: JSON) -> None:
    """Add the values that are there."""
    item.update((key, value) for key, value in values.items() if value is not None)

"""What two runs were not alike in beside their results: program, model, options and sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from voxemo_scan.report.compare.document import Difference, DifferenceKind
from voxemo_scan.report.document import JSON, Report
from voxemo_scan.report.settings import flat_settings
from voxemo_scan.scan.result import SceneResult

_SAME_LENGTH_S: Final = 0.05
"""Another decoder's version may count a clip's last frame differently."""


def run_differences(old: Report, new: Report) -> tuple[Difference, ...]:
    """Return how the runs as a whole differ; when they were made is no difference."""
    return (
        *_between("program", {"voxemo-scan": old.version}, {"voxemo-scan": new.version}),
        *_between("model", _model(old), _model(new)),
        *_between("weights", dict(old.model.sha256), dict(new.model.sha256)),
        *_between(
            "parameter", dict(flat_settings(old.parameters)), dict(flat_settings(new.parameters))
        ),
        *_between("manifest", {"name": old.manifest_name}, {"name": new.manifest_name}),
    )


def sound_differences(old: SceneResult, new: SceneResult) -> tuple[Difference, ...]:
    """Return how what the two runs heard differs: another source, range or length."""
    found = tuple(_between("sound", _place(old), _place(new)))
    if abs(old.duration_s - new.duration_s) > _SAME_LENGTH_S:
        length = Difference("sound", "duration_s", old.duration_s, new.duration_s)
        return (*found, length)
    return found


def _between(
    kind: DifferenceKind, old: Mapping[str, JSON], new: Mapping[str, JSON]
) -> Iterator[Difference]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield Difference(kind, name, old.get(name), new.get(name))


def _model(report: Report) -> dict[str, JSON]:
    return {"name": report.model.name, "version": report.model.version}


def _place(result: SceneResult) -> dict[str, JSON]:
    return {
        "source": result.source,
        "range_start_s": result.range_start_s,
        "range_end_s": result.range_end_s,
    }

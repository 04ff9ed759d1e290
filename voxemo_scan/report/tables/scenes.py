"""The table ``scenes``: what was found in each scene, in one row."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.tables.columns import Column, Table

_Read = Callable[[ReportScene], float | None]


def _share(emotion: Emotion) -> _Read:
    return lambda scene: scene.result.shares.get(emotion)


def _bound(emotion: Emotion, end: int) -> _Read:
    def read(scene: ReportScene) -> float | None:
        interval = scene.result.share_ci.get(emotion)
        return None if interval is None else interval[end]

    return read


def _mean(emotion: Emotion) -> _Read:
    return lambda scene: scene.result.mean_shares.get(emotion)


def _published(emotion: Emotion) -> _Read:
    return lambda scene: scene.published.get(emotion)


def _figures() -> Iterator[Column[ReportScene]]:
    for emotion in EMOTIONS:
        yield Column(emotion, "fraction", _share(emotion))
        yield Column(f"{emotion}_low", "fraction", _bound(emotion, 0))
        yield Column(f"{emotion}_high", "fraction", _bound(emotion, 1))
        yield Column(f"{emotion}_mean", "fraction", _mean(emotion))
        yield Column(f"{emotion}_published", "fraction", _published(emotion))


def entropy_bits(scene: ReportScene) -> float | None:
    """Return how mixed a scene's shares are: 0 for one emotion alone, log2(6) for six alike."""
    shares = scene.result.shares.values()
    return sum(-share * math.log2(share) for share in shares if share > 0) if shares else None


def _voices(scene: ReportScene) -> int | None:
    """Return how many voices there are, None where they are not told apart."""
    return len(scene.result.speakers) or None


COLUMNS: Final[tuple[Column[ReportScene], ...]] = (
    Column("scene", "text", lambda scene: scene.result.id),
    Column("title", "text", lambda scene: scene.result.title),
    Column("film", "text", lambda scene: scene.result.film),
    Column("source", "text", lambda scene: scene.result.source),
    Column("status", "text", lambda scene: scene.result.status),
    Column("verdict", "text", lambda scene: scene.verdict),
    Column("range_start_s", "seconds", lambda scene: scene.result.range_start_s),
    Column("range_end_s", "seconds", lambda scene: scene.result.range_end_s),
    Column("duration_s", "seconds", lambda scene: scene.result.duration_s),
    Column("speech_s", "seconds", lambda scene: scene.result.speech_s),
    Column("abstained_s", "seconds", lambda scene: scene.result.abstained_s),
    Column("segments", "count", lambda scene: len(scene.result.segments)),
    Column("windows", "count", lambda scene: len(scene.result.windows)),
    Column("dominant", "text", lambda scene: scene.result.dominant),
    *_figures(),
    Column("entropy_bits", "bits", entropy_bits),
    Column("female_share", "fraction", lambda scene: scene.result.voices.get("female")),
    Column("male_share", "fraction", lambda scene: scene.result.voices.get("male")),
    Column("voices", "count", _voices),
    Column("checks", "count", lambda scene: len(scene.checks)),
    Column("checks_failed", "count", lambda scene: sum(not c.passed for c in scene.checks)),
    Column("known_failure", "text", lambda scene: scene.known_failure),
    Column("error", "text", lambda scene: scene.result.error),
)


def scenes_table(report: Report) -> Table[ReportScene]:
    """Return a row a scene, failed ones too, in the report's order."""
    return Table("scenes", COLUMNS, report.scenes)

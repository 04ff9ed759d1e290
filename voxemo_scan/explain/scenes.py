"""Explains a few moments of each scene of a report, for its page.

Bounded: at most ``MOST`` moments a scene and ``MOST_IN_ALL`` a report, a few seconds and about
10 kB each. What was explained is kept beside the clips' other pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from voxemo_scan.audio.decode import decode
from voxemo_scan.audio.recording import Recording
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import VoxemoError
from voxemo_scan.explain.draw import PITCHES_HZ, grey_levels
from voxemo_scan.explain.grid import mel_edges_hz
from voxemo_scan.explain.heat import heat
from voxemo_scan.explain.moment import explain_recording
from voxemo_scan.explain.png import png
from voxemo_scan.explain.result import Explained
from voxemo_scan.explain.words import hertz
from voxemo_scan.report.media.kept import kept
from voxemo_scan.report.media.model import Media, Moment, Picture, SceneMedia
from voxemo_scan.report.media.still import grey_picture
from voxemo_scan.report.track import lay_flat
from voxemo_scan.report.turning import turning_points
from voxemo_scan.scan.border import outcome
from voxemo_scan.speech.segments import Segment

if TYPE_CHECKING:
    from voxemo_scan.models.ensemble import Ensemble
    from voxemo_scan.report.document import Report
    from voxemo_scan.scan.options import ScanOptions
    from voxemo_scan.scan.result import SceneResult, WindowResult
    from voxemo_scan.scan.task import SceneTask

MOST: Final = 6
MOST_IN_ALL: Final = 120
_LEAST_SHARE: Final = 0.1
_VERSION: Final = 2
"""Raised when the same window comes to give another explanation."""

Chosen = tuple["WindowResult", str]
"""A window and why it was chosen."""


def with_moments(
    media: Media,
    report: Report,
    tasks: Iterable[SceneTask],
    *,
    ensemble: Ensemble,
    options: ScanOptions,
    progress: Callable[[str, int, int], None] = lambda _scene, _done, _total: None,
) -> dict[str, SceneMedia]:
    """Return ``media`` with moments of the report's scenes explained.

    Args:
        media: by scene id.
        report: whose scenes.
        tasks: which clips were analysed; a scene without one gets no moments, and so does one
            whose clip cannot be read any more.
        ensemble: who listened.
        options: how.
        progress: told the scene, and how many of how many are done.
    """
    found = dict(media)
    clips = {task.id: task for task in tasks}
    results = [s.result for s in report.scenes if s.result.status == "ok" and s.result.id in clips]
    left = MOST_IN_ALL
    for number, result in enumerate(results):
        progress(result.id, number, len(results))
        chosen = choose(result)[:left]
        make = partial(
            _scene_moments, clips[result.id], result, chosen, ensemble=ensemble, options=options
        )
        made = outcome(make)
        if not isinstance(made, VoxemoError):
            left -= len(made)
            found[result.id] = replace(found.get(result.id, SceneMedia()), moments=made)
    return found


def choose(result: SceneResult) -> list[Chosen]:
    """Return the windows to explain, in order of time.

    The surest window of each emotion that takes a tenth of the speech or more, the largest share
    first, then the first window after each turning point, until there are ``MOST``.
    """

    chosen: list[Chosen] = []

    def add(window: WindowResult | None, why: str) -> None:
        if window is not None and all(window is not other for other, _ in chosen):
            chosen.append((window, why))

    held = [e for e in EMOTIONS if result.shares.get(e, 0.0) >= _LEAST_SHARE]
    for emotion in sorted(held, key=lambda each: -result.shares[each]):
        add(_surest(result.windows, EMOTIONS.index(emotion)), f"where it is surest of {emotion}")
    window_s = max((w.end_s - w.start_s for w in result.windows), default=1.0)
    turnings = turning_points(lay_flat(result.windows), window_s=window_s)
    for number, turn in enumerate(turnings, start=1):
        after = [w for w in result.windows if (w.start_s + w.end_s) / 2 >= turn.at_s]
        window = min(after, key=lambda w: w.start_s, default=None)
        add(window, f"after turning point {number}")
    return sorted(chosen[:MOST], key=lambda each: each[0].start_s)


def _surest(windows: Sequence[WindowResult], emotion: int) -> WindowResult | None:
    """Return the window that is surest of an emotion, of those whose verdict it is."""
    own = [w for w in windows if max(w.probabilities) == w.probabilities[emotion]]
    return max(own, key=lambda w: w.probabilities[emotion], default=None)


def _scene_moments(
    task: SceneTask,
    result: SceneResult,
    chosen: Sequence[Chosen],
    *,
    ensemble: Ensemble,
    options: ScanOptions,
) -> tuple[Moment, ...]:
    if not chosen:
        return ()
    windows = [[w.start_s, w.end_s, *w.probabilities, why] for w, why in chosen]
    what = ["explained", _VERSION, dict(ensemble.info.sha256), windows]

    def make() -> SceneMedia:
        segments = [Segment(start_s, end_s) for start_s, end_s in result.segments]
        with Recording() as recording:
            for block in decode(task.path, start_s=task.start_s, end_s=task.end_s):
                recording.append(block)
            explain = partial(
                explain_recording, recording, segments, ensemble=ensemble, options=options
            )
            return SceneMedia(
                moments=tuple(
                    _moment(
                        explain(
                            at_s=(window.start_s + window.end_s) / 2,
                            emotion=EMOTIONS[int(np.argmax(window.probabilities))],
                            probability=max(window.probabilities),
                        ),
                        why=why,
                    )
                    for window, why in chosen
                )
            )

    return kept(task, what, make).moments


def _moment(explained: Explained, *, why: str) -> Moment:
    told = explained.explanation
    edges = mel_edges_hz()

    def row(pitch_hz: float) -> float:
        place = np.interp(pitch_hz, edges, np.arange(len(edges))) / (len(edges) - 1)
        return round(1.0 - float(place), 4)

    start_s, end_s = told.times_s[0], told.times_s[-1]
    span_s = max(end_s - start_s, 1e-9)
    marked, top = told.marked, row(told.marked.high_hz)
    sheet = heat(np.array(told.weights))
    return Moment(
        at_s=told.start_s,
        start_s=start_s,
        end_s=end_s,
        emotion=told.emotion,
        probability=told.probability,
        says=told.says,
        why=why,
        picture=grey_picture(grey_levels(explained), quality=50),
        sheet=Picture(png(sheet), "image/png", sheet.shape[1], sheet.shape[0]),
        box=(
            round((marked.start_s - start_s) / span_s, 4),
            top,
            round((marked.end_s - marked.start_s) / span_s, 4),
            round(row(marked.low_hz) - top, 4),
        ),
        pitches=tuple((row(pitch_hz), hertz(pitch_hz)) for pitch_hz in PITCHES_HZ),
    )


def total_bytes(media: Mapping[str, SceneMedia]) -> int:
    """Return what the moments' pictures take, bytes."""
    moments = [moment for each in media.values() for moment in each.moments]
    return sum(len(m.picture.data) + len(m.sheet.data) for m in moments)

"""A clip's way to its result: decode, find speech, tile windows, judge, estimate shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.ahead import read_ahead
from voxemo_scan.audio.decode import Beside, decode
from voxemo_scan.audio.level import gain, level_db
from voxemo_scan.audio.recording import Recording, samples
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.scan.estimate import estimate_shares
from voxemo_scan.scan.memory import give_back, reuse
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.passages import PlannedPassage, Tile, cut_passage, plan_passages
from voxemo_scan.scan.result import SceneResult, WindowResult
from voxemo_scan.scan.shares import by_emotion, female_fraction, mean_shares
from voxemo_scan.scan.speakers import Told, tell, with_speakers
from voxemo_scan.scan.task import SceneTask
from voxemo_scan.speech.detector import SpeechDetector
from voxemo_scan.speech.segments import Segment, find_segments
from voxemo_scan.speech.windows import Window, WindowOptions, speech_weights, tile_segment

if TYPE_CHECKING:
    from voxemo_scan.models.ensemble import Ensemble
    from voxemo_scan.models.judgement import Judgement

StageProgress = Callable[[str, float, float | None], None]
"""Told the stage's name, and how much of how much of it is done."""

Overhear = Callable[[SceneTask], AbstractContextManager[Beside | None]]
"""Who else takes a scene's sound while it is read, if anybody; left once all of it is."""

_BATCH: Final = 64
_PROBABILITY_DIGITS: Final = 6
_SECOND_DIGITS: Final = 6


def nobody(_task: SceneTask) -> AbstractContextManager[None]:
    """Say that nobody else takes a scene's sound."""
    return nullcontext()


def analyse(
    task: SceneTask,
    *,
    ensemble: Ensemble | Callable[[], Ensemble],
    options: ScanOptions,
    progress: StageProgress = lambda _name, _done, _total: None,
    overhear: Overhear = nobody,
) -> SceneResult:
    """Return what the voices of a scene carry; memory does not grow with its length.

    Args:
        task: the clip, and which part of it.
        ensemble: who listens, or what gives it once the clip is read.
        options: how.
        progress: told how far it is, in a thread of its own while the clip is read.
        overhear: says who else takes the clip's sound.

    Raises:
        AudioError: the clip cannot be decoded or holds no audio.
        MissingError: the ensemble cannot be loaded.
    """
    base = SceneResult(
        id=task.id,
        title=task.title,
        source=task.source,
        film=task.film,
        status="no-speech",
        range_start_s=task.start_s,
        range_end_s=task.end_s,
    )
    with Recording() as recording:
        with overhear(task) as beside:
            speech = _read(task, recording, progress=progress, beside=beside)
        if callable(ensemble):
            ensemble = ensemble()
        return analyse_recording(
            base, recording, speech, ensemble=ensemble, options=options, progress=progress
        )


def analyse_recording(
    base: SceneResult,
    recording: Recording,
    speech: NDArray[np.float32],
    *,
    ensemble: Ensemble,
    options: ScanOptions,
    progress: StageProgress = lambda _name, _done, _total: None,
) -> SceneResult:
    """Return what the voices of a recording carry, as ``analyse`` does of a clip.

    Args:
        base: names it; the rest is filled in.
        recording: all of it, 16 kHz.
        speech: the probability of speech, 0..1, of each of the detector's frames.
        ensemble: who listens.
        options: how.
        progress: told how far it is.
    """
    duration_s = recording.duration_s
    segments = find_segments(speech, duration_s=duration_s, options=options.speech)
    tiles = _tiles(segments, window_s=ensemble.window_s, overlap=options.window_overlap)
    base = replace(base, status="no-speech", duration_s=_rounded(duration_s))
    if not tiles:
        return base
    plan = plan_passages(tiles, segments, duration_s=duration_s)
    heard = _judge(plan, segments, recording, ensemble=ensemble, progress=progress)
    kept = _clear(heard, options=options)
    judged = [tile for tile, clear in zip(tiles, kept, strict=True) if clear]
    base = replace(
        base,
        segments=tuple((_rounded(s.start_s), _rounded(s.end_s)) for s in segments),
        abstained_s=_rounded(_seconds(tiles) - _seconds(judged)),
    )
    if not judged:
        return base
    heard = heard.only(kept)
    told = _told(heard, plan, judged, segments=segments, options=options)
    owners = told.owners if told and told.sure(options.voices) else None
    if owners is not None and options.adapt:
        heard = ensemble.adapt(heard, owners)
    found = _summarise(
        base, judged, heard, window_s=ensemble.window_s, options=options, owners=owners
    )
    return with_speakers(found, told, window_s=ensemble.window_s, options=options)


def _clear(heard: Judgement, *, options: ScanOptions) -> NDArray[np.bool_]:
    """Return which windows to give a verdict on; all by a model that does not tell."""
    if heard.clear is None:
        return np.ones(len(heard.probabilities), dtype=bool)
    return np.asarray(heard.clear >= options.least_clear)


def _told(
    heard: Judgement,
    plan: Sequence[PlannedPassage],
    tiles: Sequence[Tile],
    *,
    segments: Sequence[Segment],
    options: ScanOptions,
) -> Told | None:
    if heard.prints is None or not options.voices.tell:
        return None
    return tell(
        heard.prints, plan, segments=segments, windows=[window for _, window in tiles],
        female=_female(heard), options=options,
    )  # fmt: skip


def _female(heard: Judgement) -> NDArray[np.float64]:
    """Return how likely each window's voice is a woman's; by a model that does not tell, 0.5."""
    return np.full(len(heard.probabilities), 0.5) if heard.female is None else heard.female


def _seconds(tiles: Sequence[Tile]) -> float:
    return float(speech_weights([window for _, window in tiles]).sum())


def _read(
    task: SceneTask, recording: Recording, *, progress: StageProgress, beside: Beside | None
) -> NDArray[np.float32]:
    """Decode the clip into ``recording`` and return the probability of speech per frame."""
    detector = SpeechDetector()
    blocks = decode(
        task.path,
        start_s=task.start_s,
        end_s=task.end_s,
        progress=lambda done, total: progress("finding speech", done, total),
        beside=beside,
    )
    for block in read_ahead(blocks):
        recording.append(block)
        detector.feed(block)
    return detector.finish()


def _tiles(segments: Sequence[Segment], *, window_s: float, overlap: float) -> list[Tile]:
    hop_s = window_s * (1.0 - overlap)
    options = WindowOptions(window_s=window_s, hop_s=hop_s, min_window_s=0.0)
    return [
        (number, window)
        for number, segment in enumerate(segments)
        for window in tile_segment(segment, options)
    ]


def _judge(
    plan: Sequence[PlannedPassage],
    segments: Sequence[Segment],
    recording: Recording,
    *,
    ensemble: Ensemble,
    progress: StageProgress,
) -> Judgement:
    """Return the ensemble's judgement of all windows, a few passages at a time."""
    from voxemo_scan.models.judgement import join  # noqa: PLC0415  (loads torch)

    parts: list[Judgement] = []
    factor = _gain(segments, recording, ensemble=ensemble)
    windows = sum(len(passage.windows) for passage in plan)
    reuse()
    for start in range(0, len(plan), _BATCH):
        chosen = plan[start : start + _BATCH]
        parts.append(ensemble.judge([cut_passage(p, recording, gain=factor) for p in chosen]))
        give_back()
        progress("listening", sum(len(p.probabilities) for p in parts), windows)
    return join(parts)


def _gain(segments: Sequence[Segment], recording: Recording, *, ensemble: Ensemble) -> np.float32:
    """Return what brings the clip's speech, as a whole, to the level that the ensemble knows.

    How loud a clip was mastered says nothing of its voices, and the networks would take a loud
    one for anger; how loud one line is beside the next stays as it is.
    """
    if ensemble.speech_level_db is None:
        return np.float32(1.0)
    speech = (samples(recording.cut(s.start_s, s.end_s)) for s in segments)
    return gain(from_db=level_db(speech), to_db=ensemble.speech_level_db)


def _summarise(
    base: SceneResult,
    tiles: Sequence[Tile],
    heard: Judgement,
    *,
    window_s: float,
    options: ScanOptions,
    owners: NDArray[np.int64] | None,
) -> SceneResult:
    # From what the result says, rounded as it is, its shares and intervals can be found again.
    windows = [Window(_rounded(window.start_s), _rounded(window.end_s)) for _, window in tiles]
    _, numbers = np.unique([number for number, _ in tiles], return_inverse=True)
    seconds = speech_weights(windows)
    probabilities = _rounded_rows(heard.probabilities)
    voices = _female(heard)
    found = estimate_shares(
        probabilities, seconds, segments=numbers, window_s=window_s, options=options,
        voices=owners,
    )  # fmt: skip
    female = female_fraction(voices, seconds, segments=numbers)
    return replace(
        base,
        status="ok",
        speech_s=_rounded(float(seconds.sum())),
        shares=by_emotion(found.shares),
        share_ci={
            emotion: (float(low), float(high))
            for emotion, (low, high) in zip(EMOTIONS, found.intervals, strict=True)
        },
        mean_shares=by_emotion(mean_shares(probabilities, seconds)),
        dominant=EMOTIONS[int(found.shares.argmax())],
        voices={"female": female, "male": 1.0 - female},
        windows=tuple(
            WindowResult(
                window.start_s,
                window.end_s,
                tuple(row.tolist()),
                round(float(voice), _PROBABILITY_DIGITS),
            )
            for window, row, voice in zip(windows, probabilities, voices, strict=True)
        ),
    )


def _rounded(seconds: float) -> float:
    return round(seconds, _SECOND_DIGITS)


def _rounded_rows(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return distributions of six digits, the largest entry taking up what is over."""
    rows = np.round(probabilities, _PROBABILITY_DIGITS)
    largest = rows.argmax(axis=1)
    rows[np.arange(len(rows)), largest] += 1.0 - rows.sum(axis=1)
    return np.round(rows, _PROBABILITY_DIGITS)

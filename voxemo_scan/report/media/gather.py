"""Collects what a page shows of the clips that a run has analysed, within its budget."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import VoxemoError
from voxemo_scan.report.document import Report
from voxemo_scan.report.media.budget import (
    AUDIO_BUDGET_MB,
    embedded_bytes,
    largest_to_lower,
    lower,
    plan_rates,
)
from voxemo_scan.report.media.kept import kept, kept_sound
from voxemo_scan.report.media.model import Poster, SceneMedia
from voxemo_scan.scan.border import outcome
from voxemo_scan.scan.result import SceneResult

if TYPE_CHECKING:
    from voxemo_scan.scan.task import SceneTask

T = TypeVar("T")

_PICTURES_BYTES: Final = 9_000_000
_OVER: Final = "the page's sound would not fit its budget of {budget:g} MB, and this is the longest"
_NO_ROOM: Final = "its pictures would not fit the page's budget"


@dataclass(frozen=True, slots=True)
class MediaOptions:
    """``audio``: embed sound; ``audio_budget_mb``: million bytes it may take in the page."""

    audio: bool = True
    audio_budget_mb: float = AUDIO_BUDGET_MB

    @property
    def budget_bytes(self) -> int | None:
        """What all sound may take in the page; None for a page without sound."""
        return round(self.audio_budget_mb * 1e6) if self.audio else None


@dataclass(frozen=True, slots=True)
class _Clip:
    """A scene whose clip was analysed."""

    task: SceneTask
    result: SceneResult


def gather_media(
    report: Report, tasks: Iterable[SceneTask], options: MediaOptions
) -> dict[str, SceneMedia]:
    """Return the media of the report's scenes; ``tasks`` say which clips were analysed.

    A clip that cannot be read any more gives a scene without sound that says so.
    """
    heard = {task.id: task for task in tasks}
    clips = {
        scene.result.id: _Clip(heard[scene.result.id], scene.result)
        for scene in report.scenes
        if scene.result.id in heard and scene.result.status != "failed"
    }
    with ThreadPoolExecutor(1) as beside:
        drawing = beside.submit(
            _side_by_side, {name: partial(_poster, clip) for name, clip in clips.items()}
        )
        sounds = _sounds(clips, options)
        return _with_posters(sounds, drawing.result())


def _sounds(clips: Mapping[str, _Clip], options: MediaOptions) -> dict[str, SceneMedia]:
    """Return all scenes' sound within the budget, by what it really takes."""
    budget_bytes = options.budget_bytes
    if budget_bytes is None:
        return _side_by_side({name: partial(_sound, clip, None) for name, clip in clips.items()})
    durations = {name: clip.result.duration_s for name, clip in clips.items()}
    rates = plan_rates(durations, budget_bytes=budget_bytes)
    found = _side_by_side({n: partial(_sound, clip, rates[n]) for n, clip in clips.items()})
    sizes = {name: _size(media) for name, media in found.items()}
    while sum(sizes.values()) > budget_bytes:
        able = {name: rates[name] if found[name].sound else None for name in clips}
        name = largest_to_lower(able, sizes) or max(sizes, key=lambda n: (sizes[n], n))
        rates[name] = lower(rates[name])
        found[name] = _sound(clips[name], rates[name])
        sizes[name] = _size(found[name])
    over = _OVER.format(budget=options.audio_budget_mb)
    return {
        name: media if media.sound or media.silent_because else replace(media, silent_because=over)
        for name, media in found.items()
    }


def _side_by_side(work: Mapping[str, Callable[[], T]]) -> dict[str, T]:
    """Do all of ``work``, a few pieces at a time; decoding and encoding let other threads run."""
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        return dict(zip(work, pool.map(lambda piece: piece(), work.values()), strict=True))


def _size(media: SceneMedia) -> int:
    return embedded_bytes(len(media.sound.data)) if media.sound else 0


def _sound(clip: _Clip, kbps: int | None) -> SceneMedia:
    """Return what a clip's sound gives, no sound itself without ``kbps``, or why nothing."""
    media = outcome(partial(kept_sound, clip.task, kbps))
    if isinstance(media, VoxemoError):
        return SceneMedia(silent_because=f"its clip could not be read again: {media.message}")
    return media


def _with_posters(
    found: Mapping[str, SceneMedia], posters: Mapping[str, Poster | None]
) -> dict[str, SceneMedia]:
    """Return the media with posters; what is over the page's budget for pictures has none."""
    left = _PICTURES_BYTES
    complete: dict[str, SceneMedia] = {}
    for name, media in found.items():
        shown = replace(media, poster=posters[name]) if media.peaks else media
        taken = sum(embedded_bytes(len(picture.data)) for picture in shown.pictures)
        if taken > left:
            shown = replace(media, spectrum=None, no_pictures_because=_NO_ROOM)
            taken = 0
        left -= taken
        complete[name] = shown
    return complete


def _poster(clip: _Clip) -> Poster | None:
    """Return a frame of the film where its strongest emotion is strongest, if there is one."""
    from voxemo_scan.report.media.still import poster  # noqa: PLC0415

    task, at_s = clip.task, _telling_moment_s(clip.result)

    def draw() -> SceneMedia:
        return SceneMedia(poster=poster(task.path, at_s=at_s, start_s=task.start_s))

    drawn = outcome(partial(kept, task, ["poster", at_s], draw))
    return None if isinstance(drawn, VoxemoError) else drawn.poster


def _telling_moment_s(result: SceneResult) -> float:
    """Return the middle of the window in which the strongest emotion is strongest."""
    if result.dominant is None or not result.windows:
        return result.duration_s / 3
    index = EMOTIONS.index(result.dominant)
    best = max(result.windows, key=lambda window: window.probabilities[index])
    return (best.start_s + best.end_s) / 2

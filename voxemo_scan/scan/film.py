"""The voices of a film: which voice of one scene is which of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.scan.result import SceneResult, Speaker
from voxemo_scan.scan.speakers import letters

PRINTS_WORTH_S: Final = 1.0
"""Speech after which more of it says little more of where a voice's prints lie in this scene."""
SCENE_SCATTER: Final = 0.05
"""How far one voice's prints lie apart from scene to scene, beside 1 within a scene (variance)."""


@dataclass(frozen=True)
class _Group:
    """Voices taken for one: whose (scene, voice), where their prints lie, and how surely."""

    members: frozenset[tuple[str, str]]
    sums: NDArray[np.float64]
    surety: float
    speech_s: float

    @property
    def scenes(self) -> frozenset[str]:
        return frozenset(scene for scene, _ in self.members)


def match_voices(results: Sequence[SceneResult]) -> tuple[SceneResult, ...]:
    """Return results in which one voice has one name in all scenes of a film.

    What was found does not depend on the order of the scenes. Voices' prints are left out of what
    is returned: they have done their work.
    """
    films: dict[str, list[SceneResult]] = defaultdict(list)
    for result in results:
        if result.film is not None and result.speakers:
            films[result.film].append(result)
    names = {film: _names(scenes) for film, scenes in films.items()}
    return tuple(_named(result, names.get(result.film or "", {})) for result in results)


def _names(scenes: Sequence[SceneResult]) -> dict[tuple[str, str], str]:
    """Return the name in the film of each (scene, voice): by how much it speaks, A first."""
    groups = _linked(scenes)
    order = sorted(groups, key=lambda group: (-round(group.speech_s, 3), min(group.members)))
    return {who: letters(n) for n, group in enumerate(order) for who in group.members}


def _linked(scenes: Sequence[SceneResult]) -> list[_Group]:
    """Join the two groups that are likeliest one voice until no two are likelier one than two.

    Two voices of one scene are never one.
    """
    spread = np.array(next(scene.voice_spread for scene in scenes))
    groups = [
        _group(scene, speaker)
        for scene in sorted(scenes, key=lambda scene: scene.id)
        for speaker in scene.speakers
        if len(speaker.centre) == len(spread)
    ]
    while True:
        pairs = [
            (_gain(one, other, spread), n, m)
            for (n, one), (m, other) in combinations(enumerate(groups), 2)
            if not one.scenes & other.scenes
        ]
        best = max(pairs, default=(0.0, 0, 0), key=lambda pair: pair[0])
        if best[0] <= 0:
            return groups
        _, n, m = best
        groups[n] = _joined(groups[n], groups[m])
        del groups[m]


def _group(scene: SceneResult, speaker: Speaker) -> _Group:
    surety = 1.0 / (SCENE_SCATTER + PRINTS_WORTH_S / max(speaker.speech_s, 0.1))
    return _Group(
        frozenset({(scene.id, speaker.id)}),
        surety * np.array(speaker.centre),
        surety,
        speaker.speech_s,
    )


def _joined(one: _Group, other: _Group) -> _Group:
    return _Group(
        one.members | other.members,
        one.sums + other.sums,
        one.surety + other.surety,
        one.speech_s + other.speech_s,
    )


def _gain(one: _Group, other: _Group, spread: NDArray[np.float64]) -> float:
    """Return the log likelihood ratio of one voice against two (Ioffe 2006)."""
    both = _joined(one, other)
    return _worth(both, spread) - _worth(one, spread) - _worth(other, spread)


def _worth(group: _Group, spread: NDArray[np.float64]) -> float:
    """Return what a group's log likelihood has beyond that of its members by themselves."""
    scale = 1.0 + group.surety * spread
    return float(0.5 * (spread * group.sums**2 / scale - np.log(scale)).sum())


def _named(result: SceneResult, names: dict[tuple[str, str], str]) -> SceneResult:
    """Return ``result`` with its voices' names in the film, and without their prints."""

    def name(voice: str) -> str:
        return names.get((result.id, voice), voice)

    return replace(
        result,
        speakers=tuple(replace(s, id=name(s.id), centre=()) for s in result.speakers),
        turns=tuple(replace(turn, voice=name(turn.voice)) for turn in result.turns),
        windows=tuple(
            replace(w, voice=None if w.voice is None else name(w.voice)) for w in result.windows
        ),
        voice_spread=(),
    )

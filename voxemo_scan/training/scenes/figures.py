"""The ``scenes`` evaluation as JSON values, as Markdown, and as the files of a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from voxemo_scan.atomic import write_atomic
from voxemo_scan.training.scenes.beside import VoiceFigures
from voxemo_scan.training.scenes.draws import ESTIMATORS, MIXES, REFERENCE, KindFigures
from voxemo_scan.training.scenes.hold import PoolFigures, ScenesEvaluation
from voxemo_scan.training.scenes.sounded import SOUNDS, SoundedScene

HOW: Final = (
    "Shares are of speech time. Drawn scenes: each clip is judged once; a scene's shares are drawn "
    "(`any`: uniform over all shares there are; `even` and `leaning`: a symmetric Dirichlet "
    "distribution of concentration 10 and 0.3; `one emotion`: all of one), then its emotions, then "
    "for each a clip of any speaker (of two speakers where it says so), with replacement. Errors "
    "are the mean absolute error of a share; coverage is how often the 95 % interval of "
    "expectation maximisation (em), which is told whose clip each is, holds the true share, width "
    "the interval's mean width. The reference is `any` of 40 clips. Drawn voices: the same of one "
    "speaker at a time, heard clip by clip and adapted to; right is the part of the clips whose "
    "emotion was heard. Sounded "
    "scenes: 24 clips said in turn by 2 to 6 voices, with pauses, overlaps, music, noise or the "
    "film chain, written as audio and scanned with the default options; truth is what is laid "
    "into the scene, speech that is not found included."
)


def to_json(found: ScenesEvaluation, *, command: str) -> dict[str, Any]:
    """Return the evaluation as JSON values; ``command`` is what made it."""
    return {
        "schema": "voxemo-scan/scenes/1",
        "protocol": "scenes",
        "model": {"name": found.model, "parameters": found.parameters, "sha256": found.sha256},
        "command": command,
        "seed": found.seed,
        "pools": [_pool(pool) for pool in found.pools],
    }


def to_markdown(found: ScenesEvaluation, *, command: str) -> str:
    """Return the evaluation as Markdown."""
    blocks = [
        f"# {found.model} on `scenes`",
        f"{found.parameters:,} parameters, seed {found.seed}. Made by:",
        f"    {command}",
        HOW,
    ]
    for pool in found.pools:
        blocks.append(f"## {pool.pool}: {pool.clips:,} clips, {pool.speakers} speakers")
        for sound, kinds in pool.drawn.items():
            blocks += [f"### Drawn scenes, {sound}", table(DRAWN_HEAD, drawn_rows(kinds))]
        for sound, voices in pool.beside.items():
            if voices:
                blocks += [f"### Drawn voices, {sound}", table(VOICES_HEAD, voices_rows(voices))]
        if pool.sounded:
            blocks += ["### Sounded scenes", table(SOUNDED_HEAD, sounded_rows(pool.sounded))]
    files = [f"| {name} | `{digest}` |" for name, digest in found.sha256.items()]
    blocks += ["## Weights", "\n".join(["| file | SHA-256 |", "|---|---|", *files])]
    return "\n\n".join(blocks) + "\n"


def write_scenes(found: ScenesEvaluation, folder: Path, *, command: str) -> None:
    """Write ``scenes.json`` and ``scenes.md`` into ``folder``."""
    values = to_json(found, command=command)
    write_atomic(folder / "scenes.json", json.dumps(values, indent=2) + "\n")
    write_atomic(folder / "scenes.md", to_markdown(found, command=command))


DRAWN_HEAD: Final = ("shares", "clips", *ESTIMATORS, "coverage", "width")
VOICES_HEAD: Final = ("shares", "clips", "right", "right, adapted", "error", "error, adapted")
SOUNDED_HEAD: Final = ("scenes", "number", "em", "mean", "coverage", "width", "speech found")


def drawn_rows(kinds: Sequence[KindFigures]) -> list[list[str]]:
    """Return a row a kind, as ``DRAWN_HEAD`` names its cells."""
    return [
        [
            each.kind.mix if each.kind.voices is None else f"any, {each.kind.voices} voices",
            f"{each.kind.clips}{' (reference)' if each.kind == REFERENCE else ''}",
            *(f"{each.errors[name]:.3f}" for name in ESTIMATORS),
            f"{each.coverage:.1%}",
            f"{each.width:.2f}",
        ]
        for each in kinds
    ]


def voices_rows(voices: Sequence[VoiceFigures]) -> list[list[str]]:
    """Return a row a kind, as ``VOICES_HEAD`` names its cells."""
    return [
        [
            each.kind.mix,
            str(each.kind.clips),
            *(f"{heard.right:.1%}" for heard in (each.alone, each.adapted)),
            *(f"{heard.error:.3f}" for heard in (each.alone, each.adapted)),
        ]
        for each in voices
    ]


def sounded_rows(scenes: Sequence[SoundedScene]) -> list[list[str]]:
    """Return a row for all scenes, then one a sound, a number of voices and a mix."""
    groups: dict[str, list[SoundedScene]] = {"all": list(scenes)}
    for name in SOUNDS:
        groups[name] = [s for s in scenes if s.sound == name]
    for voices in sorted({s.recipe.voices for s in scenes}):
        groups[f"{voices} voices"] = [s for s in scenes if s.recipe.voices == voices]
    for mix in dict.fromkeys(s.recipe.name.rsplit("-", maxsplit=1)[1] for s in scenes):
        groups[f"shares: {mix}"] = [s for s in scenes if s.recipe.name.endswith(f"-{mix}")]
    return [_sounded_row(name, group) for name, group in groups.items() if group]


def _sounded_row(name: str, group: Sequence[SoundedScene]) -> list[str]:
    return [
        name,
        str(len(group)),
        f"{np.mean([s.error() for s in group]):.3f}",
        f"{np.mean([s.error('mean') for s in group]):.3f}",
        f"{np.mean([s.covered for s in group]):.1%}",
        f"{np.mean([s.width for s in group]):.2f}",
        f"{np.mean([s.found for s in group]):.1%}",
    ]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _pool(pool: PoolFigures) -> dict[str, Any]:
    return {
        "pool": pool.pool,
        "clips": pool.clips,
        "speakers": pool.speakers,
        "mixes": MIXES,
        "drawn": {sound: [_kind(each) for each in kinds] for sound, kinds in pool.drawn.items()},
        "beside": {
            sound: [_voices(each) for each in voices] for sound, voices in pool.beside.items()
        },
        "sounded": [_sounded(each) for each in pool.sounded],
    }


def _kind(each: KindFigures) -> dict[str, Any]:
    return {
        "mix": each.kind.mix,
        "clips": each.kind.clips,
        "voices": each.kind.voices,
        "reference": each.kind == REFERENCE,
        "scenes": each.scenes,
        "errors": each.errors,
        "covered": each.covered,
        "coverage": each.coverage,
        "width": each.width,
    }


def _voices(each: VoiceFigures) -> dict[str, Any]:
    return {
        "mix": each.kind.mix,
        "clips": each.kind.clips,
        "voices": each.voices,
        "alone": asdict(each.alone),
        "adapted": asdict(each.adapted),
    }


def _sounded(each: SoundedScene) -> dict[str, Any]:
    return {
        "recipe": each.recipe.model_dump(),
        "speakers": len(each.scene.speakers),
        "true": each.scene.shares,
        "shares": each.result.shares,
        "mean_shares": each.result.mean_shares,
        "share_ci": {emotion: list(ends) for emotion, ends in each.result.share_ci.items()},
        "error": each.error(),
        "mean_error": each.error("mean"),
        "covered": each.covered,
        "speech_found": each.found,
    }

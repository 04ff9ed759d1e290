"""Learns where voices lie apart, from the training speakers of ``unseen-speakers``.

python -m voxemo_scan.training.voices --data DIR --encoder FILE

Writes ``voices.safetensors`` among the shipped weights and names it in their index. A speaker's
copies at another speed count as other speakers, so that there are three times as many.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from voxemo_scan.atomic import write_atomic
from voxemo_scan.digest import file_sha256
from voxemo_scan.features.log_mel import HOP_SAMPLES, log_mels
from voxemo_scan.folders import cache_folder
from voxemo_scan.models.index import INDEX_NAME, WEIGHTS_FOLDER, WeightFile, read_index
from voxemo_scan.models.voiceprint import (
    PRINT_MOMENTS,
    VoiceSpace,
    even_length,
    frames_to_moments,
    save_space,
    summarise_moments,
)
from voxemo_scan.models.whisper import WhisperBlocks, WhisperShape, hidden_lengths
from voxemo_scan.training.copies import vary
from voxemo_scan.training.discriminant import discriminants
from voxemo_scan.training.initial import initial_file, load_initial
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.prepare import prepare
from voxemo_scan.training.scenes.script import speaker_name
from voxemo_scan.training.signals import clip_key

FILE_NAME: Final = "voices.safetensors"
SPEEDS: Final = (1.0, 0.9, 1.1)
DIMS: Final = 60
SHRINKAGE: Final = 0.03
A_CLIP: Final = 3
"""Prints that a clip is learned by."""
_GAIN_DB: Final = 6.0
_BATCH: Final = 16
_FRAME_SAMPLES: Final = 2 * HOP_SAMPLES


def learn_space(
    summaries: NDArray[np.float32], *, speakers: Sequence[str], corpora: Sequence[str]
) -> VoiceSpace:
    """Return where voices lie apart.

    Args:
        summaries: [n, 2 x width], of a second of speech each.
        speakers: who says it.
        corpora: where it was recorded.
    """
    scale = summaries.std(axis=0) + 1e-6
    mean = summaries.mean(axis=0)
    directions, _ = discriminants(
        ((summaries - mean) / scale).astype(np.float64),
        classes=speakers, sources=corpora, dims=DIMS, shrinkage=SHRINKAGE,
    )  # fmt: skip
    project = directions / scale[:, None]
    found = even_length((summaries - mean).astype(np.float64) @ project)
    rotate, between = discriminants(
        found, classes=speakers, sources=corpora, dims=DIMS, shrinkage=0.0
    )
    floats = [
        np.asarray(a, dtype=np.float32)
        for a in (mean, project, found.mean(axis=0), rotate, between)
    ]
    return VoiceSpace(*floats)


def summaries_of(
    blocks: WhisperBlocks, clips: Iterator[Clip], *, rng: np.random.Generator
) -> Iterator[NDArray[np.float32]]:
    """Yield of each clip the summaries of ``A_CLIP`` stretches of its speech, at random places."""
    batch: list[Clip] = []
    for clip in clips:
        batch.append(clip)
        if len(batch) == _BATCH:
            yield from _summaries(blocks, batch, rng)
            batch = []
    yield from _summaries(blocks, batch, rng) if batch else ()


def _summaries(
    blocks: WhisperBlocks, clips: Sequence[Clip], rng: np.random.Generator
) -> NDArray[np.float32]:
    with torch.inference_mode():
        mels, frames = log_mels([clip.signal for clip in clips])
        states, _ = blocks.start(mels, frames)
    lengths = hidden_lengths(frames)
    spans = []
    for n, clip in enumerate(clips):
        start, end = frames_to_moments(
            clip.start // _FRAME_SAMPLES, clip.end // _FRAME_SAMPLES, most=int(lengths[n] + 1) // 2
        )
        firsts = start + rng.integers(max(1, end - start - PRINT_MOMENTS + 1), size=A_CLIP)
        spans += [(n, int(first), min(end, int(first) + PRINT_MOMENTS)) for first in firsts]
    return summarise_moments(states - blocks.positions[: states.shape[1]], lengths, spans)


def train(data: Path, *, encoder: str, folder: Path = WEIGHTS_FOLDER, seed: int = 0) -> Path:
    """Learn the space, write it into ``folder`` with the index naming it, and return its path.

    Raises:
        UsageError: the corpora under ``data`` are not there.
        MissingError: the encoder's weights are not to be had.
    """
    prepared = prepare("unseen-speakers", data=data, cache_folder=cache_folder() / "corpora")
    blocks, _ = load_initial(initial_file(encoder), WhisperShape(blocks=0))
    rng = np.random.default_rng(seed)
    every = [(u, speed) for speed in SPEEDS for u in prepared.split.train]
    prints = [each for each in every for _ in range(A_CLIP)]
    clips = (
        vary(
            prepared.signals.sounds[clip_key(u)], rng, speed=speed, margin=0.0,
            gain_db=0.0 if speed == 1.0 else _GAIN_DB,
        )
        for u, speed in every
    )  # fmt: skip
    space = learn_space(
        np.stack(list(summaries_of(blocks, clips, rng=rng))),
        speakers=[f"{speaker_name(u)} {speed}" for u, speed in prints],
        corpora=[u.corpus for u, _ in prints],
    )
    path = folder / FILE_NAME
    save_space(space, path)
    voices = {FILE_NAME: WeightFile(sha256=file_sha256(path))}
    index = read_index(folder).model_copy(update={"voices": voices})
    write_atomic(folder / INDEX_NAME, index.model_dump_json(indent=2) + "\n")
    return path


def main() -> None:
    """Learn from the corpora named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--encoder", default="openai/whisper-base")
    arguments = parser.parse_args()
    train(arguments.data, encoder=arguments.encoder)


if __name__ == "__main__":
    main()

"""Hidden states of the corpora's clips, computed once by the untrained encoder and kept on disk.

Training heads on kept states costs a hundredth of running the encoder anew each epoch. Variety
comes from copies: the same clips at another speed and level, their silent margins cut shorter.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from voxemo_scan.features.log_mel import HOP_SAMPLES, log_mels
from voxemo_scan.models.precision import autocast
from voxemo_scan.models.whisper import WhisperBlocks, hidden_lengths
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.training.copies import Copy
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.film.backgrounds import Backgrounds
from voxemo_scan.training.signals import ClipKey, Signals, clip_key

_FORMAT: Final = 2
_BATCH: Final = 16


@dataclass(frozen=True)
class StateBank:
    """One copy's states: of each clip float16, [layers, frames, width]."""

    layers: tuple[NDArray[np.float16], ...]
    ranges: dict[ClipKey, tuple[int, int, int]]
    """Of each clip the number of its corpus's first array, its first and its last frame."""

    def of(self, utterance: Utterance) -> NDArray[np.float16]:
        """Return a clip's states, [layers, frames, width]."""
        base, first, last = self.ranges[clip_key(utterance)]
        count = len(self.layers) // self._corpora
        return np.stack([self.layers[base * count + n][first:last] for n in range(count)])

    def frames(self, utterance: Utterance) -> int:
        """Return how many frames a clip has."""
        _, first, last = self.ranges[clip_key(utterance)]
        return last - first

    @property
    def _corpora(self) -> int:
        return 1 + max(base for base, _, _ in self.ranges.values())


def load_states(
    encoder: WhisperBlocks,
    utterances: Sequence[Utterance],
    signals: Signals,
    *,
    layers: Sequence[int],
    copy: Copy,
    encoder_sha256: str,
    cache_folder: Path,
    backgrounds: Backgrounds | None = None,
    progress: Progress | None = None,
) -> StateBank:
    """Return the states of a copy of ``utterances``, computed once a corpus.

    Args:
        encoder: the blocks whose states are wanted, in evaluation mode.
        utterances: the clips.
        signals: their sound.
        layers: which hidden states to keep, 0 before the first block.
        copy: how the copy differs from the clips.
        encoder_sha256: what tells this encoder's weights from others.
        cache_folder: where states are kept.
        backgrounds: what may lie under copies that sound like film.
        progress: is told how far it is.
    """
    by_corpus: dict[str, list[Utterance]] = defaultdict(list)
    for utterance in sorted(utterances, key=clip_key):
        by_corpus[utterance.corpus].append(utterance)
    arrays: list[NDArray[np.float16]] = []
    ranges: dict[ClipKey, tuple[int, int, int]] = {}
    for number, clips in enumerate(by_corpus.values()):
        named = [
            _FORMAT, encoder_sha256, encoder.shape.blocks, list(layers),
            copy.model_dump(exclude_none=True),
            [(clip_key(u), signals.sounds[clip_key(u)].digest) for u in clips],
        ]  # fmt: skip
        key = hashlib.sha256(json.dumps(named).encode()).hexdigest()[:16]
        folder = cache_folder / f"states-{key}"
        if not (folder / "index.json").is_file():
            sounds = [signals.sounds[clip_key(clip)] for clip in clips]
            copies = [
                copy.of(s, key=clip_key(c), backgrounds=backgrounds)
                for s, c in zip(sounds, clips, strict=True)
            ]
            _compute(
                encoder, copies, layers=layers, folder=folder, progress=progress or NoProgress()
            )
        arrays += [np.load(folder / f"layer{layer}.npy", mmap_mode="r") for layer in layers]
        offsets = json.loads((folder / "index.json").read_text("utf-8"))
        for clip, first, last in zip(clips, offsets, offsets[1:], strict=False):
            ranges[clip_key(clip)] = (number, first, last)
    return StateBank(tuple(arrays), ranges)


def _compute(
    encoder: WhisperBlocks,
    copies: Sequence[NDArray[np.float32]],
    *,
    layers: Sequence[int],
    folder: Path,
    progress: Progress,
) -> None:
    """Write a corpus's states into ``folder``; clips of like length are encoded together."""
    folder.mkdir(parents=True, exist_ok=True)
    order = sorted(range(len(copies)), key=lambda n: len(copies[n]))
    frames = _frame_counts(copies)
    offsets = np.cumsum([0, *frames])
    width = encoder.shape.width
    made: dict[int, Any] = {
        layer: np.lib.format.open_memmap(
            folder / f"layer{layer}.{os.getpid()}.npy",
            mode="w+", dtype=np.float16, shape=(int(offsets[-1]), width),
        )
        for layer in layers
    }  # fmt: skip
    for start in range(0, len(order), _BATCH):
        chosen = order[start : start + _BATCH]
        with torch.inference_mode(), autocast():
            found = encoder(*log_mels([copies[n] for n in chosen]))
        for layer, array in made.items():
            for row, n in zip(found[layer], chosen, strict=True):
                array[offsets[n] : offsets[n + 1]] = row[: frames[n]].half().numpy()
        progress.stage("corpora", "encoding", done=start + len(chosen), total=len(copies))
    for layer, array in made.items():
        array.flush()
        Path(array.filename).replace(folder / f"layer{layer}.npy")
    (folder / "index.json").write_text(json.dumps(offsets.tolist()))


def _frame_counts(copies: Sequence[NDArray[np.float32]]) -> list[int]:
    """Return how many hidden states signals have."""
    mels = [max(1, len(signal) // HOP_SAMPLES) for signal in copies]
    return [int(n) for n in hidden_lengths(torch.tensor(mels))]

"""Spectrograms of copies of the corpora's clips, drawn once and kept on disk.

Networks that learn for many epochs, and several that learn from parts of the same clips, all hear
the same copies: drawing one, with a room and music, costs as much as learning from it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxemo_scan.atomic import write_atomic
from voxemo_scan.features.log_mel import BANDS, log_mels
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.scan.cores import keep_to, usable_cores
from voxemo_scan.training.copies import Variation
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.film.backgrounds import Backgrounds
from voxemo_scan.training.signals import ClipKey, Signals, Sound, clip_key

_FORMAT: Final = 1
_CHUNK: Final = 64
_FEW: Final = 512
"""Clips for which no other processes are started."""

_Clips = Sequence[tuple[ClipKey, Sound]]


@dataclass(frozen=True)
class Kept:
    """One copy of one corpus's clips: float16, [frames of all, 80], and where each clip begins."""

    frames: NDArray[np.float16]
    offsets: NDArray[np.int64]


@dataclass(frozen=True)
class SpectrogramBank:
    """Clips' copies by corpus, the first of each being the clips as they are."""

    kept: dict[str, tuple[Kept, ...]]
    places: dict[ClipKey, int]

    @property
    def copies(self) -> int:
        """Return how many copies there are of each clip, itself counted."""
        return len(next(iter(self.kept.values())))

    def of(self, utterance: Utterance, copy: int) -> NDArray[np.float16]:
        """Return a copy's spectrogram, [frames, 80]."""
        kept, place = self.kept[utterance.corpus][copy], self.places[clip_key(utterance)]
        return kept.frames[kept.offsets[place] : kept.offsets[place + 1]]

    def frames(self, utterance: Utterance) -> int:
        """Return how many frames the clip as it is has."""
        return len(self.of(utterance, 0))

    def batch(
        self, utterances: Sequence[Utterance], copies: Sequence[int]
    ) -> tuple[Tensor, Tensor]:
        """Return the spectrograms of one copy of each clip, as ``log_mels`` returns them."""
        found = [self.of(u, copy) for u, copy in zip(utterances, copies, strict=True)]
        frames = torch.tensor([len(each) for each in found])
        made = torch.zeros(len(found), int(frames.max()), BANDS)
        for row, each in zip(made, found, strict=True):
            row[: len(each)] = torch.from_numpy(each.astype(np.float32))
        return made.transpose(1, 2), frames


def load_spectrograms(
    utterances: Sequence[Utterance],
    signals: Signals,
    variations: Sequence[Variation],
    *,
    cache_folder: Path,
    backgrounds: Backgrounds | None = None,
    progress: Progress | None = None,
) -> SpectrogramBank:
    """Return the spectrograms of clips and of their copies, each drawn once a corpus.

    Args:
        utterances: the clips.
        signals: their sound.
        variations: how copies differ, and how many of each kind there are.
        cache_folder: where spectrograms are kept.
        backgrounds: what may lie under copies that sound like film.
        progress: is told how far it is.
    """
    by_corpus: dict[str, list[ClipKey]] = defaultdict(list)
    for utterance in sorted(utterances, key=clip_key):
        by_corpus[utterance.corpus].append(clip_key(utterance))
    kinds = [_Kind(None, 0), *(_Kind(v, n) for v in variations for n in range(v.number))]
    files = {
        corpus: [_File.of(kind, keys, signals, cache_folder) for kind in kinds]
        for corpus, keys in by_corpus.items()
    }
    missing = [file for each in files.values() for file in each if not file.index.is_file()]
    if missing:
        cache_folder.mkdir(parents=True, exist_ok=True)
        _make(missing, backgrounds, progress or NoProgress())
    return SpectrogramBank(
        {corpus: tuple(file.read() for file in each) for corpus, each in files.items()},
        {key: place for keys in by_corpus.values() for place, key in enumerate(keys)},
    )


@dataclass(frozen=True)
class _Kind:
    """How a copy differs from the clip, if at all, and which of those that differ so it is."""

    variation: Variation | None
    number: int

    @property
    def name(self) -> str:
        if self.variation is None:
            return "as it is"
        return f"{self.variation.model_dump_json(exclude={'number'})} {self.number}"

    def of(self, key: ClipKey, sound: Sound, under: Backgrounds | None) -> NDArray[np.float32]:
        """Return the clip's copy, float32, [samples]; the same one every time."""
        if self.variation is None:
            return sound.whole()
        rng = np.random.default_rng(crc32(f"{key} {self.name}".encode()))
        return self.variation.of(sound, rng, under)


@dataclass(frozen=True)
class _File:
    """Where one copy of one corpus's clips is kept, and what it is made of."""

    path: Path
    kind: _Kind
    clips: _Clips

    @classmethod
    def of(cls, kind: _Kind, keys: Sequence[ClipKey], signals: Signals, folder: Path) -> _File:
        sounds = [signals.sounds[key] for key in keys]
        named = [_FORMAT, kind.name, [(k, s.digest) for k, s in zip(keys, sounds, strict=True)]]
        name = hashlib.sha256(json.dumps(named).encode()).hexdigest()[:16]
        # A process is sent a clip's own samples, and not the file that they lie in.
        clips = [(k, replace(s, pcm=np.asarray(s.pcm))) for k, s in zip(keys, sounds, strict=True)]
        return cls(folder / f"spectrograms-{name}.npy", kind, clips)

    @property
    def index(self) -> Path:
        return self.path.with_suffix(".json")

    def read(self) -> Kept:
        offsets = np.array(json.loads(self.index.read_text("utf-8")))
        return Kept(np.load(self.path, mmap_mode="r"), offsets)

    def write(self, found: Sequence[_Drawn]) -> None:
        temporary = self.path.with_suffix(f".{os.getpid()}.npy")
        np.save(temporary, np.concatenate([frames for frames, _ in found]))
        temporary.replace(self.path)
        lengths = [length for _, each in found for length in each]
        write_atomic(self.index, json.dumps(np.cumsum([0, *lengths]).tolist()))


_Drawn = tuple[NDArray[np.float16], list[int]]
"""Spectrograms of some clips, one after the other, and how many frames each has."""
_Task = tuple[_Kind, _Clips]


def _make(files: Sequence[_File], backgrounds: Backgrounds | None, progress: Progress) -> None:
    tasks: list[_Task] = []
    for file in files:
        starts = range(0, len(file.clips), _CHUNK)
        tasks += [(file.kind, file.clips[start : start + _CHUNK]) for start in starts]
    drawn = _drawn(tasks, backgrounds)
    done, total = 0, sum(len(file.clips) for file in files)
    for file in files:
        found: list[_Drawn] = []
        for _ in range(0, len(file.clips), _CHUNK):
            found.append(next(drawn))
            done += len(found[-1][1])
            progress.stage("corpora", "drawing copies", done=done, total=total)
        file.write(found)


def _drawn(tasks: Sequence[_Task], backgrounds: Backgrounds | None) -> Iterator[_Drawn]:
    if sum(len(clips) for _, clips in tasks) <= _FEW:
        yield from (_draw(task, backgrounds) for task in tasks)
        return
    with ProcessPoolExecutor(usable_cores(), get_context("spawn"), _begin, (backgrounds,)) as pool:
        yield from pool.map(_draw_given, tasks)


_given: list[Backgrounds | None] = []
"""What a process that draws was given when it began."""


def _begin(backgrounds: Backgrounds | None) -> None:
    keep_to(1)
    _given.append(backgrounds)


def _draw_given(task: _Task) -> _Drawn:
    return _draw(task, _given[-1])


def _draw(task: _Task, backgrounds: Backgrounds | None) -> _Drawn:
    kind, clips = task
    found = [log_mels([kind.of(key, sound, backgrounds)])[0][0] for key, sound in clips]
    return (
        np.concatenate([each.numpy().T.astype(np.float16) for each in found]),
        [each.shape[1] for each in found],
    )

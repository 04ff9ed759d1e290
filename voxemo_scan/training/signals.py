"""The corpora's sound, decoded once and kept, with where in each clip its speech lies."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.atomic import write_atomic
from voxemo_scan.audio.decode import decode
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.speech.detector import detect
from voxemo_scan.speech.segments import SpeechOptions, find_segments
from voxemo_scan.training.cores import over_cores
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.judge import Clip

SAMPLING_RATE: Final = 16_000
SILENCE_PEAK: Final = 64
"""A clip whose loudest sample stays under this (of 32768, -54 dB) holds no speech."""

_FORMAT: Final = 2

ClipKey = tuple[str, str]
"""A clip's corpus and its name there."""


def clip_key(utterance: Utterance) -> ClipKey:
    """Return what tells the clip from all others, of other corpora too."""
    return utterance.corpus, utterance.clip


@dataclass(frozen=True, slots=True)
class Sound:
    """One decoded clip: 16-bit samples at 16 kHz, where its speech begins and ends, its checksum.

    ``start`` and ``end`` count samples; a clip without speech counts as speech whole.
    """

    pcm: NDArray[np.int16]
    start: int
    end: int
    digest: str

    @property
    def peak(self) -> int:
        """Return the loudest sample's size, 0 to 32768."""
        return _peak(self.pcm)

    def whole(self) -> NDArray[np.float32]:
        """Return the clip, float32, [samples], -1..1."""
        return self.pcm.astype(np.float32) / np.float32(32768)

    def speech(self) -> NDArray[np.float32]:
        """Return the clip from the start of its speech to the end, float32, [samples], -1..1."""
        return self.pcm[self.start : self.end].astype(np.float32) / np.float32(32768)


@dataclass(frozen=True)
class Signals:
    """The sound of many clips; ``silent`` are those without any."""

    sounds: dict[ClipKey, Sound]
    silent: frozenset[ClipKey]

    def of(self, utterance: Utterance) -> NDArray[np.float32]:
        """Return the clip's speech, float32, [samples], -1..1."""
        return self.sounds[clip_key(utterance)].speech()

    def whole(self, utterance: Utterance) -> NDArray[np.float32]:
        """Return the whole clip, float32, [samples], -1..1."""
        return self.sounds[clip_key(utterance)].whole()

    def clip(self, utterance: Utterance) -> Clip:
        """Return the whole clip and where its speech lies."""
        sound = self.sounds[clip_key(utterance)]
        return Clip(sound.whole(), sound.start, sound.end)

    @property
    def digests(self) -> dict[ClipKey, str]:
        """Return the checksum of each whole clip's sound."""
        return {key: sound.digest for key, sound in self.sounds.items()}


def load_signals(
    utterances: Sequence[Utterance], *, cache_folder: Path, progress: Progress | None = None
) -> Signals:
    """Return the sound of ``utterances``; decoded once a corpus, then read from ``cache_folder``.

    Raises:
        AudioError: a clip cannot be decoded.
    """
    by_corpus: dict[str, list[Utterance]] = defaultdict(list)
    for utterance in sorted(utterances, key=clip_key):
        by_corpus[utterance.corpus].append(utterance)
    sounds: dict[ClipKey, Sound] = {}
    silent: set[ClipKey] = set()
    for clips in by_corpus.values():
        folder = cache_folder / f"signals-{_cache_key(clips)}"
        if not (folder / "index.json").is_file():
            _write(clips, folder, progress or NoProgress())
        found, quiet = _read(folder)
        sounds |= found
        silent |= quiet
    return Signals(sounds, frozenset(silent))


def _read(folder: Path) -> tuple[dict[ClipKey, Sound], set[ClipKey]]:
    index = json.loads((folder / "index.json").read_text("utf-8"))
    pcm = np.load(folder / "pcm.npy", mmap_mode="r")
    offsets = index["offsets"]
    sounds = {}
    for n, (name, (start, end), digest) in enumerate(
        zip(index["clips"], index["speech"], index["digests"], strict=True)
    ):
        samples = pcm[offsets[n] : offsets[n + 1]]
        sounds[index["corpus"], name] = Sound(samples, start, end, digest)
    return sounds, {(index["corpus"], name) for name in index["silent"]}


def _cache_key(utterances: Sequence[Utterance]) -> str:
    files = [(str(u.path), u.path.stat().st_size, u.path.stat().st_mtime_ns) for u in utterances]
    text = json.dumps([_FORMAT, asdict(SpeechOptions()), files])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(utterances: Sequence[Utterance], folder: Path, progress: Progress) -> None:
    sounds: list[Sound] = []
    for sound in over_cores(decode_sound, [utterance.path for utterance in utterances]):
        sounds.append(sound)
        progress.stage("corpora", "decoding", done=len(sounds), total=len(utterances))
    folder.mkdir(parents=True, exist_ok=True)
    pcm_path = folder / "pcm.npy"
    temporary = pcm_path.with_suffix(f".{os.getpid()}.npy")
    np.save(temporary, np.concatenate([sound.pcm for sound in sounds]))
    temporary.replace(pcm_path)
    names = [utterance.clip for utterance in utterances]
    index = {
        "corpus": utterances[0].corpus,
        "clips": names,
        "offsets": np.cumsum([0, *(len(sound.pcm) for sound in sounds)]).tolist(),
        "speech": [(sound.start, sound.end) for sound in sounds],
        "digests": [sound.digest for sound in sounds],
        "silent": [n for n, s in zip(names, sounds, strict=True) if s.peak < SILENCE_PEAK],
    }
    write_atomic(folder / "index.json", json.dumps(index))


def decode_sound(path: Path) -> Sound:
    """Return one clip's sound.

    Raises:
        AudioError: it cannot be decoded.
    """
    pcm = np.concatenate(list(decode(path)))
    start, end = speech_range(pcm)
    return Sound(pcm, start, end, _digest(pcm))


def fingerprint(path: Path) -> tuple[str, int, int]:
    """Return a clip's checksum as decoded, its length in samples and its peak, 0 to 32768.

    Raises:
        AudioError: it cannot be decoded.
    """
    pcm = np.concatenate(list(decode(path)))
    return _digest(pcm), len(pcm), _peak(pcm)


def _peak(pcm: NDArray[np.int16]) -> int:
    return int(np.abs(pcm.astype(np.int32)).max(initial=0))


def _digest(pcm: NDArray[np.int16]) -> str:
    return hashlib.sha256(pcm.tobytes()).hexdigest()


def speech_range(pcm: NDArray[np.int16]) -> tuple[int, int]:
    """Return where the first segment starts and the last one ends, samples; all if there is none.

    Args:
        pcm: int16, [samples], 16 kHz.
    """
    duration_s = len(pcm) / SAMPLING_RATE
    segments = find_segments(detect(pcm), duration_s=duration_s, options=SpeechOptions())
    if not segments:
        return 0, len(pcm)
    start, end = segments[0].start_s * SAMPLING_RATE, segments[-1].end_s * SAMPLING_RATE
    return round(start), min(len(pcm), round(end))

"""The corpora's sound, trimmed to the speech as a scan would hear it, decoded once and kept."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.atomic import write_atomic
from voxemo_scan.audio.decode import decode
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.speech.detector import detect
from voxemo_scan.speech.segments import SpeechOptions, find_segments
from voxemo_scan.training.corpora import Utterance

SAMPLING_RATE: Final = 16_000
SILENCE_PEAK: Final = 64
"""A clip whose loudest sample stays under this (of 32768, -54 dB) holds no speech."""

_FORMAT: Final = 1


@dataclass(frozen=True)
class Signals:
    """The speech of many clips: one long array and where each clip lies in it.

    ``pcm``: int16, [samples], 16 kHz; ``offsets``: [clips + 1]; ``digests`` are checksums of the
    whole clips' sound, ``silent`` the names of clips without any.
    """

    pcm: NDArray[np.int16]
    offsets: NDArray[np.int64]
    position: dict[str, int]
    digests: dict[str, str]
    silent: frozenset[str]

    def of(self, utterance: Utterance) -> NDArray[np.float32]:
        """Return the clip's speech, float32, [samples], -1..1."""
        index = self.position[utterance.clip]
        pcm = self.pcm[self.offsets[index] : self.offsets[index + 1]]
        return pcm.astype(np.float32) / 32768.0


def load_signals(
    utterances: Sequence[Utterance], *, cache_folder: Path, progress: Progress | None = None
) -> Signals:
    """Return the speech of ``utterances``; decoded once, then read from ``cache_folder``.

    Raises:
        AudioError: a clip cannot be decoded.
    """
    folder = cache_folder / f"signals-{_key(utterances)}"
    index_path, pcm_path = folder / "index.json", folder / "pcm.npy"
    if not index_path.is_file():
        _write(utterances, index_path, pcm_path, progress or NoProgress())
    index = json.loads(index_path.read_text("utf-8"))
    return Signals(
        pcm=np.load(pcm_path, mmap_mode="r"),
        offsets=np.asarray(index["offsets"]),
        position={clip: n for n, clip in enumerate(index["clips"])},
        digests=dict(zip(index["clips"], index["digests"], strict=True)),
        silent=frozenset(index["silent"]),
    )


def _key(utterances: Sequence[Utterance]) -> str:
    files = [(str(u.path), u.path.stat().st_size, u.path.stat().st_mtime_ns) for u in utterances]
    text = json.dumps([_FORMAT, asdict(SpeechOptions()), files])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(
    utterances: Sequence[Utterance], index_path: Path, pcm_path: Path, progress: Progress
) -> None:
    pieces: list[NDArray[np.int16]] = []
    digests: list[str] = []
    silent: list[str] = []
    for utterance, (speech, digest, peak) in zip(utterances, _decode_all(utterances), strict=True):
        pieces.append(speech)
        digests.append(digest)
        if peak < SILENCE_PEAK:
            silent.append(utterance.clip)
        progress.stage("corpora", "decoding", done=len(pieces), total=len(utterances))
    pcm_path.parent.mkdir(parents=True, exist_ok=True)
    temporary = pcm_path.with_suffix(f".{os.getpid()}.npy")
    np.save(temporary, np.concatenate(pieces))
    temporary.replace(pcm_path)
    offsets = np.cumsum([0, *map(len, pieces)]).tolist()
    clips = [utterance.clip for utterance in utterances]
    index = {"clips": clips, "offsets": offsets, "digests": digests, "silent": silent}
    write_atomic(index_path, json.dumps(index))


def _decode_all(utterances: Sequence[Utterance]) -> Iterator[tuple[NDArray[np.int16], str, int]]:
    """Yield each clip's speech, checksum and peak, in order, over all cores."""
    paths = [utterance.path for utterance in utterances]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(_decode_one, paths, chunksize=32)


def _decode_one(path: Path) -> tuple[NDArray[np.int16], str, int]:
    pcm = np.concatenate(list(decode(path)))
    digest = hashlib.sha256(pcm.tobytes()).hexdigest()
    return trim_to_speech(pcm), digest, int(np.abs(pcm.astype(np.int32)).max(initial=0))


def trim_to_speech(pcm: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return ``pcm`` from its first segment's start to its last one's end; all of it if none."""
    duration_s = len(pcm) / SAMPLING_RATE
    segments = find_segments(detect(pcm), duration_s=duration_s, options=SpeechOptions())
    if not segments:
        return pcm
    start, end = segments[0].start_s * SAMPLING_RATE, segments[-1].end_s * SAMPLING_RATE
    return pcm[round(start) : round(end)]

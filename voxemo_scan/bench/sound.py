"""An hour of what a film sounds like, of which as much is speech as wanted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.decode import decode
from voxemo_scan.speech.detector import detect
from voxemo_scan.speech.segments import find_segments
from voxemo_scan.training.film.backgrounds import Background, Backgrounds, load_backgrounds
from voxemo_scan.training.film.chain import FilmSound

SAMPLING_RATE: Final = 16_000
_STRETCH_S: Final = 60.0
"""How long one set of chances of the film chain holds."""
_UNIQUE_S: Final = 1200.0
"""After so much the sound begins anew: speed does not depend on what is said."""
_MARGIN_S: Final = 0.3
_TRIES: Final = 4
_NEAR: Final = 0.01
_CLIPS: Final = 400
_PROTOCOL: Final = "unseen-speakers"

Signal = NDArray[np.float32]


@dataclass(frozen=True)
class Material:
    """What the sound is made of: pieces of speech, [samples], and what lies beneath."""

    name: str
    speech: tuple[Signal, ...]
    backgrounds: Backgrounds


def from_corpora(data: Path) -> Material:
    """Return clips of CREMA-D's and RAVDESS's test speakers, and music and noise for tests.

    Raises:
        UsageError: ``data`` lacks the corpora, the split lists or the backgrounds.
    """
    from voxemo_scan.training.corpora import load_corpora  # noqa: PLC0415  (needs [train])
    from voxemo_scan.training.splits import find_protocol, load_split  # noqa: PLC0415

    corpora = load_corpora(data, find_protocol(_PROTOCOL).corpora)
    clips = load_split(_PROTOCOL, corpora, folder=data / "splits").test
    chosen = np.random.default_rng(0).permutation(len(clips))[:_CLIPS]
    return Material(
        "clips of actors in a studio made to sound like film, over music and noise",
        tuple(piece for n in chosen for piece in _spoken(clips[n].path)),
        load_backgrounds(data, "test"),
    )


def from_demo(folder: Path) -> Material:
    """Return the demo's synthetic lines, and synthetic noise in place of backgrounds."""
    rng = np.random.default_rng(0)
    noise = np.cumsum(rng.standard_normal(60 * SAMPLING_RATE)).astype(np.float32)
    hum = Background("brown noise", noise / np.abs(noise).max())
    lines = [piece for path in sorted(folder.glob("*.opus")) for piece in _spoken(path)]
    return Material(
        "synthetic lines made to sound like film, over synthetic noise",
        tuple(lines),
        Backgrounds((hum,), (hum,)),
    )


def lay_for(material: Material, *, speech: float) -> float:
    """Return how much speech to lay into a sound so that a fraction ``speech`` is found in it.

    Some of it drowns, and pauses between pieces that follow closely count as speech.
    """
    laid = speech
    for _ in range(_TRIES):
        signal = _lay(material, seconds=_UNIQUE_S, laid=laid, seed=0)
        segments = find_segments(detect(signal), duration_s=len(signal) / SAMPLING_RATE)
        found = sum(segment.duration_s for segment in segments) * SAMPLING_RATE / len(signal)
        if abs(found - speech) < _NEAR:
            break
        laid = float(np.clip(laid * speech / max(found, 0.01), 0.05, 0.95))
    return laid


def make_sound(
    material: Material, path: Path, *, minutes: float, laid: float, seed: int = 0
) -> None:
    """Write ``minutes`` of film-like sound to ``path`` as Opus, a fraction ``laid`` of it speech.

    The same material and seed give the same sound.
    """
    signal = _lay(material, seconds=min(60 * minutes, _UNIQUE_S), laid=laid, seed=seed)
    _write(np.resize(signal, round(60 * minutes * SAMPLING_RATE)), path)


def _lay(material: Material, *, seconds: float, laid: float, seed: int) -> Signal:
    rng = np.random.default_rng(seed)
    samples = round(seconds * SAMPLING_RATE)
    parts: list[Signal] = []
    while sum(len(each) for each in parts) < samples:
        parts.append(_stretch(material, rng, speech=laid))
    return np.concatenate(parts)[:samples]


def _stretch(material: Material, rng: np.random.Generator, *, speech: float) -> Signal:
    """Return about a minute: pieces of speech and pauses, through one draw of the film chain."""
    parts: list[Signal] = []
    where: list[NDArray[np.bool_]] = []
    while sum(len(each) for each in parts) < _STRETCH_S * SAMPLING_RATE:
        piece = material.speech[rng.integers(len(material.speech))]
        mean_s = len(piece) * (1 / speech - 1) / SAMPLING_RATE
        pause = np.zeros(round(rng.exponential(mean_s) * SAMPLING_RATE), dtype=np.float32)
        parts += [piece, pause]
        where += [np.ones(len(piece), dtype=bool), np.zeros(len(pause), dtype=bool)]
    found = FilmSound().apply(
        np.concatenate(parts), rng, material.backgrounds, speech=np.concatenate(where)
    )
    return np.clip(found, -1.0, 1.0)


def _spoken(path: Path) -> list[Signal]:
    """Return a file's stretches of speech with a little around each, at one level."""
    pcm = np.concatenate(list(decode(path)))
    segments = find_segments(detect(pcm), duration_s=len(pcm) / SAMPLING_RATE)
    found = []
    for segment in segments:
        first = max(0, round((segment.start_s - _MARGIN_S) * SAMPLING_RATE))
        piece = pcm[first : round((segment.end_s + _MARGIN_S) * SAMPLING_RATE)] / np.float32(32768)
        loudest = float(np.abs(piece).max())
        found.append((piece * (0.4 / max(loudest, 1e-3))).astype(np.float32))
    return found


def _write(signal: Signal, path: Path) -> None:
    pcm = np.round(32767 * signal).astype(np.int16)
    with av.open(str(path), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = 48_000
        for start in range(0, len(pcm), SAMPLING_RATE):
            block = pcm[start : start + SAMPLING_RATE]
            frame = av.AudioFrame.from_ndarray(block[None, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts = SAMPLING_RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

"""Small media files of known content, written with PyAV for the tests of every room.

Signals are float arrays, ``[samples]`` (mono) or ``[channels, samples]``, -1..1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]

CODECS = {
    ".wav": "pcm_s16le",
    ".flac": "flac",
    ".mp3": "libmp3lame",
    ".m4a": "aac",
    ".aac": "aac",
    ".mp4": "aac",
    ".mov": "aac",
    ".mkv": "libopus",
    ".webm": "libopus",
    ".opus": "libopus",
    ".ogg": "libopus",
    ".ts": "mp2",
    ".avi": "libmp3lame",
}
"""The audio codec that a file with this ending gets unless told otherwise."""

_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


@dataclass(frozen=True, slots=True)
class Audio:
    """One audio stream: its samples and where in the file's time they begin."""

    signal: Signal
    sampling_rate: int = 48_000
    codec: str | None = None
    starts_s: float = 0.0
    gaps: tuple[tuple[float, float], ...] = ()  # (from, to): sound there is not written at all
    default: bool | None = None
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Video:
    """One video stream of grey frames shown at ``times_s``, which need not be even."""

    times_s: Sequence[float]
    codec: str = "mpeg4"


def even_frames(duration_s: float, *, rate: float = 25.0, starts_s: float = 0.0) -> Video:
    """Return video of constant frame rate."""
    return Video(tuple(starts_s + np.arange(0.0, duration_s, 1.0 / rate)))


def uneven_frames(duration_s: float, *, seed: int = 0) -> Video:
    """Return video of variable frame rate: 4 to 60 frames a second, at random."""
    steps = np.random.default_rng(seed).uniform(1 / 60, 1 / 4, size=int(duration_s * 60))
    times = np.concatenate(([0.0], np.cumsum(steps)))
    return Video(tuple(times[times < duration_s]))


def write_media(
    path: Path,
    *,
    audio: Audio | Sequence[Audio] = (),
    video: Video | None = None,
    offset_s: float = 0.0,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Write a file whose format its ending names; ``offset_s`` shifts the clock of all streams."""
    tracks = [audio] if isinstance(audio, Audio) else list(audio)
    with av.open(str(path), "w", options=container_options or {}) as container:
        sources: list[_Packets] = []
        if video is not None:
            sources.append(_video_packets(container, video, offset_s=offset_s))
        sources += [_audio_packets(container, t, path=path, offset_s=offset_s) for t in tracks]
        container.start_encoding()
        for packet in _interleaved([source() for source in sources]):
            container.mux(packet)
    return path


def write_wav(path: Path, signal: Signal, *, sampling_rate: int = 16_000) -> Path:
    """Write a 16-bit WAV file."""
    return write_media(path, audio=Audio(signal, sampling_rate=sampling_rate))


def tone(duration_s: float, *, hz: float = 440.0, gain: float = 0.5, rate: int = 48_000) -> Signal:
    """Return a sine."""
    return gain * np.sin(2 * np.pi * hz * np.arange(round(duration_s * rate)) / rate)


def bursts(duration_s: float, *, at_s: Sequence[float], rate: int = 48_000) -> Signal:
    """Return silence with a burst centred on each of ``at_s``.

    A burst is a 1 kHz cosine under a Gaussian of 3 ms: it survives every codec, and
    :func:`find_burst` finds its centre to a few hundredths of a millisecond.
    """
    signal = np.zeros(round(duration_s * rate))
    for at in at_s:
        part = slice(max(0, round((at - 0.02) * rate)), round((at + 0.02) * rate))
        signal[part] += _burst(np.arange(signal.size)[part] / rate - at).real
    return signal


def find_burst(signal: NDArray[Any], *, near_s: float, rate: int = 16_000) -> float:
    """Return where, in seconds, the burst nearest to ``near_s`` (within 0.15 s) is centred.

    Raises:
        AssertionError: there is none.
    """
    reach = round(0.02 * rate)
    first = max(0, round((near_s - 0.15) * rate))
    part = np.asarray(signal[first : round((near_s + 0.15) * rate)], dtype=np.float64)
    template = _burst(np.arange(-reach, reach + 1) / rate)
    likeness = np.abs(np.correlate(part, template, "full")) if part.size else np.zeros(1)
    loudness = np.sqrt(np.convolve(part**2, np.ones(template.size))) if part.size else likeness
    peak = int(likeness.argmax())
    if likeness[peak] < 0.5 * loudness[peak] * np.linalg.norm(template) or not likeness[peak]:
        raise AssertionError(f"no burst near {near_s} s")
    before, at, after = likeness[peak - 1 : peak + 2]
    return float((first + peak + 0.5 * (before - after) / (before - 2 * at + after) - reach) / rate)


def _burst(time: Signal) -> NDArray[np.complex128]:
    return 0.5 * np.exp(-0.5 * (time / 0.003) ** 2 + 2j * np.pi * 1000.0 * time)


_Packets = Callable[[], Iterator[Any]]


def _audio_packets(container: Any, audio: Audio, *, path: Path, offset_s: float) -> _Packets:
    signal = np.atleast_2d(audio.signal)
    rate = audio.sampling_rate
    layout = _LAYOUTS[signal.shape[0]]
    codec = audio.codec or CODECS[path.suffix]
    stream = container.add_stream(codec, rate=rate, layout=layout, options=audio.options)
    stream.time_base = Fraction(1, rate)
    if audio.default is not None:
        stream.disposition = (
            av.stream.Disposition.default if audio.default else av.stream.Disposition(0)
        )

    def packets() -> Iterator[Any]:
        fitted = av.AudioResampler(
            stream.format.name, layout, rate, frame_size=stream.codec_context.frame_size or 1024
        )
        start = round((offset_s + audio.starts_s) * rate)
        raw = av.AudioFrame.from_ndarray(signal.astype(np.float32), "fltp", layout)
        raw.sample_rate, raw.pts, raw.time_base = rate, start, Fraction(1, rate)
        for frame in (*fitted.resample(raw), *fitted.resample(None)):
            frame.time_base = Fraction(1, rate)
            for packet in stream.encode(frame):
                if not any(low <= packet.pts / rate - offset_s < high for low, high in audio.gaps):
                    yield packet
        yield from stream.encode(None)

    return packets


def _video_packets(container: Any, video: Video, *, offset_s: float) -> _Packets:
    stream = container.add_stream(video.codec, rate=25)
    stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
    ticks = 60_000
    stream.codec_context.time_base = Fraction(1, ticks)
    stream.time_base = Fraction(1, ticks)

    def packets() -> Iterator[Any]:
        for index, time_s in enumerate(video.times_s):
            grey = np.full((32, 32, 3), 64 + index % 128, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
            frame.pts = round((offset_s + time_s) * ticks)
            frame.time_base = Fraction(1, ticks)
            yield from stream.encode(frame)
        yield from stream.encode(None)

    return packets


def _interleaved(sources: list[Iterator[Any]]) -> Iterator[Any]:
    """Yield packets in order of time, as muxers want them."""
    heads = [next(source, None) for source in sources]
    while any(head is not None for head in heads):
        index = min(
            (i for i, head in enumerate(heads) if head is not None),
            key=lambda i: float((heads[i].dts or 0) * heads[i].time_base),
        )
        yield heads[index]
        heads[index] = next(sources[index], None)

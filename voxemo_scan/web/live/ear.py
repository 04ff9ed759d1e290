"""What has been said so far: sound as it comes, where there is speech, the window to judge next."""

from __future__ import annotations

import math
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soxr
from numpy.typing import NDArray

from voxemo_scan.audio.level import gain, level_db
from voxemo_scan.models.index import read_index
from voxemo_scan.scan.passages import CONTEXT_S
from voxemo_scan.speech.detector import FRAME_S, SAMPLING_RATE, SpeechDetector
from voxemo_scan.speech.segments import find_segments
from voxemo_scan.speech.windows import Window, WindowOptions
from voxemo_scan.web.crew.jobs import Excerpt

WINDOW_S: Final = WindowOptions().window_s
_HELD_S: Final = 12.0
_SHORTEST_S: Final = 0.6
_FRESH_S: Final = 0.7
"""Speech that ended longer ago is not judged: it was, or it is too late."""
_LEVEL_S: Final = 0.5
_QUIETEST_DB: Final = -90.0


@dataclass(frozen=True, slots=True)
class Now:
    """The moment: ``level_db`` of the last half second, and whether there is speech in it."""

    at_s: float
    level_db: float
    speech: bool


class Ear:
    """Takes sound in and remembers the last seconds; all of it goes to a WAV file.

    Not for several threads at once.

    Args:
        path: where the recording is written, 16 bits, mono.
        sampling_rate: of what comes, Hz.
    """

    def __init__(self, path: Path, *, sampling_rate: int) -> None:
        self.sampling_rate = sampling_rate
        self._file = wave.open(str(path), "wb")  # noqa: SIM115 - closed by close()
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(sampling_rate)
        self._resampler = soxr.ResampleStream(sampling_rate, SAMPLING_RATE, 1, dtype="float32")
        self._detector = SpeechDetector()
        self._held = np.zeros(0, dtype=np.float32)
        self._first = 0  # the number of the first sample that is held
        self._speech: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._known_db = read_index().speech_level_db

    @property
    def at_s(self) -> float:
        """How much was heard, seconds."""
        return (self._first + self._held.size) / SAMPLING_RATE

    def take(self, signal: NDArray[np.float32]) -> None:
        """Take the next of the sound: float32, [samples], mono, -1..1."""
        bounded = np.clip(np.nan_to_num(signal, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)
        self._file.writeframes((bounded * 32767.0).astype("<i2").tobytes())
        fitted = np.asarray(self._resampler.resample_chunk(bounded), dtype=np.float32)
        self._detector.feed(fitted)
        self._held = np.concatenate((self._held, fitted))
        spare = self._held.size - round(_HELD_S * SAMPLING_RATE)
        if spare > 0:
            self._held, self._first = self._held[spare:], self._first + spare
        self._speech = self._detector.so_far()

    def now(self) -> Now:
        """Return the moment."""
        last = self._held[-round(_LEVEL_S * SAMPLING_RATE) :]
        frames = self._speech[-math.ceil(_LEVEL_S / FRAME_S) :]
        return Now(
            at_s=round(self.at_s, 3),
            level_db=round(max(level_db([last]), _QUIETEST_DB), 1) if last.size else _QUIETEST_DB,
            speech=bool(frames.size and frames.max() >= 0.5),
        )

    def next_window(self) -> tuple[Window, Excerpt] | None:
        """Return the latest window of speech with its sound; None where nobody has just spoken."""
        offset_s = self._first / SAMPLING_RATE
        frames = self._speech[math.ceil(offset_s / FRAME_S) :]
        segments = find_segments(frames, duration_s=self.at_s - offset_s)
        if not segments or self.at_s - offset_s - segments[-1].end_s > _FRESH_S:
            return None
        last = segments[-1]
        begin_s = max(last.start_s, last.end_s - WINDOW_S)
        if last.end_s - begin_s < _SHORTEST_S:
            return None
        from_s = max(0.0, begin_s - CONTEXT_S)
        signal = self._held[_at(from_s) :]
        window = (_at(begin_s) - _at(from_s), min(_at(last.end_s) - _at(from_s), signal.size))
        speech = [self._held[_at(s.start_s) : _at(s.end_s)] for s in segments]
        return Window(round(begin_s + offset_s, 3), round(last.end_s + offset_s, 3)), Excerpt(
            self._gain(speech) * signal,
            window,
            starts_speech=begin_s == last.start_s,
            ends_speech=self.at_s - offset_s - last.end_s > 2 * FRAME_S,
        )

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def _gain(self, speech: list[NDArray[np.float32]]) -> np.float32:
        """Return what brings the speech that is held to the level that the model knows."""
        if self._known_db is None:
            return np.float32(1.0)
        return gain(from_db=level_db(speech), to_db=self._known_db)


def _at(time_s: float) -> int:
    return round(time_s * SAMPLING_RATE)

"""A voice heard while it speaks: sound goes in as it comes, what is heard comes out as it is due.

``LiveListener`` reads no file and no device, and knows no clock but the sound's own: whoever has
sound feeds it. ``voxemo-scan listen --mic`` and the web page's live listening both stand on it::

    with LiveListener(ensemble, sampling_rate=48_000) as listener:
        listener.feed(block)             # cheap: from wherever sound arrives
        heard = listener.listen()        # from one worker: None until half a second is there
        scene = listener.finish(id="live", title="Live", source="microphone")

One thread may feed while another listens. A listener that takes longer than sound does to come
falls behind: the next call then takes all that has come and judges its newest window alone, so
that it is never more than one judgement late; ``skipped`` counts what was passed over.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.decode import SAMPLING_RATE
from voxemo_scan.audio.level import gain, level_db
from voxemo_scan.audio.recording import Recording
from voxemo_scan.emotions import Emotion
from voxemo_scan.errors import UsageError
from voxemo_scan.scan.analyse import StageProgress, analyse_recording
from voxemo_scan.scan.course import Course
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.passages import CONTEXT_S, PlannedPassage, cut_passage
from voxemo_scan.scan.result import Gender, SceneResult
from voxemo_scan.scan.shares import by_emotion
from voxemo_scan.speech.detector import FRAME_SAMPLES, SpeechDetector
from voxemo_scan.speech.segments import Segment, find_segments
from voxemo_scan.speech.windows import Window
from voxemo_scan.text import Key

if TYPE_CHECKING:
    from voxemo_scan.models.ensemble import Ensemble

EVERY_S: Final = 0.5
"""Sound between two judgements."""
LEAST_RATE: Final = 8_000
MOST_RATE: Final = 192_000
_NEW_S: Final = 0.1
"""Speech that must have come since the last window, lest the same one be judged again."""
_FULL_SCALE: Final = 32768.0
_SILENCE_DB: Final = -120.0


@dataclass(frozen=True, slots=True)
class LiveWindow:
    """What was heard in the newest window.

    ``probabilities`` in the order of ``EMOTIONS``; ``female``: how likely the voice is a woman's.
    """

    start_s: float
    end_s: float
    probabilities: tuple[float, ...]
    female: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What there is to say after half a second more of sound.

    ``at_s``: how much of the sound is heard; ``level_db``: of what came since the last time, below
    full scale; ``speech``: somebody speaks; ``window``: None where there was nothing new to judge
    or it was set aside as no clear speech of one voice (``unclear``); ``shares`` and ``voices``: of
    all windows so far, empty before the first; ``behind_s``: sound that came meanwhile and is not
    heard yet; ``skipped``: judgements passed over so far to keep up.
    """

    at_s: float
    level_db: float
    speech: bool
    window: LiveWindow | None
    unclear: bool
    shares: dict[Emotion, float]
    voices: dict[Gender, float]
    behind_s: float
    skipped: int

    def as_json(self) -> dict[str, Any]:
        """Return what there is to say as JSON values; what is not there is None."""
        window = self.window
        return {
            "at_s": round(self.at_s, 3),
            "level_db": round(self.level_db, 1),
            "speech": self.speech,
            "unclear": self.unclear,
            "window": window
            and {
                "start_s": round(window.start_s, 3),
                "end_s": round(window.end_s, 3),
                "probabilities": _rounded(by_emotion(window.probabilities)),
            },
            "shares": _rounded(self.shares) or None,
            "voices": _rounded(self.voices) or None,
            "behind_s": round(self.behind_s, 3),
            "skipped": self.skipped,
        }


class LiveListener:
    """Hears sound as it comes.

    Args:
        ensemble: who listens.
        sampling_rate: of the sound that is fed, Hz.
        options: as for a recording.
        every_s: sound between two judgements, seconds.

    Raises:
        UsageError: nobody records at that rate.
    """

    def __init__(
        self,
        ensemble: Ensemble,
        *,
        sampling_rate: int = SAMPLING_RATE,
        options: ScanOptions | None = None,
        every_s: float = EVERY_S,
    ) -> None:
        self._ensemble = ensemble
        self._options = options or ScanOptions()
        self._every = round(every_s * SAMPLING_RATE)
        self._resampler = _resampler(sampling_rate)
        self._arrived: deque[NDArray[np.int16]] = deque()
        self._fed = self._taken = 0
        self._recording = Recording()
        self._detector = SpeechDetector()
        self._energy = _FrameEnergy()
        self._course = Course(window_s=ensemble.window_s, options=self._options)
        self._judged_to_s = 0.0
        self._skipped = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the held sound up."""
        self._recording.close()

    @property
    def fed_s(self) -> float:
        """Return how much sound has come, seconds."""
        return self._fed / SAMPLING_RATE

    @property
    def behind_s(self) -> float:
        """Return how much sound has come that is not heard yet, seconds."""
        return (self._fed - self._taken) / SAMPLING_RATE

    def feed(self, block: NDArray[np.int16] | NDArray[np.float32]) -> None:
        """Take the next ``block``: [samples], mono, int16 or float32 in -1..1; cheap.

        What is no number counts as silence, what is louder than full scale as full scale.
        """
        self._arrive(block if self._resampler is None else self._resampler.resample_chunk(block))

    def listen(self) -> Heard | None:
        """Return what is heard once half a second has come since the last time, else None."""
        due = (self._fed - self._taken) // self._every
        if due < 1:
            return None
        self._skipped += due - 1
        level = level_db([self._take()])
        segments = find_segments(
            self._detector.so_far(),
            duration_s=self._recording.duration_s,
            options=self._options.speech,
        )
        window, unclear = self._newest(segments)
        at_s = self._taken / SAMPLING_RATE
        since_s = at_s - due * self._every / SAMPLING_RATE
        return Heard(
            at_s=at_s,
            level_db=max(level, _SILENCE_DB),
            speech=bool(segments) and segments[-1].end_s > since_s,
            window=window,
            unclear=unclear,
            shares=self._course.shares(),
            voices=self._course.voices(),
            behind_s=self.behind_s,
            skipped=self._skipped,
        )

    def finish(
        self,
        *,
        id: str,
        title: str,
        source: str,
        progress: StageProgress = lambda _name, _done, _total: None,
    ) -> SceneResult:
        """Return the whole recording's result, the same as of a file that holds this sound.

        The listener is then used up.
        """
        if self._resampler is not None:
            empty = np.zeros(0, dtype=np.float32)
            self._arrive(self._resampler.resample_chunk(empty, last=True))
        self._take()
        base = SceneResult(id=id, title=title, source=source, status="no-speech")
        return analyse_recording(
            base, self._recording, self._detector.finish(),
            ensemble=self._ensemble, options=self._options, progress=progress,
        )  # fmt: skip

    def _arrive(self, block: NDArray[np.int16] | NDArray[np.float32]) -> None:
        samples = _as_int16(block)
        self._fed += samples.size
        self._arrived.append(samples)

    def _take(self) -> NDArray[np.float32]:
        """Put what has come where it belongs and return it."""
        blocks = [self._arrived.popleft() for _ in range(len(self._arrived))]
        new = np.concatenate([np.zeros(0, dtype=np.int16), *blocks])
        self._taken += new.size
        self._recording.append(new)
        self._detector.feed(new)
        heard = new.astype(np.float32) / np.float32(_FULL_SCALE)
        self._energy.feed(heard)
        return heard

    def _newest(self, segments: tuple[Segment, ...]) -> tuple[LiveWindow | None, bool]:
        """Return what is heard in the newest window, if there is one, and whether it is unclear."""
        if not segments or segments[-1].end_s - self._judged_to_s < _NEW_S:
            return None, False
        self._judged_to_s = segments[-1].end_s
        planned = self._plan(segments)
        heard = self._ensemble.judge(
            [cut_passage(planned, self._recording, gain=self._gain(segments))]
        )
        if heard.clear is not None and heard.clear[0] < self._options.least_clear:
            return None, True
        (window,) = planned.windows
        female = 0.5 if heard.female is None else float(heard.female[0])
        self._course.add(window, heard.probabilities[0], female=female, segment=len(segments) - 1)
        row = tuple(float(p) for p in heard.probabilities[0])
        return LiveWindow(window.start_s, window.end_s, row, female), False

    def _plan(self, segments: tuple[Segment, ...]) -> PlannedPassage:
        """Return the newest window with the sound around it, as far as there is any yet."""
        segment = segments[-1]
        left_s = (segments[-2].end_s + segment.start_s) / 2 if len(segments) > 1 else 0.0
        window = Window(
            max(segment.start_s, segment.end_s - self._ensemble.window_s), segment.end_s
        )
        return PlannedPassage(
            windows=(window,),
            start_s=max(window.start_s - CONTEXT_S, left_s),
            end_s=min(window.end_s + CONTEXT_S, self._recording.duration_s),
            starts_speech=window.start_s == segment.start_s,
            ends_speech=self._recording.duration_s > window.end_s,
        )

    def _gain(self, segments: tuple[Segment, ...]) -> np.float32:
        """Return what brings the speech so far to the level that the ensemble knows."""
        known_db = self._ensemble.speech_level_db
        if known_db is None:
            return np.float32(1.0)
        return gain(from_db=self._energy.level_db(segments), to_db=known_db)


class _FrameEnergy:
    """The energy of sound frame by frame, by which speech's level is known without rereading it."""

    def __init__(self) -> None:
        self._frames = np.zeros(0)
        self._rest = np.zeros(0, dtype=np.float32)

    def feed(self, signal: NDArray[np.float32]) -> None:
        signal = np.concatenate([self._rest, signal])
        whole = signal.size // FRAME_SAMPLES * FRAME_SAMPLES
        frames = signal[:whole].reshape(-1, FRAME_SAMPLES).astype(np.float64)
        self._frames = np.concatenate([self._frames, np.square(frames).mean(axis=1)])
        self._rest = signal[whole:]

    def level_db(self, segments: tuple[Segment, ...]) -> float:
        """Return the mean level of what lies in segments, to the frame."""
        rate = SAMPLING_RATE / FRAME_SAMPLES
        spans = [slice(int(s.start_s * rate), math.ceil(s.end_s * rate)) for s in segments]
        return level_db(np.sqrt(self._frames[span]).astype(np.float32) for span in spans)


def _rounded(values: Mapping[Key, float]) -> dict[Key, float]:
    return {name: round(value, 4) for name, value in values.items()}


def _resampler(sampling_rate: int) -> Any:
    """Return what brings sound to 16 kHz piece by piece; None if it has that rate."""
    if not LEAST_RATE <= sampling_rate <= MOST_RATE:
        raise UsageError(
            f"sound of {sampling_rate} samples a second cannot be heard",
            remedy=f"record at {LEAST_RATE} to {MOST_RATE} Hz",
        )
    if sampling_rate == SAMPLING_RATE:
        return None
    import soxr  # noqa: PLC0415  (loads with the models, not with the command line)

    return _FloatResampler(soxr.ResampleStream(sampling_rate, SAMPLING_RATE, 1, dtype="float32"))


class _FloatResampler:
    """A stream resampler that takes samples of either type, and none that is no number."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def resample_chunk(
        self, block: NDArray[np.int16] | NDArray[np.float32], *, last: bool = False
    ) -> NDArray[np.float32]:
        made = self._stream.resample_chunk(_as_float(block), last=last)
        return np.asarray(made, dtype=np.float32).reshape(-1)


def _as_float(block: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.float32]:
    if block.dtype == np.int16:
        return block.astype(np.float32) / np.float32(_FULL_SCALE)
    sound = np.nan_to_num(block.astype(np.float32), nan=0.0, posinf=1.0, neginf=-1.0)
    return np.clip(sound, -1.0, 1.0)


def _as_int16(block: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.int16]:
    if block.dtype == np.int16:
        return block.astype(np.int16)  # a copy: the caller may write to its block again
    scaled = np.round(_as_float(block) * _FULL_SCALE)
    return np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)

"""Where somebody speaks: silero-vad's network, fed block by block."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.errors import MissingError

SAMPLING_RATE: Final = 16_000
"""Sampling rate that the network hears, Hz."""

FRAME_SAMPLES: Final = 512
"""Samples in the frame that one probability speaks for."""

FRAME_S: Final = FRAME_SAMPLES / SAMPLING_RATE
"""Seconds in a frame."""

_CONTEXT: Final = 64
_BATCH: Final = 256  # frames a call: 8 s of sound, 0.6 MB
_STATE_SHAPE: Final = (1, 1, 128)


class SpeechDetector:
    """Hears, frame by frame of 32 ms, how likely it is that somebody speaks.

    The network (Silero Team, "Silero VAD", 2021-2025, MIT) is recurrent: feed one clip in order,
    in blocks of any size, then ``finish``. The probabilities do not depend on how it was cut.
    """

    def __init__(self) -> None:
        self._session = _session()
        self._hidden = np.zeros(_STATE_SHAPE, dtype=np.float32)
        self._cell = np.zeros(_STATE_SHAPE, dtype=np.float32)
        self._context = np.zeros(_CONTEXT, dtype=np.float32)
        self._waiting = np.zeros(0, dtype=np.float32)
        self._heard: list[NDArray[np.float32]] = []

    def feed(self, block: NDArray[np.int16] | NDArray[np.float32]) -> None:
        """Take the next ``block``: [samples], mono, 16 kHz, int16 or float32 in -1..1."""
        self._waiting = np.concatenate((self._waiting, _as_float(block)))
        batch = _BATCH * FRAME_SAMPLES
        while self._waiting.size >= batch:
            self._hear(self._waiting[:batch])
            self._waiting = self._waiting[batch:]

    def so_far(self) -> NDArray[np.float32]:
        """Return the probabilities of all frames that are whole, float32, [frames], 0..1."""
        whole = self._waiting.size // FRAME_SAMPLES * FRAME_SAMPLES
        if whole:
            self._hear(self._waiting[:whole])
            self._waiting = self._waiting[whole:]
        self._heard = [np.concatenate(self._heard)] if self._heard else []
        return self._heard[0] if self._heard else np.zeros(0, dtype=np.float32)

    def finish(self) -> NDArray[np.float32]:
        """Return all probabilities, float32, [frames], 0..1; the detector is then used up.

        A frame that the clip does not fill is heard as if silence followed.
        """
        missing = -self._waiting.size % FRAME_SAMPLES
        if self._waiting.size:
            self._hear(np.pad(self._waiting, (0, missing)))
            self._waiting = self._waiting[:0]
        return np.concatenate(self._heard) if self._heard else np.zeros(0, dtype=np.float32)

    def _hear(self, signal: NDArray[np.float32]) -> None:
        frames = signal.reshape(-1, FRAME_SAMPLES)
        contexts = np.vstack((self._context, frames[:-1, -_CONTEXT:]))
        probabilities, self._hidden, self._cell = self._session.run(
            ["speech_probs", "hn", "cn"],
            {"input": np.hstack((contexts, frames)), "h": self._hidden, "c": self._cell},
        )
        self._context = frames[-1, -_CONTEXT:].copy()
        self._heard.append(probabilities.reshape(-1))


def detect(signal: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probability of speech, 0..1, in each 32 ms frame of ``signal``.

    ``signal``: [samples], mono, 16 kHz, int16 or float32 in -1..1.
    """
    detector = SpeechDetector()
    detector.feed(signal)
    return detector.finish()


def network_path() -> Path:
    """Return the file that holds the network.

    Raises:
        MissingError: silero-vad is not installed or does not hold it.
    """
    spec = find_spec("silero_vad")  # found, not imported: importing it loads torch
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "data" / "silero_vad_16k_sequence.onnx"
        if path.is_file():
            return path
    raise MissingError(
        "the network that finds speech is not installed", remedy="pip install 'silero-vad>=6.2.3'"
    )


@cache
def _session() -> Any:
    import onnxruntime  # noqa: PLC0415  (a tenth of a second, only where speech is sought)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(network_path()), sess_options=options, providers=["CPUExecutionProvider"]
    )


def _as_float(block: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.float32]:
    if block.dtype == np.int16:
        return block.astype(np.float32) / np.float32(32768.0)
    return block.astype(np.float32, copy=False)

"""What a lossy codec leaves of a sound."""

from __future__ import annotations

from io import BytesIO
from typing import Final, Literal, cast, get_args

import av
import numpy as np
from av import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

Codec = Literal["aac", "mp3", "opus"]
CODECS: Final[tuple[Codec, ...]] = get_args(Codec)

_ENCODERS: Final = {"aac": ("mp4", "aac"), "mp3": ("mp3", "libmp3lame"), "opus": ("ogg", "libopus")}
_RATE: Final = 16_000


def round_trip(
    signal: NDArray[np.float32], codec: Codec, *, bits_per_s: int
) -> NDArray[np.float32]:
    """Return ``signal``, float32, [samples], 16 kHz, encoded and decoded again, as long as it was.

    What exceeds full scale is clipped, as a file clips it.
    """
    container, encoder = _ENCODERS[codec]
    file = BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = cast(AudioStream, output.add_stream(encoder, rate=_RATE, layout="mono"))
        stream.bit_rate = bits_per_s
        pcm = np.clip(np.round(signal * 32767.0), -32768, 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(pcm[None, :], format="s16", layout="mono")
        frame.sample_rate = _RATE
        frame.pts = 0
        for each in (frame, None):
            output.mux(stream.encode(each))
    file.seek(0)
    to_mono = av.AudioResampler(format="flt", layout="mono", rate=_RATE)
    blocks = []
    with cast(InputContainer, av.open(file)) as read:
        for decoded in read.decode(audio=0):
            blocks += [each.to_ndarray()[0] for each in to_mono.resample(decoded)]
    blocks += [each.to_ndarray()[0] for each in to_mono.resample(None)]
    heard = np.concatenate(blocks)[: len(signal)]
    return np.pad(heard, (0, len(signal) - len(heard))).astype(np.float32)

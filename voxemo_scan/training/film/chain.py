"""One chain of what happens to a voice on its way to a film's sound track and from there to us.

A room, music and noise beside the voice, the band that the recording keeps, its hiss, an overdriven
stage, a coarse converter.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.signal import butter, fftconvolve, sosfilt

from voxemo_scan.training.film.backgrounds import Background, Backgrounds, mix
from voxemo_scan.training.film.codec import CODECS, round_trip

Range = tuple[float, float]

_RATE: Final = 16_000


class FilmSound(BaseModel):
    """How often each link of the chain is there, and between what bounds it is drawn.

    ``room_s`` is how long an echo takes to fall by 60 dB, ``direct_db`` how far the voice stands
    above its echo. ``low_hz`` and ``high_hz`` bound what the recording keeps. SNRs are the
    speech's above music, noise and hiss. ``drive_db`` is by how much the loudest moment exceeds
    what the soft clipping stage takes; ``bits`` is how finely the converter tells levels apart;
    ``kbit_per_s`` is what a lossy codec is given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    room: float = Field(default=0.6, ge=0, le=1)
    room_s: Range = (0.15, 0.9)
    direct_db: Range = (-2.0, 12.0)
    music: float = Field(default=0.6, ge=0, le=1)
    music_snr_db: Range = (3.0, 20.0)
    noise: float = Field(default=0.5, ge=0, le=1)
    noise_snr_db: Range = (3.0, 25.0)
    band: float = Field(default=0.6, ge=0, le=1)
    low_hz: Range = (60.0, 300.0)
    high_hz: Range = (3000.0, 7500.0)
    hiss: float = Field(default=0.5, ge=0, le=1)
    hiss_snr_db: Range = (15.0, 35.0)
    clipping: float = Field(default=0.3, ge=0, le=1)
    drive_db: Range = (0.0, 12.0)
    coarse: float = Field(default=0.25, ge=0, le=1)
    bits: Range = (7.0, 9.0)
    codec: float = Field(default=0.0, ge=0, le=1)
    kbit_per_s: Range = (12.0, 48.0)

    def apply(
        self,
        signal: NDArray[np.float32],
        rng: np.random.Generator,
        backgrounds: Backgrounds,
        *,
        speech: slice | NDArray[np.bool_] | None = None,
    ) -> NDArray[np.float32]:
        """Return ``signal`` as it might sound in a film, as long as it was.

        Args:
            signal: float32, [samples], -1..1, 16 kHz.
            rng: where chances come from.
            backgrounds: what may lie under the voice.
            speech: the samples that hold the speech, or a mask of all samples; all if None.
        """
        where = slice(None) if speech is None else speech

        def drawn(bounds: Range) -> float:
            return float(rng.uniform(*bounds))

        chances = rng.uniform(size=6)
        if chances[0] < self.room:
            signal = in_room(
                signal, rng, seconds=drawn(self.room_s), direct_db=drawn(self.direct_db)
            )
        if chances[1] < self.music:
            under = _any(backgrounds.music, rng).stretch(len(signal), rng)
            signal = mix(signal, under, speech=where, snr_db=drawn(self.music_snr_db))
        if chances[2] < self.noise:
            under = _any(backgrounds.noise, rng).stretch(len(signal), rng)
            signal = mix(signal, under, speech=where, snr_db=drawn(self.noise_snr_db))
        if chances[3] < self.band:
            signal = in_band(signal, low_hz=drawn(self.low_hz), high_hz=drawn(self.high_hz))
        if chances[4] < self.hiss:
            hiss = rng.standard_normal(len(signal)).astype(np.float32)
            signal = mix(signal, hiss, speech=where, snr_db=drawn(self.hiss_snr_db))
        if chances[5] < self.clipping:
            signal = softly_clipped(signal, drive_db=drawn(self.drive_db))
        if rng.uniform() < self.coarse:
            signal = coarsely_quantised(signal, bits=drawn(self.bits))
        if self.codec and rng.uniform() < self.codec:
            codec = CODECS[int(rng.integers(len(CODECS)))]
            signal = round_trip(signal, codec, bits_per_s=round(1000 * drawn(self.kbit_per_s)))
        return signal


def in_room(
    signal: NDArray[np.float32], rng: np.random.Generator, *, seconds: float, direct_db: float
) -> NDArray[np.float32]:
    """Return ``signal`` with the echo of a room, as loud as before.

    The room is noise that dies away exponentially (Polack 1988), ``seconds`` until it has fallen
    by 60 dB, ``direct_db`` under the direct sound in all.
    """
    time_s = np.arange(1, round(seconds * _RATE)) / _RATE
    echo = rng.standard_normal(len(time_s)) * np.exp(-np.log(1000.0) * time_s / seconds)
    echo *= 10.0 ** (-direct_db / 20.0) / np.sqrt(np.square(echo).sum())
    response = np.concatenate([[1.0], echo])
    heard = fftconvolve(signal, response)[: len(signal)]
    power = np.square(heard).mean()
    if power > 0:
        heard *= np.sqrt(np.square(signal, dtype=np.float64).mean() / power)
    return np.asarray(heard, dtype=np.float32)


def in_band(signal: NDArray[np.float32], *, low_hz: float, high_hz: float) -> NDArray[np.float32]:
    """Return what a recording of this band keeps of ``signal``."""
    low, high = low_hz, min(high_hz, 0.49 * _RATE)
    sections = butter(4, (low, high), btype="bandpass", fs=_RATE, output="sos")
    return np.asarray(sosfilt(sections, signal), dtype=np.float32)


def softly_clipped(signal: NDArray[np.float32], *, drive_db: float) -> NDArray[np.float32]:
    """Return ``signal`` through a stage that its peaks exceed by ``drive_db``, its peak kept."""
    peak = float(np.abs(signal).max(initial=0.0))
    if peak == 0.0:
        return signal
    drive = 10.0 ** (drive_db / 20.0)
    return np.asarray(peak / np.tanh(drive) * np.tanh(drive * signal / peak), dtype=np.float32)


def coarsely_quantised(signal: NDArray[np.float32], *, bits: float) -> NDArray[np.float32]:
    """Return ``signal`` in steps of 2 to the power of ``-bits`` of twice its peak."""
    peak = float(np.abs(signal).max(initial=0.0))
    if peak == 0.0:
        return signal
    step = 2.0 * peak / 2.0**bits
    return np.asarray(np.round(signal / step) * step, dtype=np.float32)


def _any(sounds: tuple[Background, ...], rng: np.random.Generator) -> Background:
    return sounds[int(rng.integers(len(sounds)))]

"""A recording in pictures: waveform, mel spectrogram, MFCC, chroma, F0 and energy over time."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import NDArray

from voxemo_scan.explore.pitch import HIGHEST_HZ, LOWEST_HZ
from voxemo_scan.explore.recording import Sound
from voxemo_scan.explore.spectra import TOP_DB, bases
from voxemo_scan.explore.style import Look, label, plain
from voxemo_scan.manifest.timecode import format_timecode

_STEPS_S: Final = (
    0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000,
)  # fmt: skip
_HEIGHTS: Final = (1.1, 1.9, 1.1, 1.1, 1.3, 0.9)
_PITCHES: Final = ("C", "D", "E", "F\u266f", "G\u266f", "A\u266f")
_MEL_TICKS_HZ: Final = (500, 1000, 2000, 4000)
_F0_TICKS_HZ: Final = (75, 100, 150, 200, 300, 400, 600)


def recording_figure(sound: Sound, look: Look, *, title: str) -> Figure:
    """Return all six pictures over one time axis, speech marked on the first."""
    layout = ConstrainedLayoutEngine(h_pad=0.04, hspace=0.02)
    figure = Figure(figsize=(look.width_in, 9.6 if look.wide else 9.0), layout=layout)
    grid = figure.add_gridspec(6, 2, width_ratios=(60, 1), height_ratios=_HEIGHTS, wspace=0.01)
    first = figure.add_subplot(grid[0, 0])
    rows = [first, *(figure.add_subplot(grid[n, 0], sharex=first) for n in range(1, 6))]
    draw_wave(rows[0], sound, look)
    _scale(figure, grid[1, 1], draw_mel(rows[1], sound), "dB", look)
    _scale(figure, grid[2, 1], _draw_mfcc(rows[2], sound), "deviations", look)
    _scale(figure, grid[3, 1], _draw_chroma(rows[3], sound), "of strongest", look)
    draw_pitch(rows[4], sound, look)
    _draw_energy(rows[5], sound, look)
    for axes in rows[:-1]:
        axes.tick_params(labelbottom=False)
    time_axis(rows[-1], sound, look)
    figure.suptitle(label(title, look), x=0.01, ha="left", fontsize=12, fontweight="bold")
    return figure


def time_axis(axes: Axes, sound: Sound, look: Look) -> None:
    """Label the time axis with the file's own times, at round ones."""
    length_s = max(sound.duration_s, 1e-3)
    step_s = next((s for s in _STEPS_S if length_s / s <= (11 if look.wide else 4)), _STEPS_S[-1])
    ticks = np.arange(
        math.ceil(sound.start_s / step_s - 1e-9) * step_s, sound.start_s + length_s, step_s
    )
    axes.set_xlim(0.0, length_s)
    axes.set_xticks(ticks - sound.start_s, [format_timecode(float(at)) for at in ticks])


def draw_wave(axes: Axes, sound: Sound, look: Look) -> None:
    """Draw the wave's extent, with the stretches of speech behind it."""
    columns = sound.columns
    theme = look.theme
    for start, end in sound.segments:
        axes.axvspan(start, end, color=theme.accent, alpha=0.16, linewidth=0)
    axes.fill_between(
        columns.times_s, columns.lowest, columns.highest, color=theme.ink, linewidth=0.3
    )
    reach = max(columns.peak * 1.1, 0.01)
    axes.set(ylim=(-reach, reach), title="Waveform, speech shaded", ylabel="of full scale")
    plain(axes)


def draw_mel(axes: Axes, sound: Sound) -> Any:
    """Draw the mel spectrogram, decibels under its loudest point; return what has the colours."""
    decibels = sound.columns.mel_db - sound.columns.mel_db.max()
    low = min(float(np.quantile(decibels, 0.01)), -1.0)
    image = _image(axes, decibels, sound, cmap="magma", vmin=low, vmax=0.0)
    places = np.interp(_MEL_TICKS_HZ, bases().mel_hz, np.arange(len(decibels)) + 0.5)
    axes.set_yticks(places, [f"{hz}" for hz in _MEL_TICKS_HZ])
    axes.set(title="Mel spectrogram, 128 bands", ylabel="Hz")
    return image


def draw_pitch(axes: Axes, sound: Sound, look: Look) -> None:
    """Draw F0 where there is one."""
    pitch = sound.pitch
    axes.plot(
        pitch.times_s, pitch.hz, linestyle="none", marker="o",
        markersize=2.2 if look.wide else 1.6, color=look.theme.accent, markeredgewidth=0,
    )  # fmt: skip
    axes.set_yscale("log")
    axes.set_yticks(_F0_TICKS_HZ, [str(hz) for hz in _F0_TICKS_HZ])
    axes.minorticks_off()
    low, high = LOWEST_HZ, HIGHEST_HZ
    if pitch.hz.size:
        low, high = float(pitch.hz.min()) * 0.85, float(pitch.hz.max()) * 1.15
    axes.set(ylim=(low, high), title=f"F0{sampled_note(sound)}", ylabel="Hz")
    axes.grid(axis="y", linewidth=0.6)
    if not pitch.hz.size:
        axes.text(0.5, 0.5, "no voiced sound found", transform=axes.transAxes, ha="center")
    plain(axes)


def sampled_note(sound: Sound) -> str:
    """Return how much of a long recording F0 was sought in; nothing if in all of it."""
    if not sound.pitch.sampled:
        return ""
    part = "its speech" if sound.segments else "the recording"
    return f", in {sound.pitch.sought_s:.0f} s spread over {part}"


def _draw_mfcc(axes: Axes, sound: Sound) -> Any:
    """Draw each coefficient against its own mean: they differ in size by a hundred times."""
    rows = np.where(sound.columns.silent, np.nan, sound.columns.mfcc)
    spread = np.maximum(np.nanstd(rows, axis=1, keepdims=True), 1e-9)
    standard = (rows - np.nanmean(rows, axis=1, keepdims=True)) / spread
    image = _image(axes, standard, sound, cmap="RdBu_r", vmin=-3.0, vmax=3.0)
    axes.set_yticks([0.5, 9.5, 19.5], ["1", "10", "20"])
    axes.set(title="MFCC, each against its own mean")
    return image


def _draw_chroma(axes: Axes, sound: Sound) -> Any:
    rows = np.where(sound.columns.silent, np.nan, sound.columns.chroma)
    image = _image(axes, rows, sound, cmap="cividis", vmin=0.0, vmax=1.0)
    axes.set_yticks(np.arange(0, 12, 2) + 0.5, _PITCHES)
    axes.tick_params(axis="y", length=0)
    axes.set(title="Chroma")
    return image


def _draw_energy(axes: Axes, sound: Sound, look: Look) -> None:
    columns = sound.columns
    floor = max(float(columns.rms_db.min()), float(columns.rms_db.max()) - TOP_DB) - 2
    axes.fill_between(columns.times_s, floor, columns.rms_db, color=look.theme.muted, alpha=0.35)
    axes.plot(columns.times_s, columns.rms_db, color=look.theme.ink, linewidth=0.8)
    axes.set(ylim=(floor, max(float(columns.rms_db.max()) + 3, floor + 6)))
    axes.set(title="Energy", ylabel="dB of full scale")
    plain(axes)


def _image(axes: Axes, rows: NDArray[np.float64], sound: Sound, **colours: Any) -> Any:
    """Draw rows from the bottom up over the recording's time."""
    axes.spines[:].set_visible(False)
    return axes.imshow(
        rows, origin="lower", aspect="auto", interpolation="none",
        extent=(0.0, max(sound.duration_s, 1e-3), 0.0, float(len(rows))), **colours,
    )  # fmt: skip


def _scale(figure: Figure, place: Any, image: Any, unit: str, look: Look) -> None:
    bar = figure.colorbar(image, cax=figure.add_subplot(place))
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=7, length=2)
    bar.set_label(unit, size=7, color=look.theme.muted)

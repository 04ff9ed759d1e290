"""A corpus in pictures: how much there is, whose, how emotions sound, and one clip of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator, NullLocator

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.explore.corpus import UNKNOWN, MeanSpectrum, Survey
from voxemo_scan.explore.draw_recording import draw_mel, draw_pitch, draw_wave, time_axis
from voxemo_scan.explore.recording import Sound
from voxemo_scan.explore.spectra import bases
from voxemo_scan.explore.style import Look, label, plain
from voxemo_scan.training.labels import Label

_TICKS_HZ: Final = (125, 250, 500, 1000, 2000, 4000)
_OTHERS: Final[dict[Label, str]] = {"surprised": "--", "calm": ":", "bored": "-."}
_MOST_NAMES: Final = 26
_SURE: Final = 1.96


def corpus_figure(found: Survey, look: Look, *, example: Sound | None, caption: str) -> Figure:
    """Return counts, lengths, speakers, mean spectra and their differences, and an example."""
    genders = sorted({mean.gender for mean in found.spectra})
    rows = _plan(len(genders), wide=look.wide, example=example is not None)
    layout = ConstrainedLayoutEngine(h_pad=0.06, w_pad=0.06)
    figure = Figure(figsize=(look.width_in, sum(rows) + 0.6), layout=layout)
    sheet = _Sheet(figure, rows, columns=2 if look.wide else 1)
    _draw_counts(sheet.next(), found, look)
    _draw_durations(sheet.next(), found, look)
    _draw_speakers(sheet.next_row(), found, look)
    for draw in (_draw_spectra, _draw_differences):
        shared: Axes | None = None
        for number, gender in enumerate(genders):
            axes = sheet.next() if number else sheet.next_in_new_row()
            shared = draw(axes, _of(found, gender), look, gender=gender, like=shared)
    if example is not None:
        _draw_example(sheet, example, look, caption=caption)
    name = f"{found.name}: {len(found.readable):,} clips"
    figure.suptitle(label(name, look), x=0.01, ha="left", fontsize=12, fontweight="bold")
    return figure


class _Sheet:
    """A figure's grid, whose places are given out one after another."""

    def __init__(self, figure: Figure, rows: Sequence[float], *, columns: int) -> None:
        self._figure = figure
        self._grid = figure.add_gridspec(len(rows), columns, height_ratios=rows)
        self._columns = columns
        self._given = 0

    def next(self) -> Axes:
        """Return the next place."""
        row, column = divmod(self._given, self._columns)
        self._given += 1
        return self._figure.add_subplot(self._grid[row, column])

    def next_in_new_row(self) -> Axes:
        """Return the first place of the next row that is free."""
        self._given += -self._given % self._columns
        return self.next()

    def next_row(self) -> Axes:
        """Return the next row that is free, whole."""
        row = -(-self._given // self._columns)
        self._given = (row + 1) * self._columns
        return self._figure.add_subplot(self._grid[row, :])


def _plan(genders: int, *, wide: bool, example: bool) -> list[float]:
    """Return the rows' heights, inches."""
    per_row = 2 if wide else 1
    spectra = [2.3] * -(-genders // per_row) + [2.3] * -(-genders // per_row)
    head = [2.5] if wide else [2.5, 2.0]
    return [*head, 1.5, *spectra, *([1.0, 1.9, 1.3] if example else [])]


def _of(found: Survey, gender: str) -> list[MeanSpectrum]:
    return [mean for mean in found.spectra if mean.gender == gender]


def _draw_counts(axes: Axes, found: Survey, look: Look) -> None:
    """Draw how many clips there are of each label, by gender."""
    counts = found.counts()
    names = list(counts)
    left = np.zeros(len(names))
    for gender in found.genders:
        width = np.array([counts[name][gender] for name in names])
        axes.barh(names, width, left=left, color=_gender_colour(gender, look), label=gender)
        left += width
    for y, total in enumerate(left):
        axes.text(total, y, f" {total:,.0f}", va="center", fontsize=8, color=look.theme.muted)
    axes.invert_yaxis()
    axes.set(title="Clips by label", xlim=(0, left.max(initial=1) * 1.15))
    axes.tick_params(axis="y", length=0, labelcolor=look.theme.ink)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3, fontsize=8)
    plain(axes)


def _draw_durations(axes: Axes, found: Survey, look: Look) -> None:
    seconds = found.durations_s
    axes.hist(seconds, bins=min(50, max(len(seconds), 1)), color=look.theme.muted)
    hours = seconds.sum() / 3600
    total = f"{hours:.1f} h" if hours >= 1 else f"{seconds.sum() / 60:.1f} min"
    axes.set(title=f"Lengths, {total} in all", xlabel="seconds", ylabel="clips")
    plain(axes)


def _draw_speakers(axes: Axes, found: Survey, look: Look) -> None:
    """Draw how many clips there are of each speaker."""
    speakers = found.speakers()
    places = np.arange(len(speakers))
    colours = [_gender_colour(gender, look) for _, gender in speakers.values()]
    axes.bar(places, [count for count, _ in speakers.values()], color=colours, width=0.8)
    if len(speakers) <= (_MOST_NAMES if look.wide else 8):
        axes.set_xticks(places, [label(name, look) for _, name in speakers])
    else:
        axes.xaxis.set_major_locator(NullLocator())
    count = f"{len(speakers)} speaker{'' if len(speakers) == 1 else 's'}"
    axes.set(title=f"Clips by speaker, {count}", ylabel="clips")
    axes.set_xlim(-0.8, len(speakers) - 0.2)
    plain(axes)


def _draw_spectra(
    axes: Axes, means: Sequence[MeanSpectrum], look: Look, *, gender: str, like: Axes | None
) -> Axes:
    """Draw how each label sounds in the mean."""
    for mean in means:
        axes.plot(bases().mel_hz, mean.db, linewidth=1.3, **_line(mean.label, look))
    axes.set(title=f"Mean spectrum, {_who(gender)}", ylabel="dB of the whole")
    _frequencies(axes, like)
    return axes


def _draw_differences(
    axes: Axes, means: Sequence[MeanSpectrum], look: Look, *, gender: str, like: Axes | None
) -> Axes:
    """Draw each label's mean against that of all labels, with 95 % of where it may lie."""
    middle = np.mean([mean.db for mean in means], axis=0)
    for mean in means:
        line = _line(mean.label, look)
        away = mean.db - middle
        axes.plot(bases().mel_hz, away, linewidth=1.3, label=f"{mean.label} ({mean.clips})", **line)
        if np.isfinite(mean.error_db).all():
            low, high = away - _SURE * mean.error_db, away + _SURE * mean.error_db
            axes.fill_between(bases().mel_hz, low, high, color=line["color"], alpha=0.1, lw=0)
    axes.axhline(0.0, color=look.theme.line, linewidth=1, zorder=0)
    axes.set(title=f"Against the mean of all, {_who(gender)} (clips)", ylabel="dB", xlabel="Hz")
    _frequencies(axes, like)
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=4 if look.wide else 3, fontsize=7.5
    )
    return axes


def _frequencies(axes: Axes, like: Axes | None) -> None:
    axes.set_xscale("log")
    axes.set_xticks(_TICKS_HZ, [str(hz) for hz in _TICKS_HZ])
    axes.minorticks_off()
    axes.set_xlim(60, 7800)
    axes.grid(linewidth=0.5)
    if like is not None:
        axes.sharey(like)
        axes.autoscale(axis="y")
    plain(axes)


def _draw_example(sheet: _Sheet, sound: Sound, look: Look, *, caption: str) -> None:
    wave, mel, pitch = (sheet.next_row() for _ in range(3))
    draw_wave(wave, sound, look)
    draw_mel(mel, sound)
    draw_pitch(pitch, sound, look)
    wave.set_title(label(f"An example: {caption}", look))
    for axes in (wave, mel, pitch):
        time_axis(axes, sound, look)
    for axes in (wave, mel):
        axes.tick_params(labelbottom=False)


def _line(name: Label, look: Look) -> dict[str, Any]:
    """Return a label's colour and dash; those beyond the six have none of the palette's."""
    for emotion in EMOTIONS:
        if name == emotion:
            return {"color": look.theme.emotions[emotion]}
    return {"color": look.theme.ink, "linestyle": _OTHERS[name]}


def _gender_colour(gender: str, look: Look) -> str:
    colours = {"female": look.theme.accent, "male": look.theme.warn}
    return colours.get(gender, look.theme.muted)


def _who(gender: str) -> str:
    return {"female": "women", "male": "men", UNKNOWN: "all voices"}[gender]

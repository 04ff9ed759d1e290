"""What is shown while a microphone is listened to: a screen that moves, lines, or JSON lines."""

from __future__ import annotations

import json
import sys
from collections import deque
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Final, Protocol, Self

from voxemo_scan.cli.console import err, out
from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.text import clock, percent, whole_percents

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live
    from rich.text import Text

    from voxemo_scan.scan.live import Heard

_QUIETEST_DB: Final = -60.0
_BAR: Final = 32
_COURSE: Final = 60
"""Moments of the course that are shown, half a second each."""
_LATE_S: Final = 0.5
_SILENT: Final = "·"
_UNSURE: Final = "~"


class LiveDisplay(AbstractContextManager["LiveDisplay"], Protocol):
    """Where what is heard is shown."""

    def heard(self, heard: Heard) -> None:
        """Show what there is to say after half a second more."""


def open_display(*, name: str, as_json: bool, quiet: bool) -> LiveDisplay:
    """Return the display that fits: JSON lines if asked for, a screen on a terminal, else lines."""
    if as_json:
        return JsonLines()
    if quiet or not (out.is_terminal and err.is_terminal):
        return Lines()
    return Screen(name)


class JsonLines(ExitStack):
    """One line of JSON each half second."""

    def heard(self, heard: Heard) -> None:
        """Print it."""
        sys.stdout.write(json.dumps(heard.as_json()) + "\n")
        sys.stdout.flush()


class Lines(ExitStack):
    """A plain line for each window."""

    def heard(self, heard: Heard) -> None:
        """Print the window that was heard, if any."""
        if heard.window is None:
            return
        figures = _figures(heard.window.probabilities)
        ranked = sorted(figures, key=lambda emotion: -figures[emotion])[:2]
        named = "  ".join(f"{emotion} {figures[emotion]} %" for emotion in ranked)
        out.print(f"{clock(heard.at_s):>5}  {heard.level_db:4.0f} dB  {named}", markup=False)
        sys.stdout.flush()


class Screen:
    """Level, the current emotion, the course and the shares so far, drawn anew on stderr."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._course: deque[Emotion | str] = deque(maxlen=_COURSE)
        self._last: Heard | None = None
        self._live: Live | None = None

    def __enter__(self) -> Self:
        from rich.live import Live

        self._live = Live(self._waiting(), console=err, transient=True, auto_refresh=False)
        self._live.start(refresh=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def heard(self, heard: Heard) -> None:
        """Draw it."""
        if heard.window is not None:
            row = heard.window.probabilities
            self._course.append(EMOTIONS[row.index(max(row))])
            self._last = heard
        else:
            self._course.append(_UNSURE if heard.speech else _SILENT)
        if self._live is not None:
            self._live.update(self._drawn(heard), refresh=True)

    def _waiting(self) -> RenderableType:
        from rich.text import Text

        return Text(f"listening to {self._name} · Ctrl-C ends it", style="dim")

    def _drawn(self, heard: Heard) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 1))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_row("level", _meter(heard.level_db))
        row = self._last.window.probabilities if self._last and self._last.window else None
        table.add_row("now" if heard.window else "last heard", _strongest(row))
        for emotion in EMOTIONS:
            now = row[EMOTIONS.index(emotion)] if row else 0.0
            table.add_row(emotion, _bar(emotion, now, so_far=heard.shares.get(emotion)))
        table.add_row("course", _strip(self._course))
        head = Text(f"{clock(heard.at_s)}  {self._name} · Ctrl-C ends it", style="bold")
        if heard.behind_s > _LATE_S:
            head.append(f"  {heard.behind_s:.1f} s behind", style="yellow")
        note = Text("bars: this moment; right: all so far, by speech time", style="dim")
        return Group(head, table, note)


def _meter(level_db: float) -> Text:
    from rich.text import Text

    full = round(_BAR * min(max(1.0 - level_db / _QUIETEST_DB, 0.0), 1.0))
    colour = "red" if level_db > -3.0 else "green"
    shown = f" {level_db:.0f} dB" if level_db > _QUIETEST_DB else " silence"
    return Text.assemble(("█" * full, colour), ("░" * (_BAR - full), "dim"), shown)


def _strongest(row: tuple[float, ...] | None) -> Text:
    from rich.text import Text

    if row is None:
        return Text("no speech yet", style="dim")
    emotion = EMOTIONS[row.index(max(row))]
    return Text.assemble((f" {emotion} ", _style(emotion)), f" {percent(max(row))}")


def _bar(emotion: Emotion, now: float, *, so_far: float | None) -> Text:
    from rich.text import Text

    from voxemo_scan.report.palette import DARK

    full = round(_BAR * now)
    told = "" if so_far is None else f"{percent(so_far):>5}"
    return Text.assemble(
        ("█" * full, DARK.emotions[emotion]), ("░" * (_BAR - full), "dim"),
        f" {percent(now):>5}  ", (told, "bold"),
    )  # fmt: skip


def _strip(course: deque[Emotion | str]) -> Text:
    """Return the course, a letter each half second: no colour stands alone."""
    from rich.text import Text

    strip = Text()
    for each in course:
        known = next((emotion for emotion in EMOTIONS if emotion == each), None)
        strip.append(each[0], style=_style(known) if known else "dim")
    return strip


def _style(emotion: Emotion) -> str:
    from voxemo_scan.report.palette import DARK, contrast

    colour = DARK.emotions[emotion]
    return f"{max('#ffffff', '#101113', key=lambda text: contrast(text, colour))} on {colour}"


def _figures(row: tuple[float, ...]) -> dict[Emotion, int]:
    return whole_percents(dict(zip(EMOTIONS, row, strict=True)))

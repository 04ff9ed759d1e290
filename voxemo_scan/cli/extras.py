"""Options for what is written beside a report: captions, tables and figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from voxemo_scan.cli.console import err, need_extra
from voxemo_scan.errors import UsageError

if TYPE_CHECKING:
    from voxemo_scan.report.annotations.frames import FrameRate
    from voxemo_scan.report.document import Report
    from voxemo_scan.report.extras import Extras

CAPTIONS: Final = ("vtt", "srt", "textgrid", "eaf", "rttm", "edl", "otio", "audacity")
TABLES: Final = ("csv", "parquet")
FIGURES: Final = ("svg", "png", "pdf")
_BASES: Final = ("clip", "source")
_NO_FRAMES: Final = "no picture: edit marks count 25 frames a second; --fps says otherwise"
_NO_VOICES: Final = "voices are not told apart: no RTTM"

CaptionsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--captions",
        metavar="LIST",
        help="Captions beside WebVTT: srt, textgrid, eaf, rttm, edl, otio, audacity.",
    ),
]
TablesOption = Annotated[
    list[str] | None,
    typer.Option("--tables", metavar="LIST", help="Tables beside CSV: parquet."),
]
FiguresOption = Annotated[
    list[str] | None,
    typer.Option("--figures", metavar="LIST", help="Figures for papers: svg, png, pdf."),
]
TimeBaseOption = Annotated[
    str,
    typer.Option(
        "--time-base", metavar="clip|source", help="Whose 0:00 captions count from.",
    ),
]  # fmt: skip
FpsOption = Annotated[
    str | None,
    typer.Option(
        "--fps",
        metavar="RATE",
        help="Frames a second on which captions and edit marks lie: 23.976, 24, 25, 29.97 "
        "(drop-frame), 29.97ndf ...",
        show_default="the clip's own",
    ),
]


def chosen(values: Sequence[str] | None, *, of: Sequence[str], option: str) -> tuple[str, ...]:
    """Return what a list option asks for: once or oftener, with or without commas.

    Raises:
        UsageError: there is none of a name; the message lists those there are.
    """
    names = [name.strip().lower() for value in values or () for name in value.split(",")]
    for name in names:
        if name not in of:
            raise UsageError(f"{option}: there is no {name!r}", remedy=f"choose {', '.join(of)}")
    return tuple(dict.fromkeys(names))


class ExtraOptions:
    """The options as they were given, checked before any work is done.

    Raises:
        UsageError: one of them cannot be used.
        MissingError: an extra that one of them needs is not installed.
    """

    def __init__(
        self,
        *,
        captions: Sequence[str] = (),
        tables: Sequence[str] = (),
        figures: Sequence[str] = (),
        time_base: str = "clip",
        fps: str | None = None,
        start: str = "00:00:00:00",
        clips: Path = Path("scenes"),
        quiet: bool = False,
    ) -> None:
        if "parquet" in tables:
            need_extra("tables", modules=("pyarrow",))
        if figures:
            need_extra("figures", modules=("matplotlib",))
        if time_base not in _BASES:
            raise UsageError(f"{time_base!r} is no time base", remedy="choose clip or source")
        self.captions = tuple(captions)
        self.tables = tuple(tables)
        self.figures = tuple(figures)
        self.time_base = time_base
        self.rate = _rate(fps)
        self.start = _start(start, self.rate)
        self.clips = clips
        self.quiet = quiet

    def extras(self, report: Report) -> Extras:
        """Return what is to be written from ``report``, and say what is not as one may expect."""
        from voxemo_scan.report.annotations.files import (
            AnnotationOptions,
            without_frames,
            without_voices,
        )
        from voxemo_scan.report.annotations.rates import clip_rates
        from voxemo_scan.report.extras import Extras

        rates = (self.rate,) * len(report.scenes)
        if self.rate is None and self.captions:
            rates = clip_rates(report, clips=self.clips)
        for rate in set(rates):
            _start(self.start, rate)
        annotations = AnnotationOptions(
            formats=self.captions,
            base="source" if self.time_base == "source" else "clip",
            rates=rates,
            start=self.start,
        )
        if not self.quiet:
            _say(without_frames(report, annotations), _NO_FRAMES)
            _say(without_voices(report, annotations), _NO_VOICES)
        return Extras(annotations, self.tables, self.figures)


def _say(scenes: list[str], what: str) -> None:
    from voxemo_scan.text import clean

    if scenes:
        err.print(f"{', '.join(clean(scene) for scene in scenes)}: {what}", markup=False)


def _rate(text: str | None) -> FrameRate | None:
    from voxemo_scan.report.annotations.frames import parse_rate

    try:
        return None if text is None else parse_rate(text)
    except ValueError as error:
        raise UsageError(f"--fps: {error}") from None


def _start(text: str, rate: FrameRate | None) -> str:
    from voxemo_scan.report.annotations.frames import UNKNOWN_RATE

    try:
        (rate or UNKNOWN_RATE).frame_at(text)
    except ValueError as error:
        raise UsageError(f"--start-timecode: {error}") from None
    return text

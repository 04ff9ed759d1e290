"""Writes what was explored as SVG, PNG or a page, as the file's ending says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voxemo_scan.atomic import write_atomic
from voxemo_scan.errors import UsageError
from voxemo_scan.explore.corpus import Survey
from voxemo_scan.explore.facts import (
    corpus_facts,
    example_line,
    recording_facts,
    sampling_note,
    spectra_note,
)
from voxemo_scan.explore.listen import LONGEST_S, as_opus
from voxemo_scan.explore.page import Page, to_html
from voxemo_scan.explore.recording import Sound
from voxemo_scan.text import clean
from voxemo_scan.training.corpora.utterance import Utterance

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from voxemo_scan.explore.style import Look, PictureKind

ENDINGS: Final = (".html", ".svg", ".png")


def check_ending(path: Path) -> None:
    """Check that a file's ending names a format.

    Raises:
        UsageError: it does not.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(
            f"{path} names no format that pictures can be written in",
            remedy=f"let it end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}",
        )


def write_recording(sound: Sound, path: Path) -> Path:
    """Write a recording's pictures.

    Raises:
        UsageError: the ending names no format.
    """
    from voxemo_scan.explore.draw_recording import recording_figure  # noqa: PLC0415  (matplotlib)

    title = clean(sound.path.name)
    short = sound.duration_s <= LONGEST_S
    note = f"Recordings of up to {LONGEST_S:.0f} s can be played here."
    return _write(
        path,
        make=lambda look: recording_figure(sound, look, title=title),
        title=title,
        page=lambda pictures: Page(
            kind="A recording",
            title=title,
            facts=recording_facts(sound),
            pictures=pictures,
            described=f"Waveform, mel spectrogram, MFCC, chroma, F0 and energy of {title}",
            notes=(sampling_note(sound), *(() if short else (note,))),
            audio=_audio(sound) if short else b"",
            audio_name="Listen",
        ),
    )


def write_corpus(
    found: Survey, path: Path, *, example: Utterance | None, sound: Sound | None
) -> Path:
    """Write a corpus's pictures, with the clip that was picked as an example.

    Raises:
        UsageError: the ending names no format.
    """
    from voxemo_scan.explore.draw_corpus import corpus_figure  # noqa: PLC0415  (matplotlib)

    caption = example_line(example) if example else ""
    audible = sound if sound is not None and sound.duration_s <= LONGEST_S else None
    return _write(
        path,
        make=lambda look: corpus_figure(found, look, example=sound, caption=caption),
        title=found.name,
        page=lambda pictures: Page(
            kind="A corpus",
            title=found.name,
            facts=corpus_facts(found),
            pictures=pictures,
            described=f"Clips by label, gender and speaker, lengths, and mean spectra of "
            f"{found.name}; an example: {caption or 'none'}",
            notes=(spectra_note(found), *((sampling_note(sound),) if sound else ())),
            audio=_audio(audible) if audible else b"",
            audio_name=f"An example: {caption}",
        ),
    )


def _write(
    path: Path,
    *,
    make: Callable[[Look], Figure],
    title: str,
    page: Callable[[dict[str, bytes]], Page],
) -> Path:
    from voxemo_scan.explore.style import PRINT, SCREENS, draw  # noqa: PLC0415  (matplotlib)

    check_ending(path)
    ending = path.suffix.lower()
    if ending == ".html":
        pictures = {n: draw(make, look, kind="svg", title=title) for n, look in SCREENS.items()}
        return write_atomic(path, to_html(page(pictures)))
    kind: PictureKind = "svg" if ending == ".svg" else "png"
    return write_atomic(path, draw(make, PRINT, kind=kind, title=title))


def _audio(sound: Sound) -> bytes:
    end_s = sound.start_s + sound.duration_s
    return as_opus(sound.path, start_s=sound.start_s, end_s=end_s)

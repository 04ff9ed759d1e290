"""``voxemo-scan explore``: what a recording or a corpus sounds like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxemo_scan.cli.console import err, need_extra, print_json, print_table
from voxemo_scan.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from voxemo_scan.explore.facts import Facts
    from voxemo_scan.progress import Progress
    from voxemo_scan.scan.result import Gender
    from voxemo_scan.training.labels import Label

_SHOWN = 10


def command(
    target: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|CORPUS", help="A recording; or a corpus, a folder of several, or a CSV."
        ),
    ],
    out_file: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write pictures: .html, .svg or .png."),
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="TIME", help="Where in the recording to begin (0:39).")
    ] = None,
    end: Annotated[
        str | None, typer.Option(metavar="TIME", help="Where in the recording to end (2:30).")
    ] = None,
    emotion: Annotated[
        str | None, typer.Option(metavar="LABEL", help="The emotion of the corpus's example.")
    ] = None,
    gender: Annotated[
        str | None,
        typer.Option(metavar="female|male", help="Whose voice the corpus's example is."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Chooses the example and the clips of mean spectra; 0 if not given."
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="NAME",
            help="Which corpus it is: CREMA-D, RAVDESS, TESS, SAVEE, EmoDB or own.",
            show_default="found out",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but what --json asks for.")
    ] = False,
) -> None:
    """Show what a recording or a corpus sounds like, in pictures and numbers.

    A recording's waveform, mel spectrogram, MFCC, chroma, F0, energy and speech; a corpus's
    lengths, its clips by label, gender and speaker, its mean spectra by emotion and gender, and a
    random example of a chosen emotion and gender. Pictures need the extra `figures`.

    The exit code is 3 when a clip of a corpus cannot be read; the others are shown.
    """
    from voxemo_scan.cli.progress import open_progress

    if out_file is not None:
        from voxemo_scan.explore.write import check_ending

        check_ending(out_file)
        need_extra("figures", modules=("matplotlib",))
    if not target.exists():
        raise UsageError(f"there is nothing at {target}", remedy="name a recording or a corpus")
    is_corpus = target.is_dir() or target.suffix.lower() == ".csv"
    of_corpus = {"--emotion": emotion, "--gender": gender, "--seed": seed, "--as": name}
    of_recording = {"--start": start, "--end": end}
    _refuse(of_recording if is_corpus else of_corpus, is_corpus=is_corpus)
    with open_progress(quiet) as progress:
        if is_corpus:
            label, whose = _label(emotion), _gender(gender)
            numbers, facts, broken = _corpus(
                target, out_file, name=name, label=label, gender=whose, seed=seed or 0,
                progress=progress,
            )  # fmt: skip
        else:
            times = (_time(start, "--start"), _time(end, "--end"))
            numbers, facts = _recording(target, out_file, times=times, progress=progress)
            broken = {}
    _print(numbers, facts, broken, as_json=as_json, quiet=quiet)
    if out_file is not None and not quiet:
        err.print(f"picture: {out_file}", markup=False)
    if broken:
        raise typer.Exit(ExitCode.SCENE_FAILED)


def _recording(
    path: Path,
    out_file: Path | None,
    *,
    times: tuple[float | None, float | None],
    progress: Progress,
) -> tuple[dict[str, Any], Facts]:
    from voxemo_scan.explore.facts import recording_facts
    from voxemo_scan.explore.numbers import recording_numbers
    from voxemo_scan.explore.recording import measure
    from voxemo_scan.explore.write import write_recording

    start_s, end_s = times
    sound = measure(
        path,
        start_s=start_s or 0.0,
        end_s=end_s,
        progress=lambda stage, done, total: progress.stage(
            path.name, stage, done=done, total=total
        ),
    )
    if out_file is not None:
        write_recording(sound, out_file)
    return recording_numbers(sound), recording_facts(sound)


def _corpus(
    place: Path,
    out_file: Path | None,
    *,
    name: str | None,
    label: Label | None,
    gender: Gender | None,
    seed: int,
    progress: Progress,
) -> tuple[dict[str, Any], Facts, dict[Path, str]]:
    from voxemo_scan.explore.corpus import choose_example, survey
    from voxemo_scan.explore.facts import corpus_facts, example_line
    from voxemo_scan.explore.numbers import corpus_numbers
    from voxemo_scan.explore.recording import measure
    from voxemo_scan.explore.write import write_corpus
    from voxemo_scan.training.corpora.recognise import recognise

    found = survey(
        recognise(place, name=name),
        seed=seed,
        progress=lambda stage, done, total: progress.stage(
            place.name, stage, done=done, total=total
        ),
    )
    example = choose_example(found, label=label, gender=gender, seed=seed)
    sound = measure(example.path) if example else None
    if out_file is not None:
        write_corpus(found, out_file, example=example, sound=sound)
    facts = corpus_facts(found)
    if example:
        facts.append(("example", example_line(example)))
    return corpus_numbers(found, example=example, sound=sound), facts, found.unreadable


def _print(
    numbers: dict[str, Any],
    facts: Facts,
    broken: dict[Path, str],
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from voxemo_scan.text import clean

    if as_json:
        print_json(numbers)
    elif not quiet:
        table = Table(box=box.SIMPLE, show_header=False, show_edge=False, pad_edge=False)
        for name, value in facts:
            table.add_row(Text(clean(name), style="dim"), Text(clean(value)))
        print_table(table)
    for reason in list(broken.values())[:_SHOWN] if not quiet else ():
        err.print(f"left out: {clean(reason)}", markup=False)
    if len(broken) > _SHOWN and not quiet:
        err.print(f"and {len(broken) - _SHOWN} more files were left out")


def _refuse(options: dict[str, Any], *, is_corpus: bool) -> None:
    """Refuse options that say nothing of what was named."""
    for option, value in options.items():
        if value is not None:
            what, other = ("corpus", "recording") if is_corpus else ("recording", "corpus")
            raise UsageError(
                f"{option} is for a {other}, and this is a {what}",
                remedy=f"leave out {option}, or name a {other}",
            )


def _time(text: str | None, option: str) -> float | None:
    from voxemo_scan.manifest.mistake import MistakeError
    from voxemo_scan.manifest.timecode import parse_timecode

    try:
        return None if text is None else parse_timecode(text)
    except MistakeError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _label(text: str | None) -> Label | None:
    from voxemo_scan.training.corpora.naming import find_label, suggest_label
    from voxemo_scan.training.labels import LABELS

    label = None if text is None else find_label(text)
    if text is not None and label is None:
        raise typer.BadParameter(
            f"{text!r} is no label{suggest_label(text) or '; choose ' + ', '.join(LABELS)}",
            param_hint="--emotion",
        )
    return label


def _gender(text: str | None) -> Gender | None:
    from voxemo_scan.training.corpora.naming import GENDERS

    gender = None if text is None else GENDERS.get(text.strip().lower())
    if text is not None and gender is None:
        raise typer.BadParameter(f"{text!r} is neither female nor male", param_hint="--gender")
    return gender

"""``voxemo-scan listen --mic``: a microphone, live."""

from __future__ import annotations

import json
import math
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import typer

from voxemo_scan.cli.console import err, need_extra, out, print_json, print_table
from voxemo_scan.text import clock

if TYPE_CHECKING:
    from voxemo_scan.report.document import Report
    from voxemo_scan.scan.live import Heard
    from voxemo_scan.scan.live_session import SoundSource
    from voxemo_scan.scan.options import ScanOptions
    from voxemo_scan.scan.result import SceneResult

_SOURCE: Final = "microphone"
_SILENCE_DB: Final = -100.0


def parse_length(text: str | None) -> float | None:
    """Return the seconds that ``30s``, ``2m``, ``1:30`` or ``30`` means; None for None.

    Raises:
        typer.BadParameter: it means none.
    """
    from voxemo_scan.manifest.mistake import MistakeError
    from voxemo_scan.manifest.timecode import parse_timecode, parse_units

    if text is None:
        return None
    try:
        seconds = parse_units(text)
        seconds = parse_timecode(text) if seconds is None else seconds
    except MistakeError as error:
        raise typer.BadParameter(str(error), param_hint="--for") from None
    if seconds <= 0:
        raise typer.BadParameter("listen for longer than no time", param_hint="--for")
    return seconds


def list_devices(*, as_json: bool) -> None:
    """Print what can record here."""
    from voxemo_scan.audio.microphone import input_devices

    need_extra("mic", modules=("sounddevice",))
    devices = input_devices()
    if as_json:
        names = ("number", "name", "sampling_rate", "is_default")
        print_json({"devices": [{n: getattr(each, n) for n in names} for each in devices]})
        return
    if not devices:
        err.print("no microphone is here")
    for each in devices:
        note = "  (the default)" if each.is_default else ""
        out.print(f"{each.number:3}  {each.name}, {each.sampling_rate} Hz{note}", markup=False)


def listen_live(
    *,
    wanted: str | None,
    longest_s: float | None,
    model: str | None,
    device: str,
    scan: ScanOptions,
    as_json: bool,
    quiet: bool,
) -> None:
    """Listen to a microphone until Ctrl-C or for ``longest_s``, then print the whole's result."""
    source = open_source(wanted)
    report = _live(
        source, longest_s=longest_s, model=model, device=device, scan=scan, as_json=as_json,
        quiet=quiet,
    )  # fmt: skip
    _print(report, as_json=as_json)
    raise typer.Exit(report.exit_code)


def open_source(wanted: str | None) -> SoundSource:
    """Return the microphone that is meant, not yet recording.

    Raises:
        MissingError: there is none, or what it takes is not installed.
        UsageError: no microphone is meant, or more than one.
    """
    from voxemo_scan.audio.microphone import Microphone, choose_device, input_devices

    need_extra("mic", modules=("sounddevice",))
    return Microphone(choose_device(input_devices(), wanted=wanted))


def _live(
    source: SoundSource,
    *,
    longest_s: float | None,
    model: str | None,
    device: str,
    scan: ScanOptions,
    as_json: bool,
    quiet: bool,
) -> Report:
    from voxemo_scan.cli.live_display import open_display
    from voxemo_scan.scan.live import LiveListener
    from voxemo_scan.scan.live_session import listen_to
    from voxemo_scan.workflow import load_ensemble, recording_report

    ensemble = load_ensemble(model, device)
    with LiveListener(ensemble, sampling_rate=source.sampling_rate, options=scan) as listener:
        loudest_db = -math.inf
        with open_display(name=source.name, as_json=as_json, quiet=quiet) as display:

            def on_heard(heard: Heard) -> None:
                nonlocal loudest_db
                loudest_db = max(loudest_db, heard.level_db)
                display.heard(heard)

            if not quiet and not err.is_terminal:
                err.print(f"listening to {source.name}; Ctrl-C ends it", markup=False)
            with _stopped_by_ctrl_c() as stop:
                listen_to(source, listener, on_heard=on_heard, stop=stop, longest_s=longest_s)
        result = listener.finish(id=source.name, title=source.name, source=_SOURCE)
    _remark(result, source, loudest_db=loudest_db)
    return recording_report(result, model=model, scan=scan)


@contextmanager
def _stopped_by_ctrl_c() -> Iterator[threading.Event]:
    """Yield what Ctrl-C sets, once: what was recorded is worth its result. A second one ends all.

    Only a process's first thread hears of it.
    """
    stop = threading.Event()

    def ended(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, ended)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _remark(result: SceneResult, source: SoundSource, *, loudest_db: float) -> None:
    if loudest_db < _SILENCE_DB:
        err.print(f"{source.name} gave silence: is it switched off or muted?", markup=False)
    elif result.status == "no-speech":
        err.print(f"nobody spoke in {clock(result.duration_s)}", markup=False)
    if source.lost:
        err.print(f"sound was lost {source.lost} times: this machine was too busy", markup=False)


def _print(report: Report, *, as_json: bool) -> None:
    from voxemo_scan.report.json_file import recording_item
    from voxemo_scan.report.terminal import remarks, summary_table

    if as_json:
        recordings = [recording_item(scene) for scene in report.scenes]
        sys.stdout.write(json.dumps({"recordings": recordings}) + "\n")
    else:
        print_table(summary_table(report))
    for line in remarks(report):
        err.print(line, markup=False)

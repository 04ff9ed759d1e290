"""Sheets to write, and how the files come out when others' libraries read them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import opentimelineio as otio
import pympi
import srt
import webvtt
from praatio import textgrid
from pyannote.database.util import load_rttm

from tests.report.example import scanned, with_voices
from voxemo_scan.report.annotations.formats import FORMATS
from voxemo_scan.report.annotations.frames import UNKNOWN_RATE, parse_rate
from voxemo_scan.report.annotations.sheet import make_sheet

CREATED = "2025-11-21T09:30:00+00:00"
RATES = {name: parse_rate(name) for name in ("23.976", "24", "25", "29.97", "29.97ndf")}


def scene(*, voices=True):
    """Return a scene of 200 s from 39 s on, with silences, unjudged speech and three voices."""
    result = scanned("a-scene", "A scene", leaning={"sad": 0.5, "fear": 0.3}, duration_s=200)
    result = replace(result, source="film/a scene.mp4")
    return with_voices(result, film="F") if voices else result


def sheet(result=None, **values):
    return make_sheet(result or scene(), name="a-scene", created=CREATED, **values)


def written(wanted, made, folder: Path) -> Path:
    """Write ``made`` in the format ``wanted`` and return the file."""
    path = folder / f"{made.name}.{FORMATS[wanted].ending}"
    path.write_bytes(FORMATS[wanted].write(made).encode())
    return path


def read_vtt(path, _):
    found = webvtt.read(str(path))
    times = [(c.start_time.in_milliseconds(), c.end_time.in_milliseconds()) for c in found]
    return [
        (start / 1000, end / 1000, cue.text) for (start, end), cue in zip(times, found, strict=True)
    ]


def read_srt(path, _):
    found = srt.parse(path.read_text("utf-8"))
    return [(c.start.total_seconds(), c.end.total_seconds(), c.content) for c in found]


def read_textgrid(path, _):
    grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False)
    return [(e.start, e.end, e.label) for e in grid.getTier("emotion").entries]


def read_eaf(path, _):
    found = pympi.Elan.Eaf(str(path)).get_annotation_data_for_tier("emotion")
    return [(start / 1000, end / 1000, text) for start, end, text, *_ in sorted(found)]


def read_rttm(path, _):
    (turns,) = load_rttm(path).values()
    return [(turn.start, turn.end, voice) for turn, _, voice in turns.itertracks(yield_label=True)]


def read_edl(path, made):
    rate = float((made.rate or UNKNOWN_RATE).rate)
    timeline = otio.adapters.read_from_string(path.read_text("ascii"), "cmx_3600", rate=rate)
    clips = list(timeline.find_clips())
    times = [clip.source_range for clip in clips]
    return [
        (t.start_time.to_seconds(), t.end_time_exclusive().to_seconds(), clip.name)
        for t, clip in zip(times, clips, strict=True)
    ]


def read_otio(path, _):
    (track,) = otio.adapters.read_from_file(str(path)).tracks
    (clip,) = track
    times = [(marker.marked_range, marker.name) for marker in clip.markers]
    return [
        (t.start_time.to_seconds(), t.end_time_exclusive().to_seconds(), name) for t, name in times
    ]


def read_audacity(path, _):
    rows = csv.reader(io.StringIO(path.read_text("utf-8")), delimiter="\t", strict=True)
    return [(float(start), float(end), text) for start, end, text in rows]


READERS = {
    "vtt": read_vtt,
    "srt": read_srt,
    "textgrid": read_textgrid,
    "eaf": read_eaf,
    "rttm": read_rttm,
    "edl": read_edl,
    "otio": read_otio,
    "audacity": read_audacity,
}

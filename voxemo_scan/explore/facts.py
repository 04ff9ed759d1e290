"""What was measured in a few lines that people read, on the terminal and on the page."""

from __future__ import annotations

import numpy as np

from voxemo_scan.explore.corpus import CLIPS_A_GROUP, Survey, gender_of
from voxemo_scan.explore.pitch import Pitch
from voxemo_scan.explore.recording import Sound
from voxemo_scan.manifest.timecode import format_timecode
from voxemo_scan.text import clean, clock, percent
from voxemo_scan.training.corpora.utterance import Utterance

Facts = list[tuple[str, str]]


def recording_facts(sound: Sound) -> Facts:
    """Return what a recording is like, name and value."""
    columns = sound.columns
    peak = f"{20 * np.log10(columns.peak):.1f} dB" if columns.peak > 0 else "silence"
    clipped = f", {columns.clipped:,} samples at full scale" if columns.clipped else ""
    end = format_timecode(round(sound.start_s + sound.duration_s, 2))
    part = f", from {format_timecode(sound.start_s)} to {end}" if sound.start_s else ""
    return [
        ("length", f"{sound.duration_s:.2f} s{part}"),
        ("file", _file(sound)),
        ("speech", _speech(sound)),
        ("level", f"{columns.level_db:.1f} dB of full scale, peak {peak}{clipped}"),
        ("F0", _pitch(sound.pitch)),
    ]


def corpus_facts(found: Survey) -> Facts:
    """Return what a corpus holds, name and value."""
    seconds = found.durations_s
    low, middle, high = np.quantile(seconds, [0.05, 0.5, 0.95]) if seconds.size else (0, 0, 0)
    facts = [
        ("clips", f"{len(found.readable):,}, {clock(float(seconds.sum()))} in all"),
        ("length", f"{middle:.2f} s in the middle, 90 % from {low:.2f} to {high:.2f} s"),
        ("speakers", f"{len(found.speakers()):,}"),
        *((label, _by_gender(dict(counts))) for label, counts in found.counts().items()),
    ]
    if found.unreadable:
        facts.append(("unreadable", f"{len(found.unreadable):,} files"))
    return facts


def example_line(utterance: Utterance) -> str:
    """Return which clip an example is: ``1001_DFA_ANG_XX, angry, speaker 1001, female``."""
    parts = (utterance.clip, utterance.label, f"speaker {utterance.speaker}", gender_of(utterance))
    return clean(", ".join(parts))


def spectra_note(found: Survey) -> str:
    """Return what the mean spectra are of."""
    mixed = (
        " Clips of all corpora are mixed in them, so that rooms and microphones are, too."
        if len(found.collections) > 1
        else ""
    )
    return (
        f"Mean spectra are of at most {CLIPS_A_GROUP} clips of a label and gender, chosen by seed "
        f"{found.seed}; each clip's loudness and pauses are taken out first. The shade is where "
        "the mean of other such clips would lie, 95 %, were clips of one speaker independent, "
        f"which they are not quite.{mixed}"
    )


def sampling_note(sound: Sound) -> str:
    """Return how a recording was measured."""
    note = (
        "Measured at 16 kHz, mono: mel, MFCC and chroma from frames of 64 ms every 16 ms, as the "
        "classic networks see them; a column of a picture is the mean of its frames, and silent "
        "ones have no MFCC and chroma. "
    )
    if sound.pitch.sampled:
        note += (
            f"F0 takes long, so that it was sought in {sound.pitch.sought_s:.0f} s spread evenly "
            f"over the {'speech' if sound.segments else 'recording'}."
        )
    return note.strip()


def _file(sound: Sound) -> str:
    media = sound.media
    channels = {1: "mono", 2: "stereo"}.get(media.channels, f"{media.channels} channels")
    return f"{media.audio_codec}, {media.sampling_rate:,} Hz, {channels}"


def _speech(sound: Sound) -> str:
    if not sound.segments:
        return "none found"
    part = percent(min(sound.speech_s / max(sound.duration_s, 1e-9), 1.0))
    count = len(sound.segments)
    return f"{sound.speech_s:.2f} s ({part}) in {count} stretch{'' if count == 1 else 'es'}"


def _pitch(pitch: Pitch) -> str:
    middle, low, high = (pitch.quantile(at) for at in (0.5, 0.05, 0.95))
    if middle is None:
        return "no voiced sound found"
    sampled = f", sought in {pitch.sought_s:.0f} s of it" if pitch.sampled else ""
    return f"{middle:.0f} Hz in the middle, 90 % from {low:.0f} to {high:.0f} Hz{sampled}"


def _by_gender(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    parts = ", ".join(f"{gender} {count:,}" for gender, count in sorted(counts.items()))
    return f"{total:,} ({parts})"

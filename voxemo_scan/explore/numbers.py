"""What was measured, as JSON values: ``explore --json``."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.explore.corpus import Survey, gender_of
from voxemo_scan.explore.recording import Sound
from voxemo_scan.explore.spectra import bases
from voxemo_scan.training.corpora.utterance import Utterance

SCHEMA: Final = "voxemo-scan/exploration/1"


def recording_numbers(sound: Sound) -> dict[str, Any]:
    """Return a recording's numbers; times are seconds in the file's time.

    ``mean`` is over the columns that are not silent, ``course`` has a value a column of time.
    """
    return {"schema": SCHEMA, "kind": "recording", **_sound(sound)}


def corpus_numbers(
    found: Survey, *, example: Utterance | None, sound: Sound | None
) -> dict[str, Any]:
    """Return a corpus's numbers, and those of the clip that was picked as an example."""
    return {
        "schema": SCHEMA,
        "kind": "corpus",
        "seed": found.seed,
        "corpora": [
            {"name": c.corpus, "path": str(c.place), "clips": len(c.utterances)}
            for c in found.collections
        ],
        "clips": len(found.readable),
        "duration_s": _rounded(float(found.durations_s.sum())),
        "durations_s": _spread(found.durations_s),
        "counts": {label: dict(counts) for label, counts in found.counts().items()},
        "speakers": [
            {"corpus": corpus, "speaker": speaker, "gender": gender, "clips": count}
            for (corpus, speaker), (count, gender) in found.speakers().items()
        ],
        "mel_hz": _list(bases().mel_hz),
        "mean_spectra": [
            {
                "label": mean.label,
                "gender": mean.gender,
                "clips": mean.clips,
                "db": _list(mean.db),
                "error_db": _list(mean.error_db) if np.isfinite(mean.error_db).all() else None,
            }
            for mean in found.spectra
        ],
        "unreadable": {str(path): reason for path, reason in found.unreadable.items()},
        "example": _example(example, sound) if example and sound else None,
    }


def _example(utterance: Utterance, sound: Sound) -> dict[str, Any]:
    named = {
        "corpus": utterance.corpus,
        "clip": utterance.clip,
        "label": utterance.label,
        "gender": gender_of(utterance),
        "speaker": utterance.speaker,
    }
    return named | _sound(sound)


def _sound(sound: Sound) -> dict[str, Any]:
    columns, pitch = sound.columns, sound.pitch
    heard = ~columns.silent
    quantiles = {"p05_hz": 0.05, "median_hz": 0.5, "p95_hz": 0.95}
    return {
        "path": str(sound.path),
        "codec": sound.media.audio_codec,
        "sampling_rate": sound.media.sampling_rate,
        "channels": sound.media.channels,
        "start_s": sound.start_s,
        "duration_s": _rounded(sound.duration_s),
        "speech_s": _rounded(sound.speech_s),
        "segments": [
            {"start_s": _rounded(a + sound.start_s), "end_s": _rounded(b + sound.start_s)}
            for a, b in sound.segments
        ],
        "peak": _rounded(columns.peak),
        "clipped_samples": columns.clipped,
        "level_db": _rounded(columns.level_db),
        "f0": {
            **{name: _or_none(pitch.quantile(at)) for name, at in quantiles.items()},
            "voiced_s": _rounded(pitch.voiced_s),
            "sought_s": _rounded(pitch.sought_s),
            "sampled": pitch.sampled,
            "times_s": _list(pitch.times_s + sound.start_s),
            "hz": _list(pitch.hz),
        },
        "mean": {
            "mel_hz": _list(bases().mel_hz),
            "mel_db": _list(columns.mel_db[:, heard].mean(axis=1)),
            "mfcc": _list(columns.mfcc[:, heard].mean(axis=1)),
            "chroma": _list(columns.chroma[:, heard].mean(axis=1)),
        },
        "course": {
            "times_s": _list(columns.times_s + sound.start_s),
            "rms_db": _list(columns.rms_db),
        },
    }


def _spread(values: NDArray[np.float64]) -> dict[str, float]:
    if not values.size:
        return {}
    names = {"shortest": 0.0, "p05": 0.05, "median": 0.5, "p95": 0.95, "longest": 1.0}
    return {name: _rounded(float(np.quantile(values, at))) for name, at in names.items()}


def _list(values: NDArray[np.float64]) -> list[float]:
    return [_rounded(float(value)) for value in values]


def _or_none(value: float | None) -> float | None:
    return None if value is None else _rounded(value)


def _rounded(value: float) -> float:
    return round(value, 4)

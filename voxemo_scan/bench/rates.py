"""What a scan costs, as measured on some machine: the figures that ``scaling`` reckons with.

A JSON file holds them: ``{"measured": {...}, "rates": {...}}``. ``measured`` says how, for people
to read (``command``, ``commit``, ``machine``, ``note``, ``load``); ``rates`` has one number for
each field of ``Rates``. Whoever measures anew writes the same keys.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from voxemo_scan.atomic import write_atomic
from voxemo_scan.errors import UsageError

FILE: Final = Path("docs/rates.json")


@dataclass(frozen=True, slots=True)
class Rates:
    """What one core does, and what comes of an hour of sound.

    ``..._x`` are seconds of sound dealt with in a second of one core's time: decoding, finding
    speech, and the rest of a scene's analysis (voices, shares, intervals) count seconds of the
    clip, ``judge_x`` seconds of speech. Sizes are in 10^6 and 10^3 bytes.
    """

    decode_x: float
    """Decoding to 16 kHz mono."""
    speech_x: float
    """Voice activity detection."""
    judge_x: float
    """The networks, over windows that overlap by half; a second of speech counts once."""
    rest_x: float
    """Everything else that a scene takes."""
    cold_start_s: float
    """Core time until a worker has imported everything and loaded the model."""
    peak_mb_per_worker: float
    """The most memory that a worker takes."""
    clip_mb_per_hour: float
    """A clip's size: what is downloaded, kept, uploaded and read by a worker."""
    hash_mb_per_s: float
    """Fingerprinting clips, which the driver does."""
    result_kb_per_hour: float
    """A result as JSON, in the store and on its way."""
    merge_s_per_hour: float
    """Core time in which the driver reads a result and keeps it in its store."""
    driver_mb_per_hour: float
    """What the results of a run take in the driver's memory until the report is written."""
    report_s_per_hour: float
    """Core time of writing the report, without sound and pictures."""
    report_peak_mb_per_hour: float
    """By how much the driver's memory grows beyond that while it writes the report."""
    report_mb_per_hour: float
    """All of the report's files."""


def read_rates(path: Path = FILE) -> tuple[Rates, dict[str, Any]]:
    """Return the rates at ``path`` and how they were measured.

    Raises:
        UsageError: the file is not there, or lacks a rate; other keys are passed over.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
        rates = Rates(**{each.name: float(found["rates"][each.name]) for each in fields(Rates)})
        return rates, dict(found["measured"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UsageError(
            f"{path} holds no rates: {error!r}",
            remedy="measure them: python -m voxemo_scan.bench.measure",
        ) from error


def write_rates(rates: Rates, measured: dict[str, Any], *, path: Path = FILE) -> None:
    """Write what ``read_rates`` reads."""
    told = {"measured": measured, "rates": asdict(rates)}
    write_atomic(path, json.dumps(told, indent=2) + "\n")

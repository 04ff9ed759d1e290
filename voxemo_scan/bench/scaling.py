"""Reckons what much sound costs: cores, memory, disk and network, and what is the slowest part.

python -m voxemo_scan.bench.scaling [--hours 10000] [--rates FILE] [--write docs/scaling.md]

Prints the tables, or writes them into a file between the lines ``<!-- reckoned -->`` and
``<!-- /reckoned -->``. All figures follow from measured rates (``voxemo_scan.bench.rates``) and
from the assumptions that are options here; nothing is run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from voxemo_scan.atomic import write_atomic
from voxemo_scan.bench.rates import FILE, Rates, read_rates
from voxemo_scan.errors import UsageError

WORKERS: Final = (2, 8, 32, 128, 512)
_BEGIN: Final = "<!-- reckoned -->"
_END: Final = "<!-- /reckoned -->"


@dataclass(frozen=True, slots=True)
class Work:
    """How much there is to do, and over which lines.

    ``download_mb_per_s`` is what the sources give the driver, ``network_mb_per_s`` what the
    driver's line and the remote store carry.
    """

    hours: float = 10_000.0
    speech_share: float = 0.6
    clip_minutes: float = 100.0
    download_mb_per_s: float = 12.5
    network_mb_per_s: float = 125.0

    @property
    def clips(self) -> float:
        """How many clips there are."""
        return 60 * self.hours / self.clip_minutes


def core_hours(work: Work, rates: Rates) -> dict[str, float]:
    """Return the workers' core-hours by stage."""
    return {
        "decode": work.hours / rates.decode_x,
        "voice activity": work.hours / rates.speech_x,
        "networks": work.hours * work.speech_share / rates.judge_x,
        "voices, shares, intervals": work.hours / rates.rest_x,
    }


def driver_hours(work: Work, rates: Rates) -> dict[str, float]:
    """Return the hours of the driver's one core by task; the last comes after all others."""
    megabytes = work.hours * rates.clip_mb_per_hour
    return {
        "fingerprints": megabytes / rates.hash_mb_per_s / 3600,
        "its store": work.hours * rates.merge_s_per_hour / 3600,
        "report": work.hours * rates.report_s_per_hour / 3600,
    }


def lanes(work: Work, rates: Rates, *, workers: int) -> dict[str, float]:
    """Return hours on the clock of what goes on side by side."""
    megabytes = work.hours * rates.clip_mb_per_hour
    driver = driver_hours(work, rates)
    begun = rates.cold_start_s / 3600
    return {
        "download": megabytes / work.download_mb_per_s / 3600,
        "upload": megabytes / work.network_mb_per_s / 3600,
        "workers": sum(core_hours(work, rates).values()) / workers + begun,
        "driver": driver["fingerprints"] + driver["its store"],
    }


def workers_that_keep_up(work: Work, rates: Rates, *, lane: str) -> float:
    """Return from how many workers on ``lane`` is slower than they are."""
    return sum(core_hours(work, rates).values()) / lanes(work, rates, workers=1)[lane]


def tables(work: Work, rates: Rates, measured: dict[str, Any]) -> str:
    """Return everything as Markdown."""
    return "\n\n".join(
        (
            _assumed(work, rates, measured),
            "### Cores\n\n" + _cores(work, rates),
            "### Memory, storage, network\n\n" + _places(work, rates),
            "### Where the bottleneck is\n\n" + _bottleneck(work, rates),
        )
    )


def _assumed(work: Work, rates: Rates, measured: dict[str, Any]) -> str:
    load = ", ".join(f"{each:g}" for each in measured.get("load", ()))
    note = str(measured.get("note", "")).strip()
    return (
        f"{work.hours:,.0f} hours in {work.clips:,.0f} clips of {work.clip_minutes:g} minutes, of "
        f"which {work.speech_share:.0%} is speech; {rates.clip_mb_per_hour:g} MB an hour; sources "
        f"that give {work.download_mb_per_s:g} MB/s in all; a line and a remote store of "
        f"{work.network_mb_per_s:g} MB/s. Rates measured by `{measured.get('command', '?')}` at "
        f"{measured.get('commit', '?')} on {measured.get('machine', '?')}"
        + (f" (load averages {load})" if load else "")
        + (f"; {note}" if note else "")
        + "."
    )


def _cores(work: Work, rates: Rates) -> str:
    stages = core_hours(work, rates)
    total = sum(stages.values())
    speeds = {
        "decode": (rates.decode_x, "sound"),
        "voice activity": (rates.speech_x, "sound"),
        "networks": (rates.judge_x, "speech"),
        "voices, shares, intervals": (rates.rest_x, "sound"),
    }
    rows = [
        (
            name,
            f"{speeds[name][0]:,.0f} s of {speeds[name][1]}",
            _hours(spent),
            f"{spent / total:.0%}",
        )
        for name, spent in stages.items()
    ]
    whole = ("all of it", f"{work.hours / total:,.0f} s of sound", _hours(total), "")
    driver = [
        (f"driver: {name}", "", _hours(spent), "")
        for name, spent in driver_hours(work, rates).items()
    ]
    return _table(("stage", "a core does in 1 s", "core-hours", "share"), [*rows, whole, *driver])


def _places(work: Work, rates: Rates) -> str:
    clips_gb = work.hours * rates.clip_mb_per_hour / 1e3
    results_gb = work.hours * rates.result_kb_per_hour / 1e6
    held_gb = work.hours * rates.driver_mb_per_hour / 1e3
    growth_gb = work.hours * rates.report_peak_mb_per_hour / 1e3
    rows = [
        ("memory of a worker, whatever the clip's length", f"{rates.peak_mb_per_worker:,.0f} MB"),
        ("the driver's memory, results held for the report", _gb(held_gb)),
        ("... and on top while it writes the report", _gb(growth_gb)),
        ("disk: clips, at the driver", _gb(clips_gb)),
        ("remote store: clips", _gb(clips_gb)),
        ("remote store: results; as much in the driver's SQLite file", _gb(results_gb)),
        ("disk: the report", _gb(work.hours * rates.report_mb_per_hour / 1e3)),
        ("network: into the driver", _gb(clips_gb + results_gb)),
        ("network: from the driver to the remote store", _gb(clips_gb)),
        ("network: from the remote store to the workers, once a scene", _gb(clips_gb)),
    ]
    return _table(("what", "how much"), rows)


def _bottleneck(work: Work, rates: Rates) -> str:
    rows = []
    report_h = driver_hours(work, rates)["report"]
    for count in WORKERS:
        hours = lanes(work, rates, workers=count)
        slowest = max(hours, key=lambda name: hours[name])
        rows.append(
            (
                f"{count}",
                *(_hours(hours[name]) for name in ("download", "upload", "workers", "driver")),
                slowest,
                _hours(hours[slowest] + report_h),
            )
        )
    heads = (
        "workers of one core", "download, h", "upload, h", "workers, h", "driver, h", "slowest",
        "in all with the report, h",
    )  # fmt: skip
    return _table(heads, rows) + "\n\n" + _crossings(work, rates)


def _crossings(work: Work, rates: Rates) -> str:
    told = [
        f"- {what} from {workers_that_keep_up(work, rates, lane=lane):,.0f} workers on"
        for what, lane in (
            ("downloading is slower than the workers", "download"),
            ("where clips are at hand, uploading is", "upload"),
            ("where the network is no limit, the driver's fingerprints and store are", "driver"),
        )
    ]
    hours = work.hours * _memory_share(work, rates, of_gb=16.0)
    return "\n".join([*told, f"- a driver of 16 GB has room for a report of {hours:,.0f} hours"])


def _memory_share(work: Work, rates: Rates, *, of_gb: float) -> float:
    """Return the part of the work whose results and report fit into so much memory."""
    each_mb = rates.driver_mb_per_hour + rates.report_peak_mb_per_hour
    return of_gb * 1e3 / (each_mb * work.hours)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _hours(hours: float) -> str:
    return f"{hours:,.0f}" if hours >= 10 else f"{hours:.2g}"


def _gb(gigabytes: float) -> str:
    return f"{gigabytes:,.0f} GB" if gigabytes >= 10 else f"{gigabytes:.2g} GB"


def inserted(text: str, reckoned: str) -> str:
    """Return ``text`` with ``reckoned`` between its marks.

    Raises:
        UsageError: it has no marks.
    """
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise UsageError(f"there is no {_BEGIN} ... {_END} in it", remedy="add both lines")
    return f"{before}{begin}\n{reckoned}\n{end}{after}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print or write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for each in fields(Work):
        option = "--" + each.name.replace("_", "-")
        parser.add_argument(option, type=float, default=each.default, metavar="N")
    parser.add_argument("--rates", type=Path, default=FILE, metavar="FILE")
    parser.add_argument("--write", type=Path, metavar="FILE")
    asked = vars(parser.parse_args(arguments))
    rates, measured = read_rates(asked.pop("rates"))
    to = asked.pop("write")
    reckoned = tables(Work(**asked), rates, measured)
    if to is None:
        sys.stdout.write(reckoned + "\n")
    else:
        write_atomic(to, inserted(to.read_text("utf-8"), reckoned))


if __name__ == "__main__":
    main()

"""A benchmark's figures as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from voxemo_scan.models.ensemble import WINDOW_S

Figures = dict[str, Any]


def to_markdown(figures: Figures) -> str:
    """Return the page that shows ``figures``, as ``voxemo_scan.bench`` made them.

    A part that was not measured is left out.
    """
    parts = [part(figures) for name, part in _PARTS.items() if name in figures["commits"]]
    texts = ["# Benchmarks", _made(figures), *(text for part in parts for text in part)]
    return "\n\n".join(texts) + "\n"


def _made(figures: Figures) -> str:
    machine = figures["machine"]
    commits = ", ".join(f"{part} {commit}" for part, commit in figures["commits"].items())
    return (
        f"Made by `{figures['command']}` on {machine['cores']} cores, {machine['processor']} "
        f"({'with' if machine['bfloat16'] else 'without'} native bfloat16), Python "
        f"{machine['python']}, PyTorch {machine['torch']}; commits: {commits}. Each part in "
        "one run (`python -m voxemo_scan.bench --only PART` measures one anew): compare "
        f"ratios, not seconds. The sound is {figures['sound']}."
    )


def _speed(figures: Figures) -> list[str]:
    stages = figures["stages"]
    return [
        "## From clip to report",
        f"Of {stages['duration_s'] / 60:.0f} minutes of sound "
        f"{stages['speech_s'] / stages['duration_s']:.0%} is found to be speech, in "
        f"{stages['windows']:,} windows.",
        _table(["", "seconds", "times real time", "times the floor"], _ways(figures)),
        "The floor is decoding with finding speech, in one thread. `run` is the whole command: "
        "start, analysis, the page with its sound and pictures. Of three turns the least "
        "seconds count, of larger encoders those of as many as eight seconds hold; on one "
        "core there is one turn.",
        "## Against larger encoders",
        _table(
            ["encoder, random weights", "parameters", "the same windows, float32",
             "the scan is faster by", "bfloat16", "faster by"],
            [_rival(rival, stages) for rival in figures["rivals"]],
        ),
        "Seconds for all windows of the sound, worked out from a few, each window encoded by "
        "itself, and how many times as long floor and encoder take together as the whole "
        "analysis here, its ensemble, voices and shares included.",
    ]  # fmt: skip


def _memory(figures: Figures) -> list[str]:
    rows = figures["memory"]
    least = rows[0]["peak_mb"]
    return [
        "## Memory",
        _table(
            ["length", "peak of `run`", "of the shortest's", "times real time"],
            [
                [f"{row['minutes']:g} min", f"{row['peak_mb']:,.0f} MB",
                 f"{row['peak_mb'] / least:.2f} x", f"{60 * row['minutes'] / row['wall_s']:.0f}"]
                for row in rows
            ],
        ),
    ]  # fmt: skip


def _workers(figures: Figures) -> list[str]:
    rows = figures["jobs"]
    first = rows[0]["wall_s"]
    return [
        "## Workers",
        _table(
            ["`--jobs`", "seconds", "times as fast"],
            [[str(r["jobs"]), f"{r['wall_s']:.1f}", f"{first / r['wall_s']:.2f} x"] for r in rows],
        ),
        "Six clips, half as long as the sound together. One worker already computes with all "
        "cores.",
    ]


def _again(figures: Figures) -> list[str]:
    again = figures["again"]
    return [
        "## Again",
        f"A second run of {again['scenes']} unchanged scenes: "
        f"{again['wall_s']:.1f} s, {again['cpu_s']:.1f} s of processors.",
    ]


def _load(figures: Figures) -> list[str]:
    return ["## The page under load", figures["load"], "Alone: `make load`."]


def _cold(figures: Figures) -> list[str]:
    cold = figures["cold"]
    rows = [
        ["`voxemo-scan --help`", f"{cold['help_s']:.2f}"],
        [f"`voxemo-scan listen` on {cold['clip_s']:.0f} s", f"{cold['one_clip_s']:.1f}"],
    ]
    return ["## Cold start", _table(["command", "seconds"], rows)]


_PARTS: Final[dict[str, Callable[[Figures], list[str]]]] = {
    "speed": _speed,
    "memory": _memory,
    "workers": _workers,
    "again": _again,
    "load": _load,
    "cold": _cold,
}
"""Sections in the page's order, by the part that measured them."""


def _ways(figures: Figures) -> list[list[str]]:
    stages = figures["stages"]
    rows = {
        "decode": stages["decode_s"],
        "floor: decode and find speech": stages["floor_s"],
        "judge windows, tell voices, estimate shares": stages["analyse_s"] - stages["floor_s"],
        "analysis": stages["analyse_s"],
        "**`run`, all cores**": figures["run"]["wall_s"],
        "`run`, one core": figures["one_core"]["wall_s"],
    }
    return [
        [name, f"{s:.1f}", f"{stages['duration_s'] / s:.0f}", f"{s / stages['floor_s']:.1f}"]
        for name, s in rows.items()
    ]


def _rival(rival: Figures, stages: Figures) -> list[str]:
    plain, half = (
        stages["windows"] * rival[key] for key in ("window_s", "window_bf16_s")
    )  # fmt: skip
    return [
        rival["name"], f"{rival['parameters'] / 1e6:.0f} M",
        *(
            text
            for seconds in (plain, half)
            for text in (
                f"{seconds:,.0f} s, {stages['windows'] * WINDOW_S / seconds:.1f} x",
                f"{(stages['floor_s'] + seconds) / stages['analyse_s']:.1f} x",
            )
        ),
    ]  # fmt: skip


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

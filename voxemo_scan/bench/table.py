"""A benchmark's figures as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voxemo_scan.models.ensemble import WINDOW_S

Figures = dict[str, Any]


def to_markdown(figures: Figures) -> str:
    """Return the page that shows ``figures``, as ``voxemo_scan.bench`` made them."""
    machine, stages = figures["machine"], figures["stages"]
    speech = stages["speech_s"] / stages["duration_s"]
    commits = ", ".join(f"{part} {commit}" for part, commit in figures["commits"].items())
    return "\n\n".join(
        [
            "# Benchmarks",
            f"Made by `{figures['command']}` on {machine['cores']} "
            f"cores of an {machine['processor']} "
            f"({'with' if machine['bfloat16'] else 'without'} native bfloat16), Python "
            f"{machine['python']}, PyTorch {machine['torch']}; commits: {commits}. Each part in "
            "one run (`python -m voxemo_scan.bench --only PART` measures one anew): compare "
            "ratios, not seconds. The sound is "
            f"{stages['duration_s'] / 60:.0f} minutes of {figures['sound']}; {speech:.0%} of it "
            f"is found to be speech, in {stages['windows']:,} windows.",
            "## From clip to report",
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
            "## Memory",
            _table(["length", "peak of `run`", "of the shortest's", "times real time"],
                   _memory(figures["memory"])),
            "## Workers",
            _table(["`--jobs`", "seconds", "times as fast"], _jobs(figures["jobs"])),
            "Six clips, half as long as the sound together. One worker already computes with all "
            "cores.",
            "## Again",
            f"A second run of {figures['again']['scenes']} unchanged scenes: "
            f"{figures['again']['wall_s']:.1f} s, {figures['again']['cpu_s']:.1f} s of processors.",
            "## The page under load",
            figures["load"],
            "Alone: `make load`.",
            "## Cold start",
            _table(["command", "seconds"], [
                ["`voxemo-scan --help`", f"{figures['cold']['help_s']:.2f}"],
                [f"`voxemo-scan listen` on {figures['cold']['clip_s']:.0f} s",
                 f"{figures['cold']['one_clip_s']:.1f}"],
            ]),
        ]
    ) + "\n"  # fmt: skip


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


def _memory(rows: Sequence[Figures]) -> list[list[str]]:
    least = rows[0]["peak_mb"]
    return [
        [f"{row['minutes']:g} min", f"{row['peak_mb']:,.0f} MB", f"{row['peak_mb'] / least:.2f} x",
         f"{60 * row['minutes'] / row['wall_s']:.0f}"]
        for row in rows
    ]  # fmt: skip


def _jobs(rows: Sequence[Figures]) -> list[list[str]]:
    first = rows[0]["wall_s"]
    return [[str(r["jobs"]), f"{r['wall_s']:.1f}", f"{first / r['wall_s']:.2f} x"] for r in rows]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

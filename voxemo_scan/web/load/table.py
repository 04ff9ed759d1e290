"""What a load came to, as a Markdown table."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from voxemo_scan.web.load.crowd import Found, Plan


def table_of(plan: Plan, found: Found) -> str:
    """Return the table, with a line on what was done above it."""
    rows = [
        ("an upload's first answer, s", *_middle_and_end(found.first_s)),
        ("an upload's result, with waiting as told, s", *_middle_and_end(found.heard_s)),
        ("between two live messages, s", *_middle_and_end(found.gaps_s)),
        ("how far live results were behind, s", *_middle_and_end(found.behind_s)),
        ("from the last word to the verdict on all of it, s", *_middle_and_end(found.done_s)),
    ]
    lines = [
        f"{plan.listeners} listeners of {plan.seconds:g} s and {plan.uploads} uploads at once, "
        f"{os.cpu_count()} processors, {found.seconds:.0f} s in all.",
        "",
        "| what | median | 99th percentile |",
        "|---|---:|---:|",
        *(f"| {what} | {middle} | {end} |" for what, middle, end in rows),
        "",
        f"Answers: {', '.join(f'{n} x {what}' for what, n in sorted(found.statuses.items()))}. "
        f"Live windows judged: {found.windows}. Most memory, all processes: "
        f"{found.memory_bytes / 2**20:.0f} MiB. Faults: {len(found.faults)}.",
        *(f"- {fault}" for fault in sorted(set(found.faults))[:10]),
    ]
    return "\n".join(lines) + "\n"


def _middle_and_end(seconds: Sequence[float]) -> tuple[str, str]:
    if not seconds:
        return "-", "-"
    middle, end = np.quantile(seconds, [0.5, 0.99])
    return f"{middle:.2f}", f"{end:.2f}"

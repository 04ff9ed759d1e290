"""An evaluation as JSON values and as Markdown."""

from __future__ import annotations

from typing import Any

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.training.evaluate import Evaluation, PartResult


def to_json(evaluation: Evaluation, *, command: str) -> dict[str, Any]:
    """Return the evaluation as JSON values; ``command`` is what made it."""
    return {
        "schema": "voxemo-scan/evaluation/1",
        "protocol": evaluation.protocol,
        "model": {
            "name": evaluation.model,
            "parameters": evaluation.parameters,
            "sha256": evaluation.sha256,
        },
        "command": command,
        "seed": evaluation.seed,
        "parts": [_part(part) for part in evaluation.parts],
    }


def to_markdown(evaluation: Evaluation, *, command: str) -> str:
    """Return the evaluation as Markdown: figures of each part, recalls and confusion."""
    lines = [
        f"# {evaluation.model} on `{evaluation.protocol}`",
        "",
        f"{evaluation.parameters:,} parameters, seed {evaluation.seed}. Made by:",
        "",
        f"    {command}",
        "",
        "| clips of | clips | UA (95 %) | WA (95 %) | macro-F1 | ECE | gender |",
        "|---|---|---|---|---|---|---|",
        *(_row(part) for part in evaluation.parts),
        "",
        "UA is the mean of the emotions' recalls, WA plain accuracy; intervals by resampling "
        "speakers 1,000 times; ECE over 15 bins.",
    ]
    whole = evaluation.parts[0].metrics
    lines += [
        "",
        "| said \\ heard | " + " | ".join(EMOTIONS) + " | recall |",
        "|---" * (len(EMOTIONS) + 2) + "|",
    ]
    for emotion, row in zip(EMOTIONS, whole.confusion.tolist(), strict=True):
        cells = " | ".join(str(count) for count in row)
        lines.append(f"| {emotion} | {cells} | {_percent(whole.recalls[emotion])} |")
    return "\n".join(lines) + "\n"


def _row(part: PartResult) -> str:
    m = part.metrics
    gender = "" if part.gender_accuracy is None else _percent(part.gender_accuracy)
    return (
        f"| {part.part} | {m.clips} | {_percent(m.ua)} ({_range(m.ua_ci)}) | "
        f"{_percent(m.wa)} ({_range(m.wa_ci)}) | {_percent(m.macro_f1)} | {m.ece:.3f} | {gender} |"
    )


def _part(part: PartResult) -> dict[str, Any]:
    m = part.metrics
    return {
        "part": part.part,
        "clips": m.clips,
        "ua": m.ua,
        "ua_ci": list(m.ua_ci),
        "wa": m.wa,
        "wa_ci": list(m.wa_ci),
        "macro_f1": m.macro_f1,
        "ece": m.ece,
        "recalls": m.recalls,
        "confusion": m.confusion.tolist(),
        "gender_accuracy": part.gender_accuracy,
    }


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.1f}"


def _range(interval: tuple[float, float]) -> str:
    return f"{_percent(interval[0])} to {_percent(interval[1])}"

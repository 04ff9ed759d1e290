"""An evaluation as JSON values, as Markdown, and as the files of a folder."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from voxemo_scan.atomic import write_atomic
from voxemo_scan.training.evaluate import Evaluation, PartResult
from voxemo_scan.training.reliability import ReliabilityBin

RELIABILITY_FILE: Final = "reliability.svg"
CONFUSION_FILE: Final = "confusion.svg"
_BAR: Final = 30
"""Characters of a whole bar of the reliability diagram in text."""


def to_json(evaluation: Evaluation, *, command: str) -> dict[str, Any]:
    """Return the evaluation as JSON values; ``command`` is what made it."""
    return {
        "schema": "voxemo-scan/evaluation/2",
        "protocol": evaluation.protocol,
        "labels": list(evaluation.labels.labels),
        "model": {
            "name": evaluation.model,
            "parameters": evaluation.parameters,
            "sha256": evaluation.sha256,
        },
        "command": command,
        "seed": evaluation.seed,
        "ua": evaluation.ua,
        "fold_ua": {str(fold): ua for fold, ua in evaluation.fold_ua.items()},
        "parts": [_part(part) for part in evaluation.parts],
    }


def to_markdown(evaluation: Evaluation, *, command: str, pictures: bool = False) -> str:
    """Return the evaluation as Markdown; ``pictures`` shows the SVG files beside it."""
    blocks = [
        f"# {evaluation.model} on `{evaluation.protocol}`",
        f"{evaluation.parameters:,} parameters, {len(evaluation.labels)} labels, "
        f"seed {evaluation.seed}. Made by:",
        f"    {command}",
        _parts_table(evaluation.parts),
        "UA is the mean of the labels' recalls (of those that have clips), WA plain accuracy; "
        "intervals by resampling speakers 1,000 times; ECE over 15 bins.",
        *_folds(evaluation),
        "## Confusion",
        *([f"![Confusion matrix]({CONFUSION_FILE})"] if pictures else []),
        _confusion_table(evaluation),
        "## Reliability",
        *([f"![Reliability diagram]({RELIABILITY_FILE})"] if pictures else []),
        _reliability_text(evaluation.whole.reliability),
        "## Weights",
        "\n".join(["| file | SHA-256 |", "|---|---|"]
                  + [f"| {name} | `{digest}` |" for name, digest in evaluation.sha256.items()]),
    ]  # fmt: skip
    return "\n\n".join(blocks) + "\n"


def write_evaluation(evaluation: Evaluation, folder: Path, *, command: str) -> None:
    """Write ``evaluation.json``, ``evaluation.md`` and its two diagrams into ``folder``."""
    from voxemo_scan.training.diagrams import (  # noqa: PLC0415  (matplotlib is slow to load)
        confusion_svg,
        reliability_svg,
    )

    whole, title = evaluation.whole, f"{evaluation.model} on {evaluation.protocol}"
    values = to_json(evaluation, command=command)
    write_atomic(folder / "evaluation.json", json.dumps(values, indent=2) + "\n")
    write_atomic(
        folder / RELIABILITY_FILE, reliability_svg(whole.reliability, title=title, ece=whole.ece)
    )
    write_atomic(
        folder / CONFUSION_FILE,
        confusion_svg(whole.confusion, labels=evaluation.labels.labels, title=title),
    )
    text = to_markdown(evaluation, command=command, pictures=True)
    write_atomic(folder / "evaluation.md", text)


def _parts_table(parts: Sequence[PartResult]) -> str:
    lines = [
        "| clips of | clips | UA (95 %) | WA (95 %) | macro-F1 | ECE | gender |",
        "|---|---|---|---|---|---|---|",
    ]
    for part in parts:
        m = part.metrics
        gender = "" if part.gender_accuracy is None else _percent(part.gender_accuracy)
        name = part.part if part.sort in {"all", "corpus"} else f"{part.sort}: {part.part}"
        lines.append(
            f"| {name} | {m.clips:,} | {_percent(m.ua)} ({_range(m.ua_ci)}) | "
            f"{_percent(m.wa)} ({_range(m.wa_ci)}) | {_percent(m.macro_f1)} | {m.ece:.3f} | "
            f"{gender} |"
        )
    return "\n".join(lines)


def _folds(evaluation: Evaluation) -> list[str]:
    if not evaluation.fold_ua:
        return []
    each = " | ".join(str(fold) for fold in evaluation.fold_ua)
    return [
        f"UA to quote, the mean of the folds': **{_percent(evaluation.ua)}**. The table above "
        "pools all folds' clips, each judged by the model that was trained without its speaker.",
        "\n".join([
            f"| fold | {each} |",
            "|---" * (len(evaluation.fold_ua) + 1) + "|",
            "| UA | " + " | ".join(map(_percent, evaluation.fold_ua.values())) + " |",
        ]),
    ]  # fmt: skip


def _confusion_table(evaluation: Evaluation) -> str:
    labels, whole = evaluation.labels.labels, evaluation.whole
    lines = [
        "| said \\ heard | " + " | ".join(labels) + " | recall |",
        "|---" * (len(labels) + 2) + "|",
    ]
    for label, row in zip(labels, whole.confusion.tolist(), strict=True):
        cells = " | ".join(str(count) for count in row)
        lines.append(f"| {label} | {cells} | {_percent(whole.recalls[label])} |")
    return "\n".join(lines)


def _reliability_text(bins: Sequence[ReliabilityBin]) -> str:
    """Return the reliability diagram in characters: bars are accuracy, the mark is confidence."""
    lines = ["    confidence    clips  said  right  (bar: right; |: said)"]
    for b in bins:
        bar = list(("#" * round(_BAR * b.accuracy)).ljust(_BAR + 1))
        bar[round(_BAR * b.confidence)] = "|"
        lines.append(
            f"    {b.low:.2f} to {b.high:.2f}  {b.clips:5d}  {b.confidence:.2f}  "
            f"{b.accuracy:.2f}   {''.join(bar).rstrip()}"
        )
    return "\n".join(lines)


def _part(part: PartResult) -> dict[str, Any]:
    m = part.metrics
    return {
        "part": part.part,
        "sort": part.sort,
        "clips": m.clips,
        "ua": m.ua,
        "ua_ci": list(m.ua_ci),
        "wa": m.wa,
        "wa_ci": list(m.wa_ci),
        "macro_f1": m.macro_f1,
        "ece": m.ece,
        "recalls": {n: None if math.isnan(r) else r for n, r in m.recalls.items()},
        "confusion": m.confusion.tolist(),
        "reliability": [
            {"low": b.low, "high": b.high, "clips": b.clips, "confidence": b.confidence,
             "accuracy": b.accuracy}
            for b in m.reliability
        ],
        "gender_accuracy": part.gender_accuracy,
    }  # fmt: skip


def _percent(fraction: float) -> str:
    return "" if math.isnan(fraction) else f"{100 * fraction:.1f}"


def _range(interval: tuple[float, float]) -> str:
    return f"{_percent(interval[0])} to {_percent(interval[1])}"

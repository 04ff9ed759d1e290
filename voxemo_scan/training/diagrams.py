"""An evaluation's pictures: reliability diagram and confusion matrix, as SVG.

The same figures give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Any, Final, cast

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from voxemo_scan.training.reliability import ReliabilityBin

_INK, _BLUE, _GREY, _RED = "#1f2933", "#a9c4e0", "#9aa5b1", "#b4452c"
_STYLE: Final[dict[str, Any]] = {
    "svg.hashsalt": "voxemo-scan",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _GREY,
    "xtick.color": _INK,
    "ytick.color": _INK,
}


def reliability_svg(bins: Sequence[ReliabilityBin], *, title: str, ece: float) -> str:
    """Return accuracy against confidence, with how many clips each confidence was given to."""
    with rc_context(cast(Any, _STYLE)):
        figure = Figure(figsize=(4.6, 5.2), layout="constrained")
        upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3.2, 1.0]})
        _draw_accuracy(upper, bins)
        upper.set_title(f"{title}\nECE {ece:.3f}", fontsize=10)
        lower.bar(
            [b.low for b in bins], [b.clips for b in bins],
            width=[b.high - b.low for b in bins], align="edge", color=_GREY, edgecolor="white",
        )  # fmt: skip
        lower.set(xlim=(0, 1), xlabel="confidence of the verdict", ylabel="clips")
        for axes in (upper, lower):
            axes.spines[["top", "right"]].set_visible(False)
        return _svg(figure, title=f"{title}: reliability diagram")


def confusion_svg(confusion: NDArray[np.int64], *, labels: Sequence[str], title: str) -> str:
    """Return the confusion matrix, [labels, labels]; a row's colours are its fractions."""
    totals = confusion.sum(axis=1, keepdims=True)
    fractions = np.divide(confusion, totals, out=np.zeros(confusion.shape), where=totals > 0)
    size = 1.6 + 0.62 * len(labels)
    with rc_context(cast(Any, _STYLE)):
        figure = Figure(figsize=(size + 0.4, size), layout="constrained")
        axes = figure.subplots()
        axes.pcolormesh(fractions, cmap="Blues", vmin=0.0, vmax=1.0, edgecolors="white")
        for (row, column), fraction in np.ndenumerate(fractions):
            axes.text(
                column + 0.5, row + 0.5, f"{100 * fraction:.0f} %\n{confusion[row, column]}",
                ha="center", va="center", fontsize=8,
                color="white" if fraction > 0.55 else _INK,
            )  # fmt: skip
        places = np.arange(len(labels)) + 0.5
        axes.set_xticks(places, labels, rotation=30, ha="right", rotation_mode="anchor")
        axes.set_yticks(places, labels)
        axes.invert_yaxis()
        axes.set_aspect("equal")
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set(xlabel="heard", ylabel="said", title=title)
        return _svg(figure, title=f"{title}: confusion matrix")


def _draw_accuracy(axes: Axes, bins: Sequence[ReliabilityBin]) -> None:
    axes.bar(
        [b.low for b in bins], [b.accuracy for b in bins],
        width=[b.high - b.low for b in bins], align="edge", color=_BLUE, edgecolor="white",
        label="found",
    )  # fmt: skip
    axes.plot([0, 1], [0, 1], color=_INK, linewidth=1, linestyle="--", label="as it should be")
    axes.plot(
        [b.confidence for b in bins], [b.accuracy for b in bins],
        color=_RED, marker="o", markersize=3.5, linewidth=0, label="mean confidence of the clips",
    )  # fmt: skip
    axes.set(ylim=(0, 1), ylabel="fraction that was right")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.03), ncols=3, frameon=False, fontsize=7)


def _svg(figure: Figure, *, title: str) -> str:
    text = StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Title": title, "Creator": None})
    return text.getvalue()

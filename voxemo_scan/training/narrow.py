"""Distributions over one set of labels as distributions over another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from voxemo_scan.errors import UsageError
from voxemo_scan.models.judgement import Judgement
from voxemo_scan.training.labels import LabelSet


def narrow(judgement: Judgement, *, heard: LabelSet, wanted: LabelSet) -> Judgement:
    """Return ``judgement`` over ``wanted`` labels, each row summing to 1 again.

    The probability of a label that ``wanted`` counts as another goes to that one (calm to
    neutral); that of a label left out goes to all, in proportion.

    Args:
        judgement: over the labels ``heard``.
        heard: the labels that the model tells apart.
        wanted: the labels that the clips carry.

    Raises:
        UsageError: the model does not know a label of ``wanted``.
    """
    if heard == wanted:
        return judgement
    if missing := [label for label in wanted.labels if label not in heard.labels]:
        raise UsageError(
            f"the model tells {len(heard)} labels apart and does not know {', '.join(missing)}",
            remedy=f"evaluate it with --labels {len(heard)}",
        )
    said = np.zeros((len(judgement.probabilities), len(wanted)))
    for column, label in zip(judgement.probabilities.T, heard.labels, strict=True):
        place = wanted.index(label)
        if place is not None:
            said[:, place] += column
    totals = said.sum(axis=1, keepdims=True)
    even = np.full_like(said, 1 / len(wanted))
    return replace(judgement, probabilities=np.divide(said, totals, out=even, where=totals > 0))

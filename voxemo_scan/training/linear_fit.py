"""Fitting linear heads: regressions over means, held back so far that they hold elsewhere, too."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxemo_scan.models.head import HeadShape, LinearHead, means_of
from voxemo_scan.training.encoder_fit import Targets, head_loss
from voxemo_scan.training.encoder_recipe import LinearTraining

_ROUNDS: Final = 300
_LEAST_SCALE: Final = 1e-4


def fit_linear_head(
    shape: HeadShape,
    training: LinearTraining,
    summaries: NDArray[np.float32],
    targets: Targets,
) -> LinearHead:
    """Return the head that makes what is to be heard likeliest, less a penalty on its weights.

    It also learns how training clips and their copies differ, so as to know what sounds strange.
    The emotions and the voice's gender are told apart by weights of their own, fitted at once.

    Args:
        shape: the head's.
        training: how strongly its weights are held back.
        summaries: of clips and their copies, [copies, clips, 2 x layers x width].
        targets: of the clips.
    """
    copies = len(summaries)
    means = torch.cat(
        [means_of(torch.from_numpy(np.asarray(each)), layers=shape.layers) for each in summaries]
    ).float()
    head = LinearHead(shape)
    head.input_mean.copy_(means.mean(dim=0))
    head.input_scale.copy_(means.std(dim=0).clamp(min=_LEAST_SCALE))
    inputs = (means - head.input_mean) / head.input_scale
    wanted = Targets(targets.emotions.repeat(copies, 1), targets.female.repeat(copies))
    for parameter in head.parameters():
        torch.nn.init.zeros_(parameter)
    optimizer = torch.optim.LBFGS(
        head.parameters(), max_iter=_ROUNDS, history_size=10, line_search_fn="strong_wolfe"
    )

    def lost() -> Tensor:
        optimizer.zero_grad()
        loss = head_loss(head.judge(inputs), wanted, gender_weight=1.0, label_smoothing=0.0)
        loss = loss + 0.5 * training.penalty * head.sum.weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(lost)  # type: ignore[no-untyped-call]
    _know(head, inputs)
    return head.eval()


def _know(head: LinearHead, inputs: Tensor) -> None:
    """Teach the head how stretches in training differ, and how far each is from being told so."""
    _, directions = torch.linalg.eigh(inputs.T @ inputs / len(inputs))
    head.directions.copy_(directions.T.flip(0)[: len(head.directions)])
    unexplained = head.unexplained(inputs)
    head.usual.copy_(torch.stack([unexplained.mean(), unexplained.std()]))

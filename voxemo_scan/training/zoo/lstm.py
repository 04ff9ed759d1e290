"""A recurrent network over MFCC frames (Hochreiter and Schmidhuber 1997)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from voxemo_scan.features.summary import FRAME_FEATURES
from voxemo_scan.training.zoo.recipe import ZooRecipe

_BATCH = 32


class FrameLstm(nn.Module):
    """One bidirectional LSTM, the mean of its states, one layer.

    The statistics that standardise frames travel with the weights; they are of the training part
    alone.
    """

    frame_mean: Tensor
    frame_scale: Tensor

    def __init__(self, *, hidden: int, labels: int) -> None:
        super().__init__()
        self.register_buffer("frame_mean", torch.zeros(FRAME_FEATURES))
        self.register_buffer("frame_scale", torch.ones(FRAME_FEATURES))
        self.lstm = nn.LSTM(FRAME_FEATURES, hidden, batch_first=True, bidirectional=True)
        self.classify = nn.Sequential(nn.Dropout(0.4), nn.Linear(2 * hidden, labels))

    def forward(self, clips: Sequence[Tensor]) -> Tensor:
        """Return logits, [clips, labels], of clips' frames, each [frames, 80]."""
        lengths = torch.tensor([len(clip) for clip in clips])
        padded = pad_sequence([(c - self.frame_mean) / self.frame_scale for c in clips], True)
        packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return cast(Tensor, self.classify(states.sum(dim=1) / lengths[:, None]))


def fit_lstm(
    recipe: ZooRecipe,
    clips: Sequence[NDArray[np.float32]],
    targets: NDArray[np.int64],
    *,
    seed: int,
) -> FrameLstm:
    """Return the network trained on clips' frames."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = FrameLstm(hidden=recipe.hidden, labels=recipe.labels)
    together = np.concatenate(clips)
    network.frame_mean.copy_(torch.from_numpy(together.mean(axis=0)))
    network.frame_scale.copy_(torch.from_numpy(together.std(axis=0)).clamp(min=1e-4))
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-2)
    steps = recipe.epochs * max(1, len(clips) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.1)
    lengths = np.array([len(clip) for clip in clips])
    for _ in range(recipe.epochs):
        order = np.argsort(lengths * rng.uniform(0.8, 1.2, size=len(lengths)))
        for number in rng.permutation(max(1, len(clips) // _BATCH)):
            chosen = order[number * _BATCH : (number + 1) * _BATCH]
            logits = network([torch.from_numpy(clips[n]) for n in chosen])
            loss = loss_of(logits, torch.from_numpy(targets[chosen]))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return network.eval()

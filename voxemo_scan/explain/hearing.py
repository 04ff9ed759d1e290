"""What an ensemble's encoders make of a picture, so that parts of it can be taken away.

The encoders hear at several speeds; here at the sound's own alone, which costs less and, of
tempo and pitch, leaves what the eye sees. ``verdict`` is what the whole ensemble says.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxemo_scan.errors import UsageError
from voxemo_scan.features.log_mel import SAMPLING_RATE, log_mels
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.encoder_member import EncoderMember
from voxemo_scan.models.precision import autocast
from voxemo_scan.models.whisper import FRAME_S, hidden_lengths

if TYPE_CHECKING:
    from voxemo_scan.explain.stretch import Stretch
    from voxemo_scan.models.ensemble import Ensemble

_TINY: Final = 1e-6


class Hearing:
    """One stretch, as its picture: float32, [80, frames], and who looks at it.

    Raises:
        UsageError: the ensemble has no encoder.
    """

    def __init__(self, ensemble: Ensemble, stretch: Stretch) -> None:
        voices = [v for v in ensemble.voices if isinstance(v.member, EncoderMember) and v.weight]
        if not voices:
            raise UsageError(
                f"the model {ensemble.info.name} has no encoder, and only encoders are explained",
                remedy="choose the model ensemble or encoder",
            )
        self._networks = [cast(EncoderNetwork, n.network) for n in voices[0].member.networks]
        self._temperature = voices[0].temperature
        self._calibration = ensemble.calibration
        mels, frames = log_mels([stretch.signal])
        self.picture: Tensor = mels[0]
        self._frames = frames
        first, last = stretch.heard
        step = round(FRAME_S * SAMPLING_RATE)
        self._span = (first // step, -(-last // step))

    @property
    def heard_frames(self) -> tuple[int, int]:
        """Return the picture's first frame that is pooled, and the one after the last."""
        first, last = (2 * at for at in self._span)
        return first, min(last, int(self._frames[0]))

    def logits(self, pictures: Tensor) -> Tensor:
        """Return calibrated logits, [n, 6], of pictures, [n, 80, frames]; differentiable."""
        said = torch.stack([self._hear(network, pictures) for network in self._networks])
        logits = said.mean(dim=0).clamp(min=1e-12).log() / self._temperature
        logits = logits.log_softmax(dim=1) / self._calibration.temperature
        if self._calibration.leanings:
            logits = logits - torch.tensor(self._calibration.leanings, device=logits.device)
        return logits.log_softmax(dim=1)

    def log_odds(self, pictures: Tensor, *, emotion: int) -> Tensor:
        """Return the log odds, [n], of an emotion against all others."""
        logits = self.logits(pictures)
        others = [n for n in range(logits.shape[1]) if n != emotion]
        return logits[:, emotion] - logits[:, others].logsumexp(dim=1)

    def _hear(self, network: EncoderNetwork, pictures: Tensor) -> Tensor:
        count = len(pictures)
        frames = self._frames.expand(count)
        exact = torch.is_grad_enabled() and pictures.requires_grad  # bfloat16 goes back slowly
        with nullcontext() if exact else autocast(network.device):
            found = network.whisper(pictures.to(network.device), frames.to(network.device))
        states = torch.stack([found[layer].float() for layer in network.shape.layers], dim=1)
        own = int(hidden_lengths(self._frames)[0])
        start = min(self._span[0], own - 1)
        part = states[:, :, start : min(self._span[1], own)]  # with gradients
        lengths = torch.full((count,), part.shape[2], device=part.device)
        return network.judge(part, lengths)[0]


def verdict(ensemble: Ensemble, stretch: Stretch) -> NDArray[np.float64]:
    """Return what the whole ensemble hears in the stretch's window, [6], by itself."""
    return np.asarray(ensemble.judge([stretch.passage]).probabilities[0])


def odds(probability: float) -> float:
    """Return the log odds of a probability, 0..1."""
    held = min(max(probability, _TINY), 1.0 - _TINY)
    return float(np.log(held / (1.0 - held)))

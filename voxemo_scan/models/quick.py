"""An encoder network as it hears one signal at a time on a processor, as quickly as it can.

It computes what ``EncoderNetwork`` does, with weights laid out once for it: convolutions and
projections as products in bfloat16 where the processor has it, statistics taken off the
states once for all heads. Lengths are rounded up, since each new one costs the libraries beneath
some milliseconds of preparation; what is filled in is neither attended to nor heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from voxemo_scan.features.log_mel import BANDS, log_mels
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import DeepHead, summarise_spans, to_moments
from voxemo_scan.models.precision import computes_in_bfloat16, multiplies_in_tiles
from voxemo_scan.models.product import Product
from voxemo_scan.models.whisper import Block, WhisperBlocks

_STEP: Final = 16
"""Numbers of frames, and of moments, are rounded up to a multiple of it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in stretches of one signal.

    ``summaries``: [stretches, 2 x layers x width], see ``summarise``; ``deep``: what each deep head
    says, emotion logits, [stretches, labels], and a woman's voice's, [stretches]; ``stem``:
    [frames, width], what the convolutions made of the whole signal, without a sense of time.
    """

    summaries: Tensor
    deep: tuple[tuple[Tensor, Tensor], ...]
    stem: Tensor


class QuickNetwork:
    """Hears stretches of signals as ``network`` does, whose weights must not change afterwards."""

    def __init__(self, network: EncoderNetwork) -> None:
        self.network = network
        self._blocks = _QuickBlocks(network.whisper)
        deep = [head for head in network.heads if isinstance(head, DeepHead)]
        self._deep = _QuickDeep(deep) if deep else None

    @torch.inference_mode()
    def listen(self, signal: NDArray[np.float32], spans: Sequence[tuple[int, int]]) -> Heard:
        """Return what is heard in stretches of a signal, which is encoded once and by itself.

        Args:
            signal: float32, [samples], -1..1, 16 kHz, to 30 s.
            spans: of each stretch its first frame and the one after its last; at least one frame
                of the signal is kept.
        """
        mels, _ = log_mels([signal])
        found, frames = self._blocks(mels[0].to(self.network.device))
        states = torch.cat([found[layer] for layer in self.network.shape.layers], dim=1)
        kept = [_within(span, frames) for span in spans]
        centre = states[:frames].mean(dim=0)
        states -= centre
        return Heard(
            summarise_spans(states[:frames], kept, centre, layers=len(self.network.shape.layers)),
            self._deep(states, kept, centre) if self._deep else (),
            found[0][:frames] - self.network.whisper.positions[:frames],
        )


class _QuickBlocks:
    """The encoder's convolutions and blocks."""

    def __init__(self, blocks: WhisperBlocks) -> None:
        kept = _kept_as(blocks.conv1.weight.device)
        self._conv1, self._conv2 = (
            Product.of(conv, kept, bent=True) for conv in (blocks.conv1, blocks.conv2)
        )
        self._layers = [_QuickBlock(cast(Block, block), kept) for block in blocks.layers]
        self._positions = blocks.positions

    def __call__(self, mels: Tensor) -> tuple[list[Tensor], int]:
        """Return the states before the first block and after each, and how many are the signal's.

        Args:
            mels: float32, [80, frames], of one signal.

        Returns:
            Each float32, [filled, width]; the first so many are the signal's own.
        """
        own = mels.shape[1]
        frames = (own + 1) // 2
        filled = _rounded(frames)
        rows = mels.new_zeros(2 * filled + 2, BANDS)
        rows[1 : own + 1] = mels.T
        first = self._conv1(_thirds(rows, step=1, count=2 * filled))
        rows = first.new_zeros(2 * filled + 2, first.shape[1])
        rows[1 : own + 1] = first[:own]
        second = self._conv2(_thirds(rows, step=2, count=filled))
        states = second + self._positions[:filled]
        found = [states]
        for layer in self._layers:
            found.append(layer(found[-1], frames))
        return found, frames


class _QuickBlock:
    """One transformer block; queries, keys and values come of one product."""

    def __init__(self, block: Block, kept: torch.dtype) -> None:
        own = block.self_attn
        self._heads = own.heads
        width = own.q_proj.out_features
        scale = (width // own.heads) ** -0.5
        q, k, v = own.q_proj, own.k_proj, own.v_proj
        self._given = Product(
            torch.cat([q.weight * scale, k.weight, v.weight]).to(kept),
            torch.cat([q.bias * scale, torch.zeros_like(v.bias), v.bias]).to(kept),
        )
        self._out, self._fc2 = (Product.of(part, kept) for part in (own.out_proj, block.fc2))
        self._fc1 = Product.of(block.fc1, kept, bent=True)
        self._norms = (block.self_attn_layer_norm, block.final_layer_norm)
        tiles = kept == torch.bfloat16 and multiplies_in_tiles(q.weight.device)
        self._attend = _attend_fused if tiles else _attend

    def __call__(self, states: Tensor, frames: int) -> Tensor:
        """Return the block's states, [filled, width]; the first ``frames`` are attended to."""
        q, k, v = (
            self._given(self._norms[0](states)).view(len(states), 3, self._heads, -1)
            .permute(1, 2, 0, 3)
        )  # fmt: skip
        gathered = self._attend(q, k, v, frames)
        states = states + self._out(gathered.transpose(0, 1).flatten(1))
        return states + self._fc2(self._fc1(self._norms[1](states)))


def _attend(q: Tensor, k: Tensor, v: Tensor, frames: int) -> Tensor:
    """Return what each of ``q`` gathers of ``v``, whose first ``frames`` are attended to by ``k``.

    All are [heads, filled, width of a head].
    """
    alike = torch.matmul(q, k.transpose(1, 2))
    alike[:, :, frames:] = -torch.inf
    return torch.matmul(alike.softmax(dim=-1), v)


def _attend_fused(q: Tensor, k: Tensor, v: Tensor, frames: int) -> Tensor:
    """Return what ``_attend`` does: half as quickly without matrix units, quicker with them."""
    filled = q.shape[1]
    heard = q.new_zeros(filled)
    heard[frames:] = -torch.inf
    return functional.scaled_dot_product_attention(
        q[None], k[None], v[None], attn_mask=heard.expand(1, 1, filled, filled), scale=1.0
    )[0]


class _QuickDeep:
    """The deep heads: each mixes the layers frame by frame, once for all stretches with a frame."""

    def __init__(self, heads: Sequence[DeepHead]) -> None:
        kept = _kept_as(heads[0].mix.weight.device)
        self._heads = heads
        scaled = [head.mix.weight / head.input_scale.flatten() for head in heads]
        self._scaled = torch.cat(scaled).detach()
        self._offset = torch.cat(
            [
                head.mix.bias - weight @ head.input_mean.flatten()
                for head, weight in zip(heads, scaled, strict=True)
            ]
        ).detach()
        self._mix = Product(self._scaled.to(kept), None)
        self._look = [partial(_seen, head, Product.of(head.look, kept)) for head in heads]

    def __call__(
        self, states: Tensor, spans: Sequence[tuple[int, int]], centre: Tensor
    ) -> tuple[tuple[Tensor, Tensor], ...]:
        """Return each head's logits of stretches of a signal: emotions, and a woman's voice.

        Args:
            states: [filled, layers x width], from which ``centre`` has been taken off.
            spans: of each stretch its first frame and the one after its last.
            centre: [layers x width].
        """
        mixed = self._mix(states).float() + (self._scaled @ centre + self._offset)
        lengths = torch.tensor([last - first for first, last in spans], device=mixed.device)
        own = pad_sequence([mixed[first:last] for first, last in spans], batch_first=True)
        own = functional.pad(own, (0, 0, 0, 2 * _rounded((own.shape[1] + 1) // 2) - own.shape[1]))
        moments, count = to_moments(own[:, None], lengths)
        each = moments[:, 0].chunk(len(self._heads), dim=-1)
        return tuple(
            head.judge_mixed(own, count, look=look)
            for head, own, look in zip(self._heads, each, self._look, strict=True)
        )


def _seen(head: DeepHead, product: Product, made: Tensor) -> Tensor:
    """Return what a head's convolution makes of moments, [n, moments, inner]."""
    n, count, inner = made.shape
    reach = head.shape.kernel // 2
    rows = functional.pad(made, (0, 0, reach, reach))
    size = (n, count, (2 * reach + 1) * inner)
    strides = ((count + 2 * reach) * inner, inner, 1)
    return product(rows.as_strided(size, strides)).float()


def _kept_as(device: torch.device) -> torch.dtype:
    return torch.bfloat16 if computes_in_bfloat16(device) else torch.float32


def _rounded(count: int) -> int:
    return -(-count // _STEP) * _STEP


def _thirds(rows: Tensor, *, step: int, count: int) -> Tensor:
    """Return ``count`` rows, each ``step`` after the last, the two that follow beside it."""
    width = rows.shape[1]
    return rows.as_strided((count, 3 * width), (step * width, 1))


def _within(span: tuple[int, int], frames: int) -> tuple[int, int]:
    """Return a stretch of at least one frame within a signal."""
    first = max(0, min(span[0], frames - 1))
    return first, max(first + 1, min(span[1], frames))

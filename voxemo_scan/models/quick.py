"""An encoder network as it hears a signal, or one at several speeds, as quickly as it can.

It computes what ``EncoderNetwork`` does, with weights laid out once for it: convolutions and
projections as products in bfloat16 where the processor has it, statistics taken off the
states once for all heads. Lengths are rounded up, since each new one costs the libraries beneath
some milliseconds of preparation; what is filled in is neither attended to nor heard. Signals that
are heard together go through each product together, which is quicker, and are not mixed otherwise.
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


_Said = tuple[tuple[Tensor, Tensor], ...]
"""Of each deep head emotion logits, [stretches, labels], and a woman's voice's, [stretches]."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A signal, float32, [samples], -1..1, 16 kHz, to 30 s, and the stretches of it to judge.

    ``spans`` are of each stretch its first frame and the one after its last; at least one frame of
    the signal is kept.
    """

    signal: NDArray[np.float32]
    spans: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in stretches of one signal.

    ``summaries``: [stretches, 2 x layers x width], see ``summarise``; ``deep``: what each deep head
    says, emotion logits, [stretches, labels], and a woman's voice's, [stretches]; ``stem``:
    [frames, width], what the convolutions made of the whole signal, without a sense of time.
    """

    summaries: Tensor
    deep: _Said
    stem: Tensor


class QuickNetwork:
    """Hears stretches of signals as ``network`` does, whose weights must not change afterwards."""

    def __init__(self, network: EncoderNetwork) -> None:
        self.network = network
        self._blocks = _QuickBlocks(network.whisper)
        deep = [head for head in network.heads if isinstance(head, DeepHead)]
        self._deep = _QuickDeep(deep) if deep else None

    @torch.inference_mode()
    def listen(self, *groups: Sequence[Piece]) -> list[list[Heard]]:
        """Return what is heard in stretches of signals, each of which is encoded once.

        What is heard in a group's signals depends on no other group.
        """
        pieces = [piece for group in groups for piece in group]
        mels = [log_mels([piece.signal])[0][0].to(self.network.device) for piece in pieces]
        found, laid = self._blocks(mels)
        states = torch.cat([found[layer] for layer in self.network.shape.layers], dim=1)
        stem = found[0]
        each = iter(laid)
        return [self._judge(group, [next(each) for _ in group], states, stem) for group in groups]

    def _judge(
        self, pieces: Sequence[Piece], laid: Sequence[_Rows], states: Tensor, stem: Tensor
    ) -> list[Heard]:
        """Return what is heard in signals, from the states of all, of which theirs are changed."""
        kept, centres = [], []
        for piece, rows in zip(pieces, laid, strict=True):
            kept.append([_within(span, rows.own) for span in piece.spans])
            centres.append(states[rows.signal].mean(dim=0))
            states[rows.signal] -= centres[-1]
        deep = self._deep(states, laid, kept, centres) if self._deep else [()] * len(pieces)
        positions, layers = self.network.whisper.positions, len(self.network.shape.layers)
        return [
            Heard(
                summarise_spans(states[rows.signal], spans, centre, layers=layers),
                said,
                stem[rows.signal] - positions[: rows.own],
            )
            for rows, spans, centre, said in zip(laid, kept, centres, deep, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where a signal's states lie among those of all that are heard with it."""

    first: int
    own: int

    @property
    def end(self) -> int:
        return self.first + self.own

    @property
    def signal(self) -> slice:
        return slice(self.first, self.end)


def _lay(frames: Sequence[int]) -> list[_Rows]:
    """Return where signals of so many frames lie, one after the other."""
    laid, first = [], 0
    for own in frames:
        laid.append(_Rows(first, own))
        first = laid[-1].end
    return laid


class _QuickBlocks:
    """The encoder's convolutions and blocks."""

    def __init__(self, blocks: WhisperBlocks) -> None:
        kept = _kept_as(blocks.conv1.weight.device)
        self._conv1, self._conv2 = (
            Product.of(conv, kept, bent=True) for conv in (blocks.conv1, blocks.conv2)
        )
        self._layers = [_QuickBlock(cast(Block, block), kept) for block in blocks.layers]
        self._positions = blocks.positions

    def __call__(self, mels: Sequence[Tensor]) -> tuple[list[Tensor], list[_Rows]]:
        """Return the states before the first block and after each, and which are which signal's.

        Args:
            mels: float32, [80, frames], of each signal.

        Returns:
            Each float32, [filled, width]; and where each signal's lie in them. What is filled in
            lies behind all signals'.
        """
        laid = _lay([(mel.shape[1] + 1) // 2 for mel in mels])
        filled = _rounded(laid[-1].end)
        covered = []
        for mel, mine in zip(mels, laid, strict=True):
            rows = mel.new_zeros(2 * mine.own + 2, BANDS)
            rows[1 : mel.shape[1] + 1] = mel.T
            covered.append(_thirds(rows, step=1, count=2 * mine.own))
        first = self._conv1(_filled(covered, 2 * filled))
        covered = []
        for mel, mine in zip(mels, laid, strict=True):
            rows = first.new_zeros(2 * mine.own + 2, first.shape[1])
            rows[1 : mel.shape[1] + 1] = first[2 * mine.first : 2 * mine.first + mel.shape[1]]
            covered.append(_thirds(rows, step=2, count=mine.own))
        positions = [self._positions[: mine.own] for mine in laid]
        found = [self._conv2(_filled(covered, filled)) + _filled(positions, filled)]
        for layer in self._layers:
            found.append(layer(found[-1], laid))
        return found, laid


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

    def __call__(self, states: Tensor, laid: Sequence[_Rows]) -> Tensor:
        """Return the block's states, [filled, width]; a signal attends to its own."""
        given = self._given(self._norms[0](states)).view(len(states), 3, self._heads, -1)
        given = given.permute(1, 2, 0, 3)
        gathered = [
            self._attend(*_apart(given, rows), rows.own)[:, : rows.own].transpose(0, 1).flatten(1)
            for rows in laid
        ]
        states = states + self._out(_filled(gathered, len(states)))
        return states + self._fc2(self._fc1(self._norms[1](states)))


def _apart(given: Tensor, rows: _Rows) -> tuple[Tensor, Tensor, Tensor]:
    """Return a signal's part of each of ``given``, [3, heads, all signals', width], filled up."""
    part = given.new_zeros(*given.shape[:2], _rounded(rows.own), given.shape[3])
    part[:, :, : rows.own] = given[:, :, rows.signal]
    q, k, v = part
    return q, k, v


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
        self,
        states: Tensor,
        laid: Sequence[_Rows],
        spans: Sequence[Sequence[tuple[int, int]]],
        centres: Sequence[Tensor],
    ) -> list[_Said]:
        """Return each head's logits of stretches, signal by signal.

        Args:
            states: [filled, layers x width], from which its signal's centre has been taken off.
            laid: where each signal's lie, one after the other.
            spans: of each of a signal's stretches its first frame and the one after its last.
            centres: each [layers x width].
        """
        first = laid[0].first
        mixed = self._mix(states[first : _rounded(laid[-1].end - first) + first]).float()
        cut = []
        for rows, stretches, centre in zip(laid, spans, centres, strict=True):
            own = mixed[rows.first - first :][: rows.own]
            signal = own + (self._scaled @ centre + self._offset)
            cut += [signal[first:last] for first, last in stretches]
        lengths = torch.tensor([len(each) for each in cut], device=mixed.device)
        padded = pad_sequence(cut, batch_first=True)
        longest = padded.shape[1]
        padded = functional.pad(padded, (0, 0, 0, 2 * _rounded((longest + 1) // 2) - longest))
        moments, count = to_moments(padded[:, None], lengths)
        each = moments[:, 0].chunk(len(self._heads), dim=-1)
        said = [
            head.judge_mixed(part, count, look=look)
            for head, part, look in zip(self._heads, each, self._look, strict=True)
        ]
        counts = [len(stretches) for stretches in spans]
        split = [(torch.split(e, counts), torch.split(f, counts)) for e, f in said]
        return [tuple((e[n], f[n]) for e, f in split) for n in range(len(laid))]


def _seen(head: DeepHead, product: Product, made: Tensor) -> Tensor:
    """Return what a head's convolution makes of moments, [n, moments, inner]."""
    n, count, inner = made.shape
    reach = head.shape.kernel // 2
    rows = functional.pad(made, (0, 0, reach, reach))
    size = (n, count, (2 * reach + 1) * inner)
    strides = ((count + 2 * reach) * inner, inner, 1)
    return product(rows.as_strided(size, strides)).float()


def _filled(parts: Sequence[Tensor], count: int) -> Tensor:
    """Return the parts' rows, one part's after the other's, and zeros up to ``count`` rows."""
    missing = count - sum(len(part) for part in parts)
    return torch.cat([*parts, parts[0].new_zeros(missing, parts[0].shape[1])])


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

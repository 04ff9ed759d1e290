"""Larger encoders of published models on the same windows; speed needs no trained weights.

Each window is encoded by itself, as pipelines over a frozen encoder do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import torch
from torch import Tensor, nn

from voxemo_scan.models.ensemble import WINDOW_S
from voxemo_scan.models.precision import autocast

_RATE: Final = 16_000
_FEWEST: Final = 2
_LEAST_S: Final = 8.0


@dataclass(frozen=True, slots=True)
class Rival:
    """An encoder's size and the seconds that it takes for a window of ``WINDOW_S``."""

    name: str
    parameters: int
    window_s: float
    """in float32"""
    window_bf16_s: float
    """in bfloat16, where the processor computes in it"""


def measure_rivals(*, threads: int) -> Iterator[Rival]:
    """Yield each rival's figures, one after the other, so that only one is in memory."""
    torch.set_num_threads(threads)
    for name, make, example in _rivals():
        network = make().eval()
        given = example()
        with torch.inference_mode():
            plain = _seconds(partial(network, given))
            with autocast():
                half = _seconds(partial(network, given))
        yield Rival(name, sum(p.numel() for p in network.parameters()), plain, half)


def _seconds(work: Callable[[], Any]) -> float:
    """Return how long ``work`` takes, the least of a few times."""
    work()
    taken: list[float] = []
    started = time.perf_counter()
    while len(taken) < _FEWEST or time.perf_counter() - started < _LEAST_S:
        before = time.perf_counter()
        work()
        taken.append(time.perf_counter() - before)
    return min(taken)


def _rivals() -> Iterator[tuple[str, Callable[[], nn.Module], Callable[[], Tensor]]]:
    from transformers import (  # noqa: PLC0415  (only benchmarks need it)
        HubertConfig,
        HubertModel,
        Wav2Vec2Config,
        Wav2Vec2Model,
        WhisperConfig,
    )
    from transformers.models.whisper.modeling_whisper import WhisperEncoder  # noqa: PLC0415

    def wave() -> Tensor:
        return torch.randn(1, round(WINDOW_S * _RATE))

    def half_a_minute() -> Tensor:
        return torch.randn(1, 128, 3000)

    large = WhisperConfig(
        d_model=1280, encoder_layers=32, encoder_attention_heads=20, encoder_ffn_dim=5120,
        num_mel_bins=128,
    )  # fmt: skip
    yield "wav2vec2-base", lambda: Wav2Vec2Model(Wav2Vec2Config()), wave
    yield "HuBERT-base", lambda: HubertModel(HubertConfig()), wave
    yield "Whisper-large-v3 (always hears 30 s)", lambda: WhisperEncoder(large), half_a_minute

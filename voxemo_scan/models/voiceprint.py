"""Voiceprints: points at which voices lie apart, whatever they express.

A print pools about a second of what the encoder's convolutions make of speech, before its first
block and without its sense of time. Two linear discriminant analyses, with the length of what the
first one finds made equal in between, take it to where one voice's prints scatter by one to every
side, and voices by ``between`` (probabilistic linear discriminant analysis: Ioffe 2006;
Garcia-Romero and Espy-Wilson 2011). The classes are speakers, so that what one speaker changes
from emotion to emotion counts as scatter.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from voxemo_scan.atomic import write_atomic
from voxemo_scan.digest import file_sha256
from voxemo_scan.errors import MissingError
from voxemo_scan.models.head import MOMENT, to_moments

PRINT_MOMENTS: Final = 28
"""What a print is taken of: 1.12 s, in moments of 0.04 s."""
HOP_MOMENTS: Final = 7
"""How far the next print lies at most: 0.28 s."""
_REINSTALL: Final = "reinstall voxemo-scan"


@dataclass(frozen=True)
class VoiceSpace:
    """Takes summaries of speech to prints.

    ``mean``: [2 x width]; ``project``: [2 x width, dims]; ``centre``: [dims], ``rotate``:
    [dims, dims]; ``between``: [dims], the variance of voices where that of one voice's prints is 1.
    """

    mean: NDArray[np.float32]
    project: NDArray[np.float32]
    centre: NDArray[np.float32]
    rotate: NDArray[np.float32]
    between: NDArray[np.float32]

    def place(self, summaries: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the prints, [n, dims], of summaries, [n, 2 x width]."""
        found = (summaries.astype(np.float64) - self.mean) @ self.project
        return np.asarray((even_length(found) - self.centre) @ self.rotate)


def even_length(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return vectors, [n, dims], that point where they did, each sqrt(dims) long."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors * np.sqrt(vectors.shape[1]) / np.maximum(lengths, 1e-9))


def summarise_moments(
    stem: torch.Tensor, lengths: torch.Tensor, spans: list[tuple[int, int, int]]
) -> NDArray[np.float32]:
    """Return mean and deviation of spans of moments, [spans, 2 x width].

    Args:
        stem: float, [signals, frames, width], what the encoder's convolutions made.
        lengths: [signals], each signal's own frames.
        spans: of each the number of its signal, its first moment and the one after its last.
    """
    moments, _ = to_moments(stem[:, None].float(), lengths)
    found = moments[:, 0].cpu().numpy()
    pooled = [found[n, first:last] for n, first, last in spans]
    return np.stack([np.concatenate([x.mean(axis=0), x.std(axis=0)]) for x in pooled])


def tile_moments(first: int, last: int) -> list[tuple[int, int]]:
    """Return the spans of moments, within ``first`` and ``last``, that prints are taken of.

    They cover all of it, evenly spaced; what is too short for one is a print as it is.
    """
    spare = last - first - PRINT_MOMENTS
    if spare <= 0:
        return [(first, last)]
    hops = -(-spare // HOP_MOMENTS)
    starts = [first + round(spare * n / hops) for n in range(hops + 1)]
    return [(start, start + PRINT_MOMENTS) for start in starts]


def frames_to_moments(first: int, last: int, *, most: int) -> tuple[int, int]:
    """Return the moments that frames from ``first`` to ``last`` fill, at least one of ``most``."""
    start = min(first // MOMENT, max(0, most - 1))
    return start, max(start + 1, min(-(-last // MOMENT), most))


def save_space(space: VoiceSpace, path: Path) -> None:
    """Write ``space`` to ``path``, all at once or not at all."""
    tensors = {
        field.name: np.ascontiguousarray(getattr(space, field.name), dtype=np.float32)
        for field in fields(VoiceSpace)
    }
    write_atomic(path, save(tensors))


def load_space(path: Path, *, sha256: str | None = None) -> VoiceSpace:
    """Read the space at ``path``, which must have the checksum ``sha256`` where one is given.

    Raises:
        MissingError: no such file, another checksum, or not such a file.
    """
    try:
        found = file_sha256(path)
        if sha256 is not None and found != sha256:
            raise MissingError(
                f"{path} is damaged: its checksum is {found[:12]}, not {sha256[:12]}",
                remedy=_REINSTALL,
            )
        return VoiceSpace(**load(path.read_bytes()))
    except OSError as error:
        raise MissingError(f"{path} cannot be read: {error.strerror}", remedy=_REINSTALL) from error
    except (SafetensorError, TypeError) as error:
        raise MissingError(f"{path} tells no voices apart", remedy=_REINSTALL) from error

"""Joining two encoder networks that grew from the same blocks into one.

    python -m voxemo_scan.training.join NARROW WIDE -o FILE [--heads]

The wide one, which hears by more blocks, gives the blocks above and the heads that are asked of a
stretch by itself; the narrow one, whose last blocks were trained further, gives its blocks and all
that hears a voice by its windows beside one another and what is no clear speech. With ``--heads``
its heads that are asked alone are asked, too. Blocks that were trained further lie near what they
were (their weights are averages with it), near enough for heads that learned over them as they
were.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from voxemo_scan.errors import UsageError
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import DeepHead, Head, HeadShape, WideHead
from voxemo_scan.models.weights import EncoderDescription, load_network, save_network


def join(narrow: EncoderNetwork, wide: EncoderNetwork, *, heads: bool = False) -> EncoderNetwork:
    """Return the network that the two make together.

    Args:
        narrow: gives its blocks and what hears voices.
        wide: gives the blocks above and its heads that are asked of a stretch by itself.
        heads: whether those of the narrow one are asked, too.

    Raises:
        UsageError: they do not fit each other.
    """
    few, many = narrow.shape, wide.shape
    alike = replace(few.head, layers=many.head.layers) == many.head
    alike &= replace(few.whisper, blocks=many.whisper.blocks) == many.whisper
    if not alike or not set(few.layers) <= set(many.layers):
        raise UsageError(
            "the networks do not fit each other", remedy="give two of one width, the narrow first"
        )
    places = [many.layers.index(layer) for layer in few.layers]
    widened = [_widened(cast(Head, head), many.head, places) for head in narrow.heads]
    alone = [*(widened[: few.asked_alone] if heads else []), *_asked_alone(wide)]
    alone.sort(key=lambda head: isinstance(head, DeepHead))
    deep = sum(isinstance(head, DeepHead) for head in alone)
    joined = EncoderNetwork(
        replace(
            many, wide_heads=len(alone) - deep, deep_heads=deep,
            adaptive_heads=few.adaptive_heads, clarity=few.clarity, mixture=few.mixture,
        )
    )  # fmt: skip
    joined.whisper.load_state_dict(wide.whisper.state_dict() | narrow.whisper.state_dict())
    adaptive = widened[len(widened) - few.adaptive_heads :]
    for mine, theirs in zip(joined.heads, [*alone, *adaptive], strict=True):
        mine.load_state_dict(theirs.state_dict())
    for name in ("listener", "clarity", "mixture"):
        part: nn.Module | None = getattr(narrow, name)
        if part is not None:
            state = {
                key: _summary(value, few.head, places, many.head, key=key)
                for key, value in part.state_dict().items()
            }
            getattr(joined, name).load_state_dict(state)
    return joined.eval()


def _summary(
    value: Tensor, few: HeadShape, places: Sequence[int], many: HeadShape, *, key: str
) -> Tensor:
    """Return ``value`` with its axis of a summary's numbers, if it has one, widened."""
    size = 2 * few.layers * few.states
    axes = [axis for axis, length in enumerate(value.shape) if length == size]
    if not axes:
        return value
    (axis,) = axes
    rest = 1.0 if key == "input_scale" else 0.0
    apart = torch.unflatten(value, axis, (few.layers, -1))
    return _spread(apart, places, many.layers, dim=axis, rest=rest).flatten(axis, axis + 1)


def _asked_alone(network: EncoderNetwork) -> list[Head]:
    shape = network.shape
    return [cast(Head, head) for head in network.heads[: shape.wide_heads + shape.deep_heads]]


def _widened(head: Head, shape: HeadShape, places: Sequence[int]) -> Head:
    """Return a head that says the same, and is given layers beside its own, at ``places``."""
    made = DeepHead(shape) if isinstance(head, DeepHead) else WideHead(shape)
    state = dict(head.state_dict())
    entrance = "mix.weight" if isinstance(head, DeepHead) else "layers.1.weight"
    layers = len(places)
    state[entrance] = _spread(
        state[entrance].unflatten(1, (layers, -1)), places, shape.layers, dim=1
    ).flatten(1)
    for name, rest in (("input_mean", 0.0), ("input_scale", 1.0)):
        apart = state[name] if state[name].ndim > 1 else state[name].unflatten(0, (layers, -1))
        made_of = _spread(apart, places, shape.layers, dim=0, rest=rest)
        state[name] = made_of if state[name].ndim > 1 else made_of.flatten()
    made.load_state_dict(state)
    return made


def _spread(
    values: Tensor, places: Sequence[int], count: int, *, dim: int, rest: float = 0.0
) -> Tensor:
    """Return ``count`` along ``dim``, ``values`` at ``places`` and ``rest`` elsewhere."""
    size = list(values.shape)
    size[dim] = count
    return values.new_full(size, rest).index_copy(dim, torch.tensor(places), values)


def main() -> None:
    """Join the two files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("narrow", type=Path)
    parser.add_argument("wide", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    parser.add_argument("--heads", action="store_true", help="ask the narrow one's heads, too")
    given = parser.parse_args()
    files = [load_network(path) for path in (given.narrow, given.wide)]
    networks = [cast(EncoderNetwork, file.network) for file in files]
    joined = join(*networks, heads=given.heads)
    one, other = (cast(EncoderDescription, file.description) for file in files)
    if (one.protocol, one.fold) != (other.protocol, other.fold):
        raise SystemExit("the two were not trained on the same protocol")
    recipe = {"joined": [one.recipe, other.recipe]}
    description = other.model_copy(
        update={
            "name": given.output.stem, "shape": joined.shape,
            "recipe": recipe, "merged": one.merged or other.merged,
            "added": tuple(dict.fromkeys([*one.added, *other.added])),
        }
    )  # fmt: skip
    save_network(joined, given.output, description=description, packed=True)


if __name__ == "__main__":
    main()

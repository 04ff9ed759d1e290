"""Joining two encoder networks that grew from the same blocks into one.

    python -m voxemo_scan.training.join NARROW WIDE -o FILE

The narrow one, whose last blocks were trained further under its heads, gives its blocks and the
heads that are asked of a stretch by itself; the wide one, which hears by more blocks, all else:
the blocks above, its own such heads, those that hear a voice by what is left of it, the listener
over them, and what tells clear speech. Blocks that were trained further lie near what they were
(their weights are averages with it), near enough for heads that learned over them as they were.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import torch
from torch import Tensor

from voxemo_scan.errors import UsageError
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import DeepHead, Head, HeadShape, WideHead
from voxemo_scan.models.weights import EncoderDescription, load_network, save_network


def join(narrow: EncoderNetwork, wide: EncoderNetwork) -> EncoderNetwork:
    """Return the network that the two make together.

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
    joined = EncoderNetwork(
        replace(
            many, wide_heads=few.wide_heads + many.wide_heads,
            deep_heads=few.deep_heads + many.deep_heads,
        )
    )  # fmt: skip
    joined.whisper.load_state_dict(wide.whisper.state_dict() | narrow.whisper.state_dict())
    places = [many.layers.index(layer) for layer in few.layers]
    own = [_widened(head, many.head, places) for head in _asked_alone(narrow)]
    heads = [*own, *_asked_alone(wide)]
    heads.sort(key=lambda head: isinstance(head, DeepHead))
    heads += [cast(Head, head) for head in wide.heads[len(_asked_alone(wide)) :]]
    for mine, theirs in zip(joined.heads, heads, strict=True):
        mine.load_state_dict(theirs.state_dict())
    for name in ("listener", "clarity"):
        if (part := getattr(wide, name)) is not None:
            getattr(joined, name).load_state_dict(part.state_dict())
    return joined.eval()


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
    given = parser.parse_args()
    files = [load_network(path) for path in (given.narrow, given.wide)]
    joined = join(*(cast(EncoderNetwork, file.network) for file in files))
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

"""Weights on disk: safetensors that carry what is needed to rebuild their network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import nn

from voxemo_scan.atomic import write_atomic
from voxemo_scan.digest import file_sha256
from voxemo_scan.errors import MissingError
from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.encoder import EncoderNetwork, EncoderShape
from voxemo_scan.models.networks import ClassicNetwork, ClassicShape
from voxemo_scan.models.packing import pack, unpack

_REINSTALL = "reinstall voxemo-scan, or train the model again with `voxemo-scan train`"


class Description(BaseModel):
    """What a weight file says of how its network was trained.

    ``fold`` counts from 0; ``added`` are corpora added to the protocol's training part, and
    ``merged`` says that its validation part was learned from as well.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    protocol: str = ""
    fold: int = 0
    added: tuple[str, ...] = ()
    merged: bool = False
    seed: int = 0
    recipe: dict[str, Any] = {}


class ClassicDescription(Description):
    """What a classic network's file says of itself."""

    kind: Literal["classic"] = "classic"
    shape: ClassicShape
    image: ImageOptions

    @property
    def labels(self) -> int:
        """Return how many emotions the network tells apart."""
        return 6

    def build(self) -> ClassicNetwork:
        """Return a network of this shape, untrained."""
        return ClassicNetwork(self.shape)


class EncoderDescription(Description):
    """What an encoder member's file says of itself.

    ``speeds`` are those at which the network hears each passage; what it says of them is averaged.
    """

    kind: Literal["encoder"]
    shape: EncoderShape
    speeds: tuple[float, ...] = (1.0,)

    @property
    def labels(self) -> int:
        """Return how many emotions the network tells apart."""
        return self.shape.head.labels

    def build(self) -> EncoderNetwork:
        """Return a network of this shape, untrained."""
        return EncoderNetwork(self.shape)


AnyDescription = ClassicDescription | EncoderDescription
_DESCRIPTION: TypeAdapter[AnyDescription] = TypeAdapter(AnyDescription)


@dataclass(frozen=True, slots=True)
class TrainedNetwork:
    """A network ready to judge, with what its file says of it and the file's checksum."""

    network: ClassicNetwork | EncoderNetwork
    description: AnyDescription
    sha256: str


def save_network(
    network: nn.Module, path: Path, *, description: AnyDescription, packed: bool = False
) -> None:
    """Write ``network`` to ``path`` in float16, all at once or not at all.

    With ``packed`` its large matrices are written in 8 bits.
    """
    tensors = {
        name: tensor.detach().half().contiguous() if tensor.is_floating_point() else tensor.clone()
        for name, tensor in network.state_dict().items()
    }
    tensors = pack(tensors) if packed else tensors
    metadata = {"description": description.model_dump_json()}
    write_atomic(path, save(tensors, metadata=metadata))


def load_description(path: Path) -> AnyDescription:
    """Return what the weight file at ``path`` says of itself.

    Raises:
        MissingError: no such file, or not such a file.
    """
    try:
        with safe_open(path, framework="pt") as file:
            return _DESCRIPTION.validate_json((file.metadata() or {})["description"])
    except (OSError, SafetensorError, KeyError, ValidationError) as error:
        raise MissingError(f"{path} holds no network of this tool", remedy=_REINSTALL) from error


def load_network(path: Path, *, sha256: str | None = None) -> TrainedNetwork:
    """Read the network at ``path``, for judging (float32, evaluation mode).

    Args:
        path: a file that ``save_network`` wrote.
        sha256: the checksum that the file must have.

    Raises:
        MissingError: no such file, another checksum, or not such a file.
    """
    try:
        found = file_sha256(path)
    except OSError as error:
        raise MissingError(f"{path} cannot be read: {error.strerror}", remedy=_REINSTALL) from error
    if sha256 is not None and found != sha256:
        raise MissingError(
            f"{path} is damaged: its checksum is {found[:12]}, not {sha256[:12]}", remedy=_REINSTALL
        )
    try:
        description = load_description(path)
        with safe_open(path, framework="pt") as file:
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        network = description.build()
        network.load_state_dict(unpack(state))
    except (SafetensorError, RuntimeError) as error:
        raise MissingError(f"{path} holds no network of this tool", remedy=_REINSTALL) from error
    network.eval()
    return TrainedNetwork(network, description, found)

"""Networks with random weights: what is tested here does not depend on training."""

import pytest
import torch

from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.encoder import EncoderNetwork, EncoderShape
from voxemo_scan.models.head import HeadShape
from voxemo_scan.models.networks import ClassicNetwork, ClassicShape
from voxemo_scan.models.weights import ClassicDescription, EncoderDescription, save_network
from voxemo_scan.models.whisper import WhisperShape


@pytest.fixture
def weight_file(tmp_path):
    """Return a function that writes an untrained network and returns its path."""

    def write(*, labels=6, pooling="average", seed=0, image=None):
        torch.manual_seed(seed)
        shape = ClassicShape(labels=labels, pooling=pooling, widths=(4, 6, 8, 10))
        network = ClassicNetwork(shape)
        name = f"classic{labels}-{pooling}-{seed}"
        description = ClassicDescription(name=name, shape=shape, image=image or ImageOptions())
        path = tmp_path / f"{name}.safetensors"
        save_network(network, path, description=description)
        return path

    return write


SMALL = EncoderShape(
    whisper=WhisperShape(blocks=2, width=32, heads=2, inner=64),
    layers=(1, 2),
    head=HeadShape(layers=2, states=32, inner=16),
    wide_heads=1,
    deep_heads=1,
)


@pytest.fixture
def encoder_file(tmp_path):
    """Return a function that writes an untrained encoder and returns its path."""

    def write(*, seed=0, shape=SMALL, packed=False):
        torch.manual_seed(seed)
        path = tmp_path / f"encoder-{seed}.safetensors"
        description = EncoderDescription(kind="encoder", name=f"encoder-{seed}", shape=shape)
        save_network(EncoderNetwork(shape), path, description=description, packed=packed)
        return path

    return write

"""Networks with random weights: what is tested here does not depend on training."""

import pytest
import torch

from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.networks import ClassicNetwork, ClassicShape
from voxemo_scan.models.weights import Description, save_network


@pytest.fixture
def weight_file(tmp_path):
    """Return a function that writes an untrained network and returns its path."""

    def write(*, labels=6, pooling="average", seed=0, image=None):
        torch.manual_seed(seed)
        shape = ClassicShape(labels=labels, pooling=pooling, widths=(4, 6, 8, 10))
        network = ClassicNetwork(shape)
        name = f"classic{labels}-{pooling}-{seed}"
        description = Description(name=name, shape=shape, image=image or ImageOptions())
        path = tmp_path / f"{name}.safetensors"
        save_network(network, path, description=description)
        return path

    return write

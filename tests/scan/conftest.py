"""An ensemble that anybody can make."""

import hashlib

import pytest
import torch

from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.models.networks import ClassicNetwork, ClassicShape
from voxemo_scan.models.registry import load_files
from voxemo_scan.models.weights import ClassicDescription, save_network
from voxemo_scan.scan.task import SceneTask


@pytest.fixture(scope="session")
def ensemble(tmp_path_factory):
    """Two untrained networks: what is tested here does not depend on training."""
    folder = tmp_path_factory.mktemp("weights")
    paths = []
    for labels in (6, 12):
        torch.manual_seed(labels)
        shape = ClassicShape(labels=labels, widths=(4, 6, 8, 10))
        network = ClassicNetwork(shape)
        network.row_scale.fill_(30.0)
        paths.append(folder / f"{labels}.safetensors")
        description = ClassicDescription(name=f"{labels}", shape=shape, image=ImageOptions())
        save_network(network, paths[-1], description=description)
    loaded = load_files(paths)
    return Ensemble(loaded.voices, info=loaded.info, speech_level_db=-24.0)


@pytest.fixture
def make_task():
    def make(path, **changes):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        names = {"id": "a-scene", "title": "A scene", "source": str(path)}
        return SceneTask(**(names | {"path": path, "sha256": sha256} | changes))

    return make

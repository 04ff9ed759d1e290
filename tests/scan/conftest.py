"""A clip of known speech, and an ensemble that anybody can make."""

import hashlib

import numpy as np
import pytest
import torch

from tests.support.media import write_wav
from tests.support.voice import SAMPLING_RATE, say
from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.networks import ClassicNetwork, ClassicShape
from voxemo_scan.models.registry import load_files
from voxemo_scan.models.weights import Description, save_network
from voxemo_scan.scan.task import SceneTask

FIRST = "This is the first thing that I wanted to tell you about the house by the sea."
SECOND = "And here is the second."


@pytest.fixture(scope="session")
def spoken(tmp_path_factory):
    """A WAV of 1 s silence, a long line, 2 s silence, a short line, 1 s silence; with its times."""
    pause = np.zeros(SAMPLING_RATE)
    first, second = say(FIRST), say(SECOND)
    signal = np.concatenate([pause, first, pause, pause, second, pause])
    path = tmp_path_factory.mktemp("spoken") / "spoken.wav"
    write_wav(path, signal, sampling_rate=SAMPLING_RATE)
    first_end_s = 1.0 + len(first) / SAMPLING_RATE
    second_s = first_end_s + 2.0
    return path, [(1.0, first_end_s), (second_s, second_s + len(second) / SAMPLING_RATE)]


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
        description = Description(name=f"{labels}", shape=shape, image=ImageOptions())
        save_network(network, paths[-1], description=description)
    return load_files(paths)


@pytest.fixture
def make_task():
    def make(path, **changes):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        names = {"id": "a-scene", "title": "A scene", "source": str(path)}
        return SceneTask(**(names | {"path": path, "sha256": sha256} | changes))

    return make

"""Making networks the shipped model."""

import numpy as np
import pytest
import torch

from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.ensemble import tempered
from voxemo_scan.models.networks import ClassicNetwork, ClassicShape
from voxemo_scan.models.registry import load_shipped
from voxemo_scan.models.weights import Description, save_network
from voxemo_scan.training.ship import fit_temperature, ship


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_made_the_labels_is_found(temperature):
    rng = np.random.default_rng(1)
    said = rng.dirichlet(np.full(6, 0.6), size=20_000)
    truth = tempered(said, temperature=temperature)
    labels = (rng.random(len(truth))[:, None] > truth.cumsum(axis=1)).sum(axis=1).clip(max=5)
    assert fit_temperature(said, labels) == pytest.approx(temperature, rel=0.05)


def test_what_is_shipped_loads_with_its_checksums(data, tmp_path, monkeypatch):
    monkeypatch.setenv("VOXEMO_CACHE", str(tmp_path / "cache"))
    shape = ClassicShape(labels=12, widths=(4, 6, 8, 10))
    torch.manual_seed(0)
    path = tmp_path / "one.safetensors"
    description = Description(name="one", shape=shape, image=ImageOptions())
    save_network(ClassicNetwork(shape), path, description=description)
    index = ship([path], data=data, version="7", folder=tmp_path / "weights")
    loaded = load_shipped(tmp_path / "weights")
    assert loaded.info == index.info
    assert loaded.info.version == "7"
    assert loaded.temperature == index.temperature > 0

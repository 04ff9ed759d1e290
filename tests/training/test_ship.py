"""Making networks the shipped model."""

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from voxemo_scan.errors import UsageError
from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.encoder import EncoderNetwork, EncoderShape
from voxemo_scan.models.head import HeadShape
from voxemo_scan.models.judgement import tempered
from voxemo_scan.models.networks import ClassicNetwork, ClassicShape
from voxemo_scan.models.registry import load_shipped
from voxemo_scan.models.weights import ClassicDescription, EncoderDescription, save_network
from voxemo_scan.models.whisper import WhisperShape
from voxemo_scan.training import speaker_leanings
from voxemo_scan.training.combine import fit_leanings, fit_temperature, fit_weights
from voxemo_scan.training.encoder_recipe import HeadTraining
from voxemo_scan.training.prepare import prepare
from voxemo_scan.training.ship import ship
from voxemo_scan.training.speaker_leanings import beyond_speakers


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_made_the_labels_is_found(temperature):
    rng = np.random.default_rng(1)
    said = rng.dirichlet(np.full(6, 0.6), size=20_000)
    truth = tempered(said, temperature=temperature)
    labels = (rng.random(len(truth))[:, None] > truth.cumsum(axis=1)).sum(axis=1).clip(max=5)
    assert fit_temperature(said, labels) == pytest.approx(temperature, rel=0.05)


def test_leanings_that_made_the_labels_are_found_however_many_clips_a_label_has():
    rng = np.random.default_rng(1)
    leanings = np.array([0.8, -0.5, 0.0, 0.3, -0.6, 0.0])
    true = rng.dirichlet(np.full(6, 0.6), size=30_000)
    labels = (rng.random(len(true))[:, None] > true.cumsum(axis=1)).sum(axis=1).clip(max=5)
    kept = (labels != 3) | (rng.random(len(labels)) < 0.3)
    said = tempered(true, temperature=1 / 1.5, leanings=-leanings * 1.5)[kept]
    temperature, found = fit_leanings(said, labels[kept])
    assert temperature == pytest.approx(1.5, rel=0.05)
    assert found == pytest.approx(leanings, abs=0.06)
    assert tempered(said, temperature=temperature, leanings=found) == pytest.approx(
        true[kept], abs=0.05
    )


def test_what_is_the_clips_own_is_left_out_of_the_leanings():
    rng = np.random.default_rng(1)
    leanings = np.array([0.8, -0.5, 0.0, 0.3, -0.6, 0.0])
    own = np.array([-0.4, 0.1, 0.6, 0.0, -0.3, 0.0])
    true = rng.dirichlet(np.full(6, 0.6), size=30_000)
    labels = (rng.random(len(true))[:, None] > true.cumsum(axis=1)).sum(axis=1).clip(max=5)
    said = tempered(true, temperature=1 / 1.5, leanings=-(leanings + own) * 1.5)
    temperature, found = fit_leanings(said, labels, beyond=own)
    assert found == pytest.approx(leanings, abs=0.06)
    right = [tempered(said, temperature=t, leanings=found) for t in (temperature, 0.9, 2.4)]
    told = [np.log(each[np.arange(len(labels)), labels]).mean() for each in right]
    assert told[0] > max(told[1:])
    assert temperature == pytest.approx(1.5, rel=0.1)


def test_few_clips_are_not_taken_for_a_leaning():
    said = np.full((2, 6), 1 / 6)
    _, leanings = fit_leanings(said, np.array([3, 3]))
    assert np.ptp(leanings) < 2.0


def test_what_is_shipped_loads_with_its_checksums(data, tmp_path, monkeypatch):
    monkeypatch.setenv("VOXEMO_CACHE", str(tmp_path / "cache"))
    shape = ClassicShape(labels=12, widths=(4, 6, 8, 10))
    torch.manual_seed(0)
    path = tmp_path / "one.safetensors"
    description = ClassicDescription(name="one", shape=shape, image=ImageOptions())
    save_network(ClassicNetwork(shape), path, description=description)
    index = ship([path], data=data, version="7", folder=tmp_path / "weights")
    loaded = load_shipped(folder=tmp_path / "weights")
    assert loaded.info == index.info()
    assert (loaded.info.name, loaded.info.version) == ("classic", "7")
    assert loaded.calibration == index.models["classic"].calibration
    assert loaded.calibration.temperature > 0
    assert len(loaded.calibration.leanings) == 6


def test_two_kinds_make_an_ensemble_that_can_be_taken_apart(data, tmp_path, monkeypatch):
    monkeypatch.setenv("VOXEMO_CACHE", str(tmp_path / "cache"))
    torch.manual_seed(0)
    classic, encoder = tmp_path / "one.safetensors", tmp_path / "two.safetensors"
    shape = ClassicShape(labels=12, widths=(4, 6, 8, 10))
    description = ClassicDescription(name="one", shape=shape, image=ImageOptions())
    save_network(ClassicNetwork(shape), classic, description=description)
    small = EncoderShape(
        WhisperShape(blocks=1, width=32, heads=2, inner=64), (1,), HeadShape(1, 32, inner=8)
    )
    save_network(
        EncoderNetwork(small),
        encoder,
        description=EncoderDescription(kind="encoder", name="two", shape=small),
    )
    folder = tmp_path / "weights"
    index = ship([encoder, classic], data=data, version="7", folder=folder)
    assert index.default == "ensemble"
    assert set(index.models) == {"classic", "encoder", "ensemble"}
    weights = [part.weight for part in index.models["ensemble"].parts.values()]
    assert sum(weights) == pytest.approx(1.0)
    assert len(load_shipped(folder=folder).networks) == 2
    assert set(load_shipped("encoder", folder=folder).info.sha256) == {"two.safetensors"}
    with pytest.raises(UsageError, match="no model 'choir'"):
        load_shipped("choir", folder=folder)


def test_what_is_the_validation_speakers_own_is_no_leaning_of_an_encoder(
    data, tmp_path, monkeypatch
):
    monkeypatch.setenv("VOXEMO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(speaker_leanings, "_WIDE", HeadTraining(heads=1, epochs=4, batch=6))
    torch.manual_seed(0)
    shape = EncoderShape(WhisperShape(blocks=1), (1,), HeadShape(1, inner=8))
    network, path = EncoderNetwork(shape), tmp_path / "one.safetensors"
    description = EncoderDescription(kind="encoder", name="one", shape=shape)
    save_network(network, path, description=description)
    initial = tmp_path / "model.safetensors"
    named = network.whisper.state_dict().items()
    save_file({f"model.encoder.{name}": tensor for name, tensor in named}, initial)
    classic = tmp_path / "two.safetensors"
    small = ClassicShape(labels=12, widths=(4, 6, 8, 10))
    of_images = ClassicDescription(name="two", shape=small, image=ImageOptions())
    save_network(ClassicNetwork(small), classic, description=of_images)
    folder, found = tmp_path / "weights", []
    for encoder in (None, str(initial)):
        index = ship([path, classic], data=data, version="7", encoder=encoder, folder=folder)
        found.append({name: model.calibration for name, model in index.models.items()})
    ready = prepare("unseen-speakers", data=data, cache_folder=tmp_path / "cache" / "corpora")
    beyond = beyond_speakers(shape, ready, encoder=str(initial))
    assert np.abs(beyond).max() > 0.01
    before, after = found
    assert after["classic"] == before["classic"]
    for name in ("encoder", "ensemble"):
        moved = np.subtract(before[name].leanings, after[name].leanings)
        assert moved == pytest.approx(beyond, abs=1e-3), name


def test_the_weights_that_made_the_labels_are_found():
    rng = np.random.default_rng(2)
    good, other = (rng.dirichlet(np.full(6, 0.3), size=20_000) for _ in range(2))
    truth = 0.7 * good + 0.3 * other
    labels = (rng.random(len(truth))[:, None] > truth.cumsum(axis=1)).sum(axis=1).clip(max=5)
    assert fit_weights([good, other], labels).tolist() == pytest.approx([0.7, 0.3], abs=0.06)


def test_a_member_that_adds_hardly_anything_is_not_asked():
    rng = np.random.default_rng(6)
    good, other = (rng.dirichlet(np.full(6, 2.0), size=20_000) for _ in range(2))
    for share, expected in ((0.0, 0.0), (0.02, 0.0), (0.98, 1.0)):
        truth = (1 - share) * good + share * other
        labels = (rng.random(len(truth))[:, None] > truth.cumsum(axis=1)).sum(axis=1).clip(max=5)
        assert fit_weights([good, other], labels).tolist() == [1.0 - expected, expected]

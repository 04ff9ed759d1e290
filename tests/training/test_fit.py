"""Training: it learns, it can be repeated, and a killed run ends where a whole one does."""

import numpy as np
import pytest
import torch

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import UsageError
from voxemo_scan.features.image import images
from voxemo_scan.models.networks import ClassicNetwork
from voxemo_scan.models.registry import load_files
from voxemo_scan.training.clips import EnsembleJudge
from voxemo_scan.training.evaluate import evaluate, listen_to
from voxemo_scan.training.fit import fit, set_statistics, target_index
from voxemo_scan.training.labels import SIX
from voxemo_scan.training.leak import refuse_leak
from voxemo_scan.training.prepare import Prepared, prepare
from voxemo_scan.training.recipe import Augmentation, Recipe
from voxemo_scan.training.run import train_to_file
from voxemo_scan.training.signals import load_signals
from voxemo_scan.training.splits import load_split

PLAIN = Augmentation(
    gain_db=1.0, noise_probability=0.0, filter_probability=0.0, speed_probability=0.0,
    mask_frames=0, mask_rows=0, mixup_alpha=0.0,
)  # fmt: skip


def recipe(**changes):
    values = {
        "name": "tiny", "labels": 6, "pooling": "average", "widths": (6, 8, 10, 12), "epochs": 3,
        "batch": 4, "learning_rate": 5e-3, "dropout": 0.0, "augmentation": PLAIN,
    }  # fmt: skip
    return Recipe.model_validate(values | changes)


def weights_of(network):
    return torch.cat([p.flatten() for p in network.state_dict().values()]).double()


def train(plan, prepared, *, seed, folder):
    split, signals = prepared
    return train_to_file(
        plan, Prepared(split, (), signals, folder, folder), seed=seed, folder=folder
    )


def test_it_learns_tones_that_mean_emotions(prepared, tmp_path):
    split, signals = prepared
    path = train(recipe(epochs=25, patience=25), prepared, seed=3, folder=tmp_path)
    judge = EnsembleJudge(load_files([path]), "tiny")
    heard = listen_to(judge, split, signals)
    found = evaluate(heard, protocol=split.protocol, labels=SIX, judge=judge).whole
    assert found.clips == 18
    assert found.wa >= 0.75


def test_the_same_seed_gives_the_same_network(prepared, tmp_path):
    one, same, other = (
        weights_of(fit(recipe(epochs=1), *prepared, seed=seed, folder=tmp_path / name))
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    torch.testing.assert_close(one, same)
    assert not torch.allclose(one, other)


def test_a_killed_run_ends_where_a_whole_one_does(prepared, tmp_path):
    class KilledError(Exception):
        pass

    def kill_after_two(report):
        if report.epoch == 2:
            raise KilledError

    whole = fit(recipe(), *prepared, seed=1, folder=tmp_path / "whole")
    with pytest.raises(KilledError):
        fit(recipe(), *prepared, seed=1, folder=tmp_path / "part", on_epoch=kill_after_two)
    done = []
    resumed = fit(recipe(), *prepared, seed=1, folder=tmp_path / "part", on_epoch=done.append)
    assert [report.epoch for report in done] == [3]
    torch.testing.assert_close(weights_of(resumed), weights_of(whole))


def test_a_checkpoint_of_another_run_is_not_taken_up(prepared, tmp_path):
    fit(recipe(epochs=1), *prepared, seed=1, folder=tmp_path)
    done = []
    fit(recipe(epochs=1), *prepared, seed=2, folder=tmp_path, on_epoch=done.append)
    assert [report.epoch for report in done] == [1]


def test_it_stops_when_validation_no_longer_improves(prepared, tmp_path):
    done = []
    stubborn = recipe(epochs=30, patience=2, learning_rate=1e-12)
    fit(stubborn, *prepared, seed=1, folder=tmp_path, on_epoch=done.append)
    best = max(report.epoch for report in done if report.best)
    assert done[-1].epoch == best + 2 < 30


def test_statistics_are_of_the_training_part_alone(prepared):
    split, signals = prepared
    network = ClassicNetwork(recipe().shape)
    set_statistics(network, split.train, signals, recipe=recipe())
    pictures = images([signals.of(u) for u in split.train], recipe().image)
    torch.testing.assert_close(network.row_mean, pictures.mean(dim=(0, 2)), atol=1e-3, rtol=1e-3)
    normal = network.normalise(pictures)
    assert normal.mean().abs() < 1e-3
    torch.testing.assert_close(normal.std(), torch.tensor(1.0), atol=0.05, rtol=0)


def test_twelve_labels_are_women_then_men(prepared):
    utterances = [u for u in prepared[0].train if u.emotion == "angry"]
    for utterance in utterances:
        place = EMOTIONS.index("angry") + (6 if utterance.gender == "male" else 0)
        assert target_index(utterance, labels=12) == place
        assert target_index(utterance, labels=6) == EMOTIONS.index("angry")


def test_a_model_that_heard_the_test_is_refused(prepared, data, tmp_path):
    path = train(recipe(epochs=1), prepared, seed=1, folder=tmp_path)
    trained = [n.description for n in load_files([path]).networks]
    origin = prepare("origin", data=data, cache_folder=tmp_path / "cache").split
    with pytest.raises(UsageError, match="was trained on the unseen-speakers protocol"):
        refuse_leak(trained, origin, data=data)
    refuse_leak(trained, prepared[0], data=data)


def test_signals_are_decoded_once(data, prepared, tmp_path):
    from voxemo_scan.training.corpora import load_corpora

    utterances = load_corpora(data)
    first = load_signals(utterances, cache_folder=tmp_path)
    kept = sorted(tmp_path.glob("*/pcm.npy"))
    assert len(kept) == 2  # one a corpus
    before = [path.stat().st_mtime_ns for path in kept]
    again = load_signals(utterances[::-1], cache_folder=tmp_path)
    assert [path.stat().st_mtime_ns for path in sorted(tmp_path.glob("*/pcm.npy"))] == before
    np.testing.assert_array_equal(first.of(utterances[5]), again.of(utterances[5]))
    assert len(first.whole(utterances[5])) == 16_000
    assert load_split("origin", utterances, folder=data / "splits").test

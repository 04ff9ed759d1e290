"""The shipped models are as accurate as their card says, on speakers never heard."""

import pytest

from tests.support.shared import SHARED, needs_corpora
from voxemo_scan.models.registry import load_shipped
from voxemo_scan.training.clips import EnsembleJudge
from voxemo_scan.training.corpora import load_corpora
from voxemo_scan.training.evaluate import evaluate, listen_to
from voxemo_scan.training.labels import SIX
from voxemo_scan.training.signals import load_signals
from voxemo_scan.training.splits import Split, find_protocol, load_split

EVERY = 4
"""One test clip of this many is judged, which keeps the test quick: 441 clips."""


def part_of(protocol, cache):
    data = SHARED / "data"
    clips = load_corpora(data, find_protocol(protocol).corpora)
    whole = load_split(protocol, clips, folder=data / "splits")
    chosen = Split(whole.protocol, (), (), whole.test[::EVERY])
    return chosen, load_signals(chosen.test, cache_folder=cache)


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    return part_of("unseen-speakers", tmp_path_factory.mktemp("signals"))


def figures(part, model, *, adapted=False):
    split, signals = part
    judge = EnsembleJudge(load_shipped(model), model)
    heard = listen_to(judge, split, signals, adapted=adapted)
    return evaluate(heard, protocol=split.protocol, labels=SIX, judge=judge).parts[0]


@pytest.fixture(scope="module")
def ensemble(part):
    return figures(part, "ensemble")


@needs_corpora
def test_emotions_are_heard_as_well_as_the_card_says(ensemble):
    assert ensemble.metrics.clips == 441
    assert ensemble.metrics.ua > 0.765
    assert min(ensemble.metrics.recalls.values()) > 0.5


@needs_corpora
def test_voices_are_heard_better_beside_themselves(part, ensemble):
    found = figures(part, "ensemble", adapted=True)
    assert found.metrics.ua > ensemble.metrics.ua + 0.005  # 19 clips a voice here, 77 in the card
    assert found.metrics.ece < 0.07


@needs_corpora
def test_voices_of_another_recording_that_are_heard_for_long_become_known(tmp_path):
    elsewhere = part_of("unseen-corpus", tmp_path)
    found = figures(elsewhere, "ensemble", adapted=True)
    assert found.metrics.clips == 600
    assert found.metrics.ua > 0.78  # 300 clips a voice here, 1,200 in the card


@needs_corpora
def test_confidence_is_near_accuracy(ensemble):
    assert ensemble.metrics.ece < 0.07


@needs_corpora
def test_gender_is_heard(ensemble):
    assert ensemble.gender_accuracy > 0.95


@needs_corpora
def test_the_classic_pair_is_as_accurate_as_before(part):
    found = figures(part, "classic")
    assert found.metrics.ua > 0.62  # 63.6 % here, 64.0 % on all 1,764 clips
    assert found.metrics.ece < 0.07

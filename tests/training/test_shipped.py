"""The shipped model is as accurate as its card says, on speakers that it has never heard."""

import pytest

from tests.support.shared import SHARED, needs_corpora
from voxemo_scan.models.registry import load_shipped
from voxemo_scan.training.corpora import load_corpora
from voxemo_scan.training.evaluate import evaluate
from voxemo_scan.training.signals import load_signals
from voxemo_scan.training.splits import Split, load_split

EVERY = 4
"""One test clip of this many is judged, which keeps the test quick: 441 clips."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    data = SHARED / "data"
    whole = load_split("unseen-speakers", load_corpora(data), folder=data / "splits")
    part = Split(whole.protocol, (), (), whole.test[::EVERY])
    signals = load_signals(part.test, cache_folder=tmp_path_factory.mktemp("signals"))
    return evaluate(load_shipped(), part, signals).parts[0]


@needs_corpora
def test_emotions_are_heard_as_well_as_the_card_says(found):
    assert found.metrics.clips == 441
    assert found.metrics.ua > 0.62  # 63.6 % here, 64.0 % on all 1,764 clips
    assert min(found.metrics.recalls.values()) > 0.36


@needs_corpora
def test_confidence_is_near_accuracy(found):
    assert found.metrics.ece < 0.07  # 0.059 here, 0.040 on all


@needs_corpora
def test_gender_is_heard(found):
    assert found.gender_accuracy > 0.96  # 97.3 % here, 95.0 % on all

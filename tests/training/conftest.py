"""A tiny corpus in the layouts of CREMA-D and RAVDESS, whose emotions are tones."""

import pytest

from tests.support.tiny import write_corpora
from voxemo_scan.training.prepare import prepare


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """``CREMA-D/``, ``RAVDESS/`` and ``splits/`` as a user would have them."""
    return write_corpora(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def prepared(data, tmp_path_factory):
    """The ``unseen-speakers`` parts of the tiny corpus, and its signals."""
    found = prepare(
        "unseen-speakers", data=data, cache_folder=tmp_path_factory.mktemp("corpora-cache")
    )
    return found.split, found.signals

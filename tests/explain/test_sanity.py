"""Real clips and the shipped model: what is marked matters more than as much elsewhere."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.shared import SHARED, needs_film
from voxemo_scan.explain.sanity import ENDINGS, stretches, summary, try_out
from voxemo_scan.workflow import load_ensemble

DEMO = Path(__file__).resolve().parents[2] / "scenes" / "demo"


@pytest.fixture(scope="module")
def shipped():
    return load_ensemble(None, "cpu")


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS)


def trials(folder, ensemble, *, count):
    found = [try_out(each, ensemble) for each in stretches(files(folder), ensemble, count=count)]
    return [trial for trial in found if trial is not None]


def test_in_the_demo_masking_the_marked_part_lowers_the_verdict_more(shipped):
    found = trials(DEMO, shipped, count=2)
    assert len(found) == 2
    marked = np.mean([trial.marked for trial in found])
    elsewhere = np.mean([np.mean(trial.elsewhere) for trial in found])
    assert marked > 0.05
    assert marked > 2 * elsewhere
    assert "2 windows: " in summary(found)


@needs_film
def test_in_lines_of_films_too(shipped):
    found = trials(SHARED / "film", shipped, count=2)
    marked = np.mean([trial.marked for trial in found])
    assert marked > np.mean([np.mean(trial.elsewhere) for trial in found])

"""Weights of cells against what is known of the network."""

import numpy as np
import pytest
import torch

from voxemo_scan.errors import UsageError
from voxemo_scan.explain.grid import make_grid
from voxemo_scan.explain.hearing import Hearing, verdict
from voxemo_scan.explain.weigh import baseline, by_gradients, by_occlusion, to_one


@pytest.fixture(scope="module")
def hearing(small, stretch):
    return Hearing(small, stretch)


@pytest.fixture(scope="module")
def grid(hearing):
    return make_grid(*hearing.heard_frames)


def test_the_whole_picture_gives_the_ensembles_own_verdict(small, stretch, hearing):
    # One network at one speed: what is explained is what the ensemble says, calibration and all.
    with torch.no_grad():
        found = hearing.logits(hearing.picture[None]).exp()[0].numpy()
    assert found == pytest.approx(verdict(small, stretch), abs=0.02)
    assert found.sum() == pytest.approx(1.0, abs=1e-5)


def test_gradients_add_up_to_what_the_voice_adds(hearing, grid):
    # Completeness (Sundararajan et al. 2017), but for the few steps of the way.
    for emotion in (0, 3):
        weights = by_gradients(hearing, grid, emotion=emotion, steps=64)
        with torch.no_grad():
            whole, empty = hearing.log_odds(
                torch.stack([hearing.picture, _cut(hearing, grid)]), emotion=emotion
            ).tolist()
        # What the sound beyond the cells adds is a small part of it.
        assert weights.sum() == pytest.approx(whole - empty, rel=0.2, abs=0.05)


def test_occlusion_is_the_fall_of_the_log_odds_without_a_cell(hearing, grid):
    weights = by_occlusion(hearing, grid, emotion=2)
    assert weights.shape == grid.shape
    time, band = 4, 3
    masked = hearing.picture.clone()
    rows = slice(grid.bands[band], grid.bands[band + 1])
    columns = slice(grid.frames[time], grid.frames[time + 1])
    masked[rows, columns] = baseline(hearing.picture, grid)[rows, columns]
    with torch.inference_mode():
        one, other = (
            float(hearing.log_odds(picture[None], emotion=2))
            for picture in (hearing.picture, masked)
        )
    assert weights[time, band] == pytest.approx(one - other, abs=0.05)


def test_the_number_of_threads_changes_no_weight(grid, stretch):
    # With the weights that are shipped: a small network's sums are too short to come out otherwise.
    from voxemo_scan.workflow import load_ensemble

    hearing = Hearing(load_ensemble("encoder", "cpu"), stretch)
    before = torch.get_num_threads()
    found = []
    try:
        for threads in (1, 2, 4):
            torch.set_num_threads(threads)
            found.append(by_occlusion(hearing, grid, emotion=1))
    finally:
        torch.set_num_threads(before)
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])


def test_a_baseline_is_nowhere_louder_than_the_sound(hearing, grid):
    for kind in ("background", "floor"):
        assert bool((baseline(hearing.picture, grid, kind=kind) <= hearing.picture).all())
    mean = baseline(hearing.picture, grid, kind="mean")
    assert bool((mean == mean[:, :1]).all())


def test_weights_end_at_one():
    assert np.abs(to_one(np.array([[0.5, -2.0]]))).max() == 1.0
    assert not to_one(np.zeros((2, 2))).any()


def test_a_model_without_an_encoder_is_refused(stretch):
    from voxemo_scan.workflow import load_ensemble

    with pytest.raises(UsageError, match="classic has no encoder"):
        Hearing(load_ensemble("classic", "cpu"), stretch)


def _cut(hearing, grid):
    empty = baseline(hearing.picture, grid)
    picture = hearing.picture.clone()
    heard = slice(grid.frames[0], grid.frames[-1])
    picture[:, heard] = empty[:, heard]
    return picture

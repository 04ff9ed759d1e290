"""Cells, rectangles and their places."""

import numpy as np
import pytest

from voxemo_scan.explain.grid import make_grid, mel_edges_hz
from voxemo_scan.explain.marked import Box, best_box, elsewhere


def test_cells_cover_all_frames_and_bands_without_gaps():
    grid = make_grid(40, 340, cell_s=0.24, cell_bands=10)
    assert grid.frames[0] == 40
    assert grid.frames[-1] == 340
    assert grid.shape == (12, 8)  # 3 s by quarter seconds, 80 bands by tens
    assert set(np.diff(grid.frames)) <= {24, 25, 26}
    assert grid.edges_hz()[0] == 0.0
    assert grid.edges_hz()[-1] == 8000.0


def test_sums_over_cells_add_up_to_the_whole():
    picture = np.random.default_rng(0).normal(size=(80, 400))
    grid = make_grid(40, 340)
    sums = grid.sums(picture)
    assert sums.shape == grid.shape
    assert sums.sum() == pytest.approx(picture[:, 40:340].sum())
    first = picture[: grid.bands[1], grid.frames[0] : grid.frames[1]].sum()
    assert sums[0, 0] == pytest.approx(first)


def test_mel_bands_meet_a_fifteenth_of_a_mel_apart_and_grow():
    edges = mel_edges_hz()
    assert len(edges) == 81
    assert (np.diff(edges) > 0).all()


def test_the_rectangle_that_is_heaviest_is_found():
    weights = np.full((12, 8), -0.1)
    weights[3:5, 2:4] = 1.0
    assert best_box(weights) == Box(3, 5, 2, 4)


def test_a_rectangle_takes_no_more_than_its_part():
    box = best_box(np.ones((12, 8)), most=0.15)
    long, wide = box.size
    assert long * wide <= 0.15 * 12 * 8


def test_elsewhere_is_as_large_and_apart():
    box = Box(3, 5, 2, 4)
    others = elsewhere(box, shape=(12, 8))
    assert others
    for other in others:
        assert other.size == box.size
        assert not other.meets(box)
        assert other.last_time <= 12
        assert other.last_band <= 8
    assert (
        len(others) + sum(Box(t, t + 2, b, b + 2).meets(box) for t in range(11) for b in range(7))
        == 11 * 7
    )

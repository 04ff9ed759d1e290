"""Voiceprints: where they are taken, how they are kept, and what they are of."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.models.conftest import SMALL
from voxemo_scan.errors import MissingError
from voxemo_scan.models.encoder_member import EncoderMember
from voxemo_scan.models.judgement import Prints, join_prints
from voxemo_scan.models.passage import Passage
from voxemo_scan.models.voiceprint import (
    PRINT_MOMENTS,
    VoiceSpace,
    even_length,
    load_space,
    save_space,
    summarise_moments,
    tile_moments,
)
from voxemo_scan.models.weights import load_network


def space(width=32, dims=4):
    rng = np.random.default_rng(0)
    return VoiceSpace(
        *(
            rng.normal(size=size).astype(np.float32)
            for size in [(2 * width,), (2 * width, dims), (dims,), (dims, dims), (dims,)]
        )
    )


@given(st.integers(0, 50), st.integers(1, 400))
def test_prints_cover_speech_whole_and_never_leave_it(first, length):
    spans = tile_moments(first, first + length)
    covered = set().union(*(range(start, end) for start, end in spans))
    assert covered == set(range(first, first + length))
    assert all(end - start == min(length, PRINT_MOMENTS) for start, end in spans)


def test_a_summary_is_mean_and_deviation_of_its_own_moments():
    stem = torch.arange(12.0)[None, :, None] * torch.ones(1, 1, 3)
    found = summarise_moments(stem, torch.tensor([12]), [(0, 1, 3)])  # frames 2 to 5, two by two
    assert found.tolist() == [[3.5, 3.5, 3.5, 1.0, 1.0, 1.0]]


def test_vectors_of_even_length_point_where_they_did():
    vectors = np.array([[3.0, 4.0, 0.0, 0.0], [0.0, 0.0, 0.0, -9.0]])
    assert even_length(vectors).tolist() == [[1.2, 1.6, 0.0, 0.0], [0.0, 0.0, 0.0, -2.0]]


def test_a_space_is_read_as_it_was_written_and_no_other(tmp_path):
    path, made = tmp_path / "voices.safetensors", space()
    save_space(made, path)
    summaries = np.random.default_rng(1).normal(size=(5, 64)).astype(np.float32)
    assert np.array_equal(load_space(path).place(summaries), made.place(summaries))
    with pytest.raises(MissingError, match="damaged"):
        load_space(path, sha256="0" * 64)
    path.write_bytes(b"no tensors")
    with pytest.raises(MissingError, match="tells no voices apart"):
        load_space(path)
    with pytest.raises(MissingError, match="cannot be read"):
        load_space(tmp_path / "absent.safetensors")


def test_prints_do_not_depend_on_what_is_heard_beside(encoder_file):
    network = load_network(encoder_file(shape=SMALL))
    member = EncoderMember([network], space=space())
    rng = np.random.default_rng(0)
    passages = [
        Passage(0.1 * rng.normal(size=n).astype(np.float32), ((8_000, n - 8_000),))
        for n in (40_000, 90_000, 20_000)
    ]
    with torch.inference_mode():
        together = member.judge(passages).prints
        alone = [member.judge([passage]).prints for passage in passages]
        untold = EncoderMember([network]).judge(passages).prints
    assert untold is None
    assert together.passages.tolist() == sorted(together.passages)
    for n, own in enumerate(alone):
        at = together.passages == n
        assert np.allclose(together.vectors[at], own.vectors, atol=1e-3)
        assert np.array_equal(together.spans[at], own.spans)
        assert own.spans.min() == pytest.approx(8_000, abs=640)
        assert own.spans.max() == pytest.approx(len(passages[n].signal) - 8_000, abs=640)


def test_joined_prints_count_their_passages_on():
    part = Prints(np.zeros((3, 2)), np.array([0, 0, 1]), np.zeros((3, 2), int), np.ones(2))
    assert join_prints([part, part]).passages.tolist() == [0, 0, 1, 2, 2, 3]
    assert join_prints([part, None]) is None
    assert join_prints([]) is None

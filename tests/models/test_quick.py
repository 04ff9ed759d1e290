"""Hearing quickly is hearing the same."""

import numpy as np
import pytest
import torch

from tests.models.conftest import SMALL
from tests.models.test_encoder import noise
from voxemo_scan.features.log_mel import log_mels
from voxemo_scan.models import quick
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import DeepHead, summarise
from voxemo_scan.models.quick import Piece, QuickNetwork
from voxemo_scan.models.threads import _pool, in_threads


@pytest.fixture
def network():
    """Return an untrained network whose heads have statistics that matter."""
    torch.manual_seed(3)
    network = EncoderNetwork(SMALL).eval()
    for head in network.heads:
        head.input_mean.normal_()
        head.input_scale.uniform_(0.5, 2.0)
    return network


@pytest.fixture
def exactly(monkeypatch):
    """Compute in float32, as on a processor without bfloat16."""
    monkeypatch.setattr(quick, "computes_in_bfloat16", lambda device: False)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)


@pytest.mark.parametrize("samples", [300, 5120, 16_000, 33_333, 100_001])
@pytest.mark.usefixtures("exactly")
def test_it_hears_what_the_network_hears(network, samples):
    signal = noise(samples)
    with torch.inference_mode():
        whole = network.hear([signal])
        spans = [(0, int(whole.lengths[0]))]
        heard = QuickNetwork(network).listen([Piece(signal, spans)])[0][0]
        emotions, female = network.decide(heard.summaries, heard.deep)
        expected, woman = network.judge(whole.states, whole.lengths)
    torch.testing.assert_close(heard.summaries, summarise(whole.states, whole.lengths),
                               atol=1e-3, rtol=1e-3)  # fmt: skip
    torch.testing.assert_close(emotions, expected, atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(female, woman, atol=1e-4, rtol=1e-3)


@pytest.mark.usefixtures("exactly")
def test_a_stretch_is_heard_as_if_its_states_were_cut_out(network):
    signal = noise(64_000)
    spans = [(0, 30), (11, 60), (150, 151), (190, 400)]
    with torch.inference_mode():
        whole = network.hear([signal])
        heard = QuickNetwork(network).listen([Piece(signal, spans)])[0][0]
        for n, (first, last) in enumerate(spans):
            own = whole.states[:, :, first:last]
            expected = network.judge(own, torch.tensor([own.shape[2]]))
            found = network.decide(
                heard.summaries[n : n + 1], [(x[n : n + 1], y[n : n + 1]) for x, y in heard.deep]
            )
            for one, other in zip(found, expected, strict=True):
                torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-3)


@pytest.mark.usefixtures("exactly")
def test_a_stretch_past_the_end_keeps_a_frame(network):
    heard = QuickNetwork(network).listen([Piece(noise(16_000), [(70, 90), (49, 50)])])[0][0]
    torch.testing.assert_close(heard.summaries[0], heard.summaries[1])
    assert torch.isfinite(heard.summaries).all()


@pytest.mark.usefixtures("exactly")
def test_the_stem_has_no_sense_of_time(network):
    signal = noise(16_000)
    heard = QuickNetwork(network).listen([Piece(signal, [(0, 50)])])[0][0]
    with torch.inference_mode():
        mels, frames = log_mels([signal])
        expected = network.whisper(mels, frames)[0][0] - network.whisper.positions[:50]
    torch.testing.assert_close(heard.stem, expected, atol=1e-4, rtol=1e-4)


def test_bfloat16_hears_nearly_the_same(network):
    if not torch.cpu._is_avx512_bf16_supported():
        pytest.skip("this processor does not compute in bfloat16")
    signal = noise(48_000)
    with torch.inference_mode():
        whole = network.hear([signal])
        expected, _ = network.judge(whole.states, whole.lengths)
        heard = QuickNetwork(network).listen([Piece(signal, [(0, int(whole.lengths[0]))])])[0][0]
        found, _ = network.decide(heard.summaries, heard.deep)
    torch.testing.assert_close(found, expected, atol=0.01, rtol=0.05)


@pytest.mark.parametrize(("filled", "frames"), [(16, 1), (48, 33), (160, 160)])
def test_attending_in_one_step_is_attending(filled, frames):
    torch.manual_seed(0)
    q, k, v = 0.5 * torch.randn(3, 4, filled, 16)
    found = quick._attend_fused(q, k, v, frames)
    torch.testing.assert_close(found, quick._attend(q, k, v, frames), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(
        found[:, 0], quick._attend(q, k[:, :frames], v[:, :frames], frames)[:, 0],
        atol=1e-5, rtol=1e-5,
    )  # fmt: skip


def test_only_deep_heads_see_moments(network):
    assert sum(isinstance(head, DeepHead) for head in network.heads) == SMALL.deep_heads
    heard = QuickNetwork(network).listen([Piece(noise(16_000), [(0, 50)])])[0][0]
    assert len(heard.deep) == SMALL.deep_heads


@pytest.mark.usefixtures("exactly")
def test_signals_that_are_heard_together_are_heard_as_alone(network):
    pieces = [
        Piece(noise(48_000, seed=1), [(0, 70), (40, 150)]),
        Piece(noise(43_633, seed=2), [(0, 64)]),
        Piece(noise(5000, seed=3), [(0, 16), (3, 9), (5, 6)]),
    ]
    quickly = QuickNetwork(network)
    for piece, together in zip(pieces, quickly.listen(pieces)[0], strict=True):
        ((alone,),) = quickly.listen([piece])
        torch.testing.assert_close(together.summaries, alone.summaries, atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(together.stem, alone.stem, atol=1e-5, rtol=1e-4)
        for one, other in zip(together.deep, alone.deep, strict=True):
            torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


def test_no_digit_of_a_group_depends_on_another(network):
    groups = [
        [Piece(noise(48_000, seed=1), [(0, 70), (40, 150)]), Piece(noise(43_633), [(0, 64)])],
        [Piece(noise(5000, seed=3), [(0, 16), (3, 9), (5, 6)])],
        [Piece(noise(20_000, seed=4), [(0, 60)]), Piece(noise(18_181, seed=5), [(0, 55)])],
    ]
    quickly = QuickNetwork(network)
    for group, together in zip(groups, quickly.listen(*groups), strict=True):
        (alone,) = quickly.listen(group)
        for one, other in zip(together, alone, strict=True):
            assert torch.equal(one.summaries, other.summaries)
            assert torch.equal(one.stem, other.stem)
            for said, wanted in zip(one.deep, other.deep, strict=True):
                assert torch.equal(said[0], wanted[0])
                assert torch.equal(said[1], wanted[1])


@pytest.mark.parametrize("threads", [1, 3])
def test_pieces_of_work_keep_their_order_and_record_nothing(threads):
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        found = in_threads(lambda n: (n, torch.is_inference_mode_enabled()), list(range(20)))
    finally:
        torch.set_num_threads(before)
    assert found == [(n, True) for n in range(20)]
    assert not torch.is_inference_mode_enabled()


def test_an_error_in_a_thread_is_the_callers():
    def fail(n):
        raise ValueError(f"piece {n}")

    with pytest.raises(ValueError, match="piece 0"):
        in_threads(fail, [0, 1])


def test_who_computes_alone_does_so_whatever_others_ask_for_meanwhile():
    before = torch.get_num_threads()
    with _pool.__wrapped__(1) as pool:
        pool.submit(int).result()  # the thread is there, and has computed nothing yet
        torch.set_num_threads(3)
        try:
            assert pool.submit(torch.get_num_threads).result() == 1
        finally:
            torch.set_num_threads(before)


def test_the_number_of_threads_changes_nothing(encoder_file):
    from voxemo_scan.models.passage import Passage
    from voxemo_scan.models.registry import load_files

    passages = [
        Passage(noise(16_000 * n, seed=n), ((0, 16_000 * n),)) for n in (3, 1, 2, 4, 1, 2, 5)
    ]
    before = torch.get_num_threads()
    said = []
    try:
        for threads in (1, 2, 4):
            torch.set_num_threads(threads)
            said.append(load_files([encoder_file()]).judge(passages).probabilities)
    finally:
        torch.set_num_threads(before)
    assert np.array_equal(said[0], said[1])
    assert np.array_equal(said[0], said[2])

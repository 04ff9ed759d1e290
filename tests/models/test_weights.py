"""Weight files: what goes in comes out, and what is damaged is refused."""

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from voxemo_scan.digest import file_sha256
from voxemo_scan.errors import ExitCode, MissingError
from voxemo_scan.models import packing
from voxemo_scan.models.weights import load_network


def test_a_network_comes_back_as_it_was_saved(weight_file):
    loaded = load_network(weight_file(labels=12, pooling="max"))
    again = load_network(weight_file(labels=12, pooling="max"))
    picture = torch.randn(4, 160, 140)
    torch.testing.assert_close(loaded.network(picture), again.network(picture))
    assert loaded.description.shape.labels == 12
    assert loaded.description.shape.pooling == "max"
    assert loaded.sha256 == again.sha256


def test_a_flipped_bit_is_refused(weight_file):
    path = weight_file()
    expected = file_sha256(path)
    damaged = bytearray(path.read_bytes())
    damaged[-7] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(MissingError, match="damaged") as caught:
        load_network(path, sha256=expected)
    assert caught.value.exit_code == ExitCode.MISSING
    assert caught.value.remedy


@pytest.mark.parametrize("content", [b"", b"not weights", b"\xff" * 64])
def test_another_kind_of_file_is_refused(tmp_path, content):
    path = tmp_path / "x.safetensors"
    path.write_bytes(content)
    with pytest.raises(MissingError, match="holds no network"):
        load_network(path)


def test_safetensors_of_something_else_are_refused(tmp_path):
    path = tmp_path / "x.safetensors"
    save_file({"a": torch.zeros(2)}, path)
    with pytest.raises(MissingError, match="holds no network"):
        load_network(path)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(MissingError, match="cannot be read"):
        load_network(tmp_path / "none.safetensors")


@pytest.fixture
def all_packed(monkeypatch):
    """Have every matrix in 8 bits, however small."""
    monkeypatch.setattr(packing, "_LEAST", 1)


@pytest.mark.usefixtures("all_packed")
def test_packed_matrices_take_half_the_room_and_lose_a_fraction_of_a_step(encoder_file):
    whole = encoder_file()
    plain, size = load_network(whole).network.state_dict(), whole.stat().st_size
    path = encoder_file(packed=True)
    packed = load_network(path).network.state_dict()
    assert packed.keys() == plain.keys()
    changed = {name for name in plain if not torch.equal(plain[name], packed[name])}
    assert all(plain[name].ndim == 2 for name in changed)
    assert {n for n in plain if n.startswith("whisper.layers.0.fc")} - changed == {
        "whisper.layers.0.fc1.bias", "whisper.layers.0.fc2.bias"
    }  # fmt: skip
    for name in changed:
        step = plain[name].abs().amax(dim=1, keepdim=True) / 127
        assert ((packed[name] - plain[name]).abs() <= 0.501 * step).all()
    assert path.stat().st_size < size - 0.9 * sum(plain[name].numel() for name in changed) + 2000


@pytest.mark.usefixtures("all_packed")
def test_a_row_of_zeros_stays_one():
    given = {"whisper.layers.0.fc1.weight": torch.tensor([[0.0, 0.0], [1.0, -0.5]])}
    packed = packing.pack(given)
    assert {tensor.dtype for tensor in packed.values()} == {torch.int8, torch.float32}
    torch.testing.assert_close(packing.unpack(packed), given, atol=0.005, rtol=0)


def test_small_matrices_stay_as_they_are():
    given = {"heads.0.x": torch.ones(200, 300), "heads.1.x": torch.ones(300, 300)}
    packed = packing.pack(given)
    assert [packed[name].dtype for name in given] == [torch.float32, torch.int8]


@pytest.mark.usefixtures("all_packed")
def test_steps_that_fit_no_rows_are_refused(encoder_file):
    path = encoder_file(packed=True)
    tensors = load_file(path)
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    name = next(name for name in tensors if name.endswith(".steps"))
    save_file(tensors | {name: tensors[name][:-1]}, path, metadata=metadata)
    with pytest.raises(MissingError, match="holds no network"):
        load_network(path)

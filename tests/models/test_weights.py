"""Weight files: what goes in comes out, and what is damaged is refused."""

import pytest
import torch
from safetensors.torch import save_file

from voxemo_scan.digest import file_sha256
from voxemo_scan.errors import ExitCode, MissingError
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

"""Zips are unpacked under their folder and within their size."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.errors import SourceError
from voxemo_scan.training.corpora.unpack import safe_path, unpack


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_folders_are_left_off_and_only_the_wanted_taken(tmp_path):
    names = ("top/wav/a.wav", "top/wav/deep/b.wav", "top/film/c.flv", "top/list.csv", "stray.txt")
    path = write_zip(tmp_path / "x.zip", {name: name for name in names})
    unpack(path, tmp_path / "to", strip=1, only=("wav", "list.csv"))
    found = {
        each.relative_to(tmp_path / "to").as_posix(): each.read_text()
        for each in (tmp_path / "to").rglob("*.*")
    }
    assert found == {
        "wav/a.wav": "top/wav/a.wav",
        "wav/deep/b.wav": "top/wav/deep/b.wav",
        "list.csv": "top/list.csv",
    }


def test_a_bomb_is_not_unpacked(tmp_path):
    path = write_zip(tmp_path / "x.zip", {"a": b"\0" * 10_000_000, "b": b"\0" * 10_000_000})
    assert path.stat().st_size < 100_000
    with pytest.raises(SourceError, match="more than 15,000,000 bytes"):
        unpack(path, tmp_path / "to", most_bytes=15_000_000)
    assert not (tmp_path / "to").exists()


def test_a_link_in_a_zip_does_not_become_one(tmp_path):
    link = zipfile.ZipInfo("link.wav")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    unpack(tmp_path / "x.zip", tmp_path / "to")
    assert not (tmp_path / "to" / "link.wav").is_symlink()


def test_an_encrypted_zip_is_refused(tmp_path):
    path = write_zip(tmp_path / "x.zip", {"a.wav": b"x"})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag in the file's header and in the list of files
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(SourceError, match="encrypted"):
        unpack(path, tmp_path / "to")


@given(st.text(st.sampled_from("a./\\:"), max_size=8))
def test_a_safe_path_stays_below_its_folder(tmp_path_factory, name):
    folder = tmp_path_factory.getbasetemp().resolve()
    try:
        path = safe_path(name, source="x.zip")
    except SourceError:
        return
    assert (folder / path).resolve().is_relative_to(folder)
    assert (folder / path).resolve() != folder

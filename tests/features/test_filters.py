"""Filters come from a file, which holds what librosa makes."""

import subprocess
import sys

import numpy as np
import pytest

from voxemo_scan.features import filters
from voxemo_scan.features.filters import chroma_filters, make, mel_filters


def test_the_file_holds_what_librosa_makes():
    held, made = filters._made(), make()
    assert held.keys() == made.keys()
    for name, each in made.items():
        assert held[name].dtype == np.float32
        np.testing.assert_allclose(held[name], each, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("sampling_rate", [16_000, 22_050])
def test_filters_of_any_size_are_librosas(sampling_rate):
    from voxemo_scan.features.compiled import librosa

    wanted = librosa.filters.mel(sr=sampling_rate, n_fft=1024, n_mels=128)
    found = mel_filters(sampling_rate=sampling_rate, fft_samples=1024, bands=128)
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-9)
    wanted = librosa.filters.chroma(sr=sampling_rate, n_fft=1024, tuning=0.0, n_chroma=12)
    found = chroma_filters(sampling_rate=sampling_rate, fft_samples=1024, pitches=12)
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-9)


def test_without_the_file_librosa_makes_them(monkeypatch, tmp_path):
    wanted = mel_filters(sampling_rate=16_000, fft_samples=400, bands=80)
    monkeypatch.setattr(filters, "FILE", tmp_path / "none.safetensors")
    filters._made.cache_clear()
    try:
        found = mel_filters(sampling_rate=16_000, fft_samples=400, bands=80)
    finally:
        monkeypatch.undo()
        filters._made.cache_clear()
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-9)


def test_who_listens_and_draws_need_not_wait_for_librosa():
    """It takes two seconds of a processor to be ready, more than a short clip's scan."""
    code = """
import sys
import numpy as np
from voxemo_scan.features.log_mel import log_mels
from voxemo_scan.models.registry import load_shipped
from voxemo_scan.report.media.spectrum import SpectrumMaker

maker = SpectrumMaker(sampling_rate=24_000)
maker.feed(np.zeros(24_000, np.int16))
maker.rows()
log_mels([np.zeros(16_000, np.float32)])
load_shipped(None)
print([name for name in ("librosa", "numba", "sklearn") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert done.strip() == "[]"

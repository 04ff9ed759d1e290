"""The spectrogram's rows: those of the classic networks' image."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
import soxr

from tests.support.media import tone
from voxemo_scan.features.image import FRAMES, ImageOptions, images
from voxemo_scan.report.media.spectrum import SpectrumMaker
from voxemo_scan.report.media.still import grey_picture

RATE = 16_000


def blocks(signal):
    whole = np.round(np.asarray(signal) * 32768).clip(-32768, 32767).astype(np.int16)
    return [whole[at : at + RATE] for at in range(0, whole.size, RATE)]


def rows(parts, *, columns=900, sampling_rate=RATE):
    maker = SpectrumMaker(sampling_rate=sampling_rate, columns=columns)
    for part in parts:
        maker.feed(part)
    return maker.rows()


def test_a_windows_rows_are_those_that_the_networks_see():
    rng = np.random.default_rng(0)
    parts = blocks(0.1 * rng.standard_normal(FRAMES * 256))
    signal = np.concatenate(parts).astype(np.float32) / 32768
    (image,) = images([signal], ImageOptions()).numpy()
    mel, mfcc, chroma = rows(parts, columns=1000)
    inner = slice(3, FRAMES - 3)
    assert mel[:, inner] == pytest.approx(image[:128, inner], abs=0.01)
    assert mfcc[:, inner] == pytest.approx(image[128:148, inner], abs=0.01)
    assert chroma[:, inner] == pytest.approx(image[148:, inner], abs=0.01)


def test_sound_of_a_higher_rate_gives_the_same_rows():
    rng = np.random.default_rng(1)
    signal = soxr.resample(0.1 * rng.standard_normal(3 * RATE), RATE, 24_000, quality="VHQ")
    low = soxr.resample(signal, 24_000, RATE, quality="VHQ")
    found = rows(blocks(signal), columns=1000, sampling_rate=24_000)
    wanted = rows(blocks(low), columns=1000)
    assert found[0].shape == wanted[0].shape
    inner = (slice(0, 120), slice(3, -3))  # the highest rows are where the low rate fades out
    assert np.abs(found[0][inner] - wanted[0][inner]).max() < 0.5
    assert np.abs(found[2] - wanted[2])[:, 3:-3].max() < 0.05


def test_an_a_is_an_a_for_as_long_as_it_sounds_however_long_the_clip_is():
    signal = np.concatenate([tone(20, hz=440, rate=RATE), tone(20, hz=523.25, rate=RATE)])
    mel, _, chroma = rows(blocks(signal), columns=100)
    assert mel.shape == (128, 100)
    assert set(chroma[:, 3:47].argmax(axis=0)) == {9}
    assert set(chroma[:, 53:97].argmax(axis=0)) == {0}


@pytest.mark.parametrize("samples", [0, 1, 700, 5000])
def test_the_shortest_clips_have_a_picture_too(samples):
    mel, mfcc, chroma = rows(blocks(np.full(samples, 0.1)))
    assert mel.shape[1] == mfcc.shape[1] == chroma.shape[1] == samples // 256 + 1
    assert np.isfinite(mel).all()
    assert np.isfinite(mfcc).all()


def test_a_grey_picture_is_what_was_drawn():
    levels = np.tile(np.linspace(0, 255, 200).astype(np.uint8), (60, 1))
    picture = grey_picture(levels, quality=80)
    assert (picture.width, picture.height, picture.media_type) == (200, 60, "image/webp")
    with av.open(io.BytesIO(picture.data)) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="gray")
    assert np.abs(shown.astype(float) - levels).mean() < 6

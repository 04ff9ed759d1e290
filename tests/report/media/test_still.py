"""The poster: the right frame, small, or none."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest

from tests.support.media import Audio, even_frames, tone, write_media, write_wav
from voxemo_scan.errors import AudioError
from voxemo_scan.report.media.still import poster


def grey_of(picture):
    with av.open(io.BytesIO(picture.data)) as container:
        return float(next(container.decode(video=0)).to_ndarray(format="gray").mean())


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv"])
def test_it_is_the_frame_of_that_moment_counted_from_the_ranges_start(tmp_path, name):
    path = tmp_path / name  # each frame is one grey lighter than the one before
    write_media(path, audio=Audio(tone(4.0)), video=even_frames(4.0))
    for at_s, start_s in ((0.0, 0.0), (1.0, 1.5), (3.0, 0.5)):
        found = poster(path, at_s=at_s, start_s=start_s)
        number = round((at_s + start_s) * 25)
        assert found.at_s == at_s
        assert grey_of(found.picture) == pytest.approx(64 + number, abs=3)


def test_a_large_picture_becomes_a_small_one_of_the_same_shape(tmp_path):
    path = tmp_path / "wide.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 1280, 536, "yuv420p"
        noise = np.random.default_rng(0).integers(0, 255, (536, 1280, 3), dtype=np.uint8)
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(noise, format="rgb24")))
        container.mux(stream.encode(None))
    found = poster(path, at_s=0.04)
    assert found.picture.width == 480
    assert found.picture.height == pytest.approx(201, abs=1)
    assert len(found.picture.data) < 80_000


def test_what_has_no_picture_has_no_poster(tmp_path):
    sound = tmp_path / "a.wav"
    write_wav(sound, tone(1.0, rate=16_000))
    text = tmp_path / "b.mp4"
    text.write_text("no film at all")
    assert poster(sound, at_s=0.5) is None
    for path in (text, tmp_path / "lost.mp4"):
        with pytest.raises(AudioError):
            poster(path, at_s=0.5)

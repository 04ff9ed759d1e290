"""The frame rates of real files, as a report's clips have them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest

from tests.report.annotations.sheets import scene
from tests.report.example import example_report
from tests.support.media import Audio, tone, uneven_frames, write_media, write_wav
from voxemo_scan.audio.picture import frame_rate
from voxemo_scan.errors import AudioError
from voxemo_scan.report.annotations.frames import parse_rate
from voxemo_scan.report.annotations.rates import clip_rates
from voxemo_scan.report.document import ReportScene


def film(path, rate):
    """Write half a second of grey frames at ``rate`` frames a second, exactly."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(12):
            frame = av.VideoFrame.from_ndarray(np.full((32, 32, 3), 80, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def rates(folder, *sources):
    scenes = tuple(ReportScene(replace(scene(), source=source)) for source in sources)
    report = replace(example_report(), manifest_path=str(folder / "films.yaml"), scenes=scenes)
    return clip_rates(report, clips=folder / "scenes")


@pytest.mark.parametrize("ending", ["mp4", "mkv", "avi"])
@pytest.mark.parametrize(
    ("rate", "name"),
    [
        (Fraction(24_000, 1001), "23.976"),
        (Fraction(24), "24"),
        (Fraction(25), "25"),
        (Fraction(30_000, 1001), "29.97"),
    ],
)
def test_a_film_s_own_frame_rate_is_found(tmp_path, rate, name, ending):
    film(tmp_path / f"film.{ending}", rate)
    assert rates(tmp_path, f"film.{ending}") == (parse_rate(name),)


def test_what_has_no_constant_picture_has_no_rate(tmp_path):
    write_wav(tmp_path / "sound.wav", tone(0.5, rate=16_000))
    write_media(tmp_path / "uneven.mkv", audio=Audio(tone(3.0)), video=uneven_frames(3.0))
    (tmp_path / "text.mp4").write_text("no film")
    names = ("sound.wav", "uneven.mkv", "text.mp4", "gone.mp4", "https://example.org/a", "\0")
    assert rates(tmp_path, *names) == (None,) * len(names)
    assert frame_rate(tmp_path / "sound.wav") is None
    with pytest.raises(AudioError):
        frame_rate(tmp_path / "text.mp4")

"""Media of a run's clips, within the page's budget, and honest about what is missing."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from tests.report.example import example_report, scanned
from tests.report.sounding import clip, media_of
from voxemo_scan.report.document import ReportScene
from voxemo_scan.report.html import to_html
from voxemo_scan.report.media.budget import embedded_bytes
from voxemo_scan.report.media.gather import MediaOptions, gather_media


@pytest.fixture(scope="module")
def scenes():
    lengths = {"long": 60, "middle": 25, "short": 12}
    return replace(
        example_report(),
        scenes=tuple(
            ReportScene(scanned(n, n.title(), leaning={"sad": 0.5}, duration_s=s, seed=3))
            for n, s in lengths.items()
        ),
    )


def test_every_scene_has_its_sound_waveform_and_pictures(scenes, tmp_path):
    media = media_of(scenes, tmp_path / "clips", film="middle")
    assert media.keys() == {"long", "middle", "short"}
    for scene in media.values():
        assert scene.sound.bit_rate_kbps == 32
        assert max(scene.peaks) == 255
        assert scene.spectrum is not None
        assert scene.silent_because is None
    assert media["middle"].poster is not None
    assert media["long"].poster is None


def test_a_tight_budget_is_kept_and_the_page_says_whose_sound_it_cost(scenes, tmp_path):
    options = MediaOptions(audio_budget_mb=0.04)
    media = media_of(scenes, tmp_path / "clips", options=options)
    taken = sum(embedded_bytes(len(m.sound.data)) for m in media.values() if m.sound)
    assert 0 < taken <= 40_000
    assert media["long"].sound is None
    assert media["short"].sound is not None
    text = to_html(scenes, media)
    assert text.count("<audio") == sum(m.sound is not None for m in media.values())
    assert "would not fit its budget of 0.04 MB" in text


def test_without_audio_there_is_a_waveform_and_no_sound(scenes, tmp_path):
    media = media_of(scenes, tmp_path / "clips", options=MediaOptions(audio=False))
    assert all(m.sound is None and max(m.peaks) == 255 for m in media.values())
    text = to_html(scenes, media)
    assert "<audio" not in text
    assert "wavesurfer" not in text
    assert "No sound:" not in text


def test_a_clip_that_is_gone_or_no_clip_at_all_is_said_and_stops_nothing(scenes, tmp_path):
    tasks = [clip(scene.result, tmp_path) for scene in scenes.scenes]
    tasks[0].path.unlink()
    tasks[1].path.write_text("no longer sound")
    media = gather_media(scenes, tasks, MediaOptions())
    assert "is not a file" in media["long"].silent_because
    assert "is not a media file" in media["middle"].silent_because
    assert media["short"].sound is not None
    assert "No sound: its clip could not be read again" in to_html(scenes, media)


def test_what_was_made_once_is_kept_and_what_is_damaged_is_made_again(
    scenes, tmp_path, monkeypatch
):
    monkeypatch.setenv("VOXEMO_CACHE", str(tmp_path / "cache"))
    tasks = [
        replace(clip(scene.result, tmp_path), sha256=scene.result.id) for scene in scenes.scenes
    ]
    first = gather_media(scenes, tasks, MediaOptions())
    for task in tasks:
        task.path.write_text("read again, this would be no sound")
    assert gather_media(scenes, tasks, MediaOptions()) == first
    other = gather_media(scenes, [replace(t, start_s=1.0) for t in tasks], MediaOptions())
    assert all(media.sound is None for media in other.values())
    for file in (tmp_path / "cache" / "media").iterdir():
        file.write_bytes(file.read_bytes()[:100])
    damaged = gather_media(scenes, tasks, MediaOptions())
    assert all("not a media file" in media.silent_because for media in damaged.values())


def test_a_page_with_sound_is_made_without_torch(tmp_path):
    code = (
        "import sys; from pathlib import Path;"
        "from tests.report.sounding import media_of, sounding_report;"
        "from voxemo_scan.report.html import to_html;"
        "r = sounding_report(); m = media_of(r, Path(sys.argv[1]) / 'c');"
        "assert 'data:audio/webm' in to_html(r, m); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)

"""What is measured is what is said to be measured."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from voxemo_scan.audio.decode import decode
from voxemo_scan.bench.process import run_process
from voxemo_scan.bench.sound import from_demo, lay_for, make_sound
from voxemo_scan.bench.stages import Stages, least
from voxemo_scan.bench.table import to_markdown
from voxemo_scan.speech.detector import detect
from voxemo_scan.speech.segments import find_segments

DEMO = Path(__file__).parents[2] / "scenes" / "demo"


@pytest.fixture(scope="module")
def material():
    return from_demo(DEMO)


def test_the_sound_is_as_long_as_asked_for_and_holds_so_much_speech(material, tmp_path):
    laid = lay_for(material, speech=0.6)
    make_sound(material, tmp_path / "film.opus", minutes=4, laid=laid)
    pcm = np.concatenate(list(decode(tmp_path / "film.opus")))
    assert len(pcm) == pytest.approx(240 * 16_000, rel=0.001)
    segments = find_segments(detect(pcm), duration_s=len(pcm) / 16_000)
    assert sum(s.duration_s for s in segments) / 240 == pytest.approx(0.6, abs=0.12)


def test_the_same_seed_gives_the_same_sound_and_another_does_not(material, tmp_path):
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        make_sound(material, tmp_path / name, minutes=0.2, laid=0.6, seed=seed)
    a, b, c = (np.concatenate(list(decode(tmp_path / name))) for name in "abc")
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_a_processes_peak_is_its_own():
    held = np.ones(60_000_000)  # 480 MB of ours must not count as the child's
    code = "import time; x = bytearray(200_000_000); time.sleep(0.3)"
    ran = run_process([sys.executable, "-c", code], env={})
    assert held.sum() > 0
    assert 200 < ran.peak_mb < 300
    assert 0.3 <= ran.wall_s < 10
    assert 0 < ran.cpu_s < ran.wall_s + 1


def test_a_process_that_fails_says_why():
    with pytest.raises(RuntimeError, match="ended with 3: nothing works"):
        run_process(
            [
                sys.executable,
                "-c",
                "import sys; print('nothing works', file=sys.stderr); sys.exit(3)",
            ],
            env={},
        )


def test_of_several_turns_each_stage_counts_by_its_least():
    turns = [Stages(60.0, 36.0, 24, 2.0, 3.0, 9.0), Stages(60.0, 36.0, 24, 1.0, 4.0, 8.0)]
    assert least(turns) == Stages(60.0, 36.0, 24, 1.0, 3.0, 8.0)


@pytest.fixture
def figures():
    ran = {"wall_s": 50.0, "cpu_s": 90.0, "peak_mb": 900.0}
    return {
        "command": "make bench",
        "machine": {"processor": "P", "cores": 2, "bfloat16": True, "python": "3.11.7",
                    "torch": "2.13.0", "voxemo_scan": "1", "commit": "abc"},
        "sound": "lines",
        "commits": {"speed": "abc", "load": "def", "memory": "g", "workers": "h", "again": "i",
                    "cold": "j"},
        "stages": {"duration_s": 3600.0, "speech_s": 2160.0, "windows": 1000, "decode_s": 6.0,
                   "floor_s": 12.0, "analyse_s": 36.0},
        "run": ran, "one_core": {**ran, "wall_s": 80.0},
        "cold": {"help_s": 0.1, "one_clip_s": 3.0, "clip_s": 6.0},
        "rivals": [{"name": "large", "parameters": 94_000_000, "window_s": 0.3,
                    "window_bf16_s": 0.2}],
        "load": "| uploads |",
        "again": {"scenes": 200, **ran, "wall_s": 1.24, "cpu_s": 1.0},
        "memory": [{"minutes": 10.0, **ran}, {"minutes": 180.0, **ran, "peak_mb": 990.0}],
        "jobs": [{"jobs": 1, **ran}, {"jobs": 2, **ran, "wall_s": 40.0}],
    }  # fmt: skip


def test_the_page_shows_ratios(figures):
    text = to_markdown(json.loads(json.dumps(figures)))
    assert "speed abc, load def, memory g" in text
    assert "| **`run`, all cores** | 50.0 | 72 | 4.2 |" in text
    assert "| analysis | 36.0 | 100 | 3.0 |" in text
    assert "| 94 M | 300 s, 7.5 x | 8.7 x |" in text
    assert "| 180 min | 990 MB | 1.10 x | 216 |" in text
    assert "200 unchanged scenes: 1.2 s, 1.0 s of processors" in text
    assert "| 2 | 40.0 | 1.25 x |" in text


def test_parts_that_were_not_measured_are_left_out(figures):
    del figures["memory"], figures["stages"], figures["rivals"]
    del figures["commits"]["memory"], figures["commits"]["speed"]
    text = to_markdown(figures)
    heads = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert heads == ["Workers", "Again", "The page under load", "Cold start"]

"""From a recording and a time to plain values, words and pictures."""

import json
import xml.etree.ElementTree as ET
from io import BytesIO

import numpy as np
import pytest

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import UsageError
from voxemo_scan.explain.draw import image_url, svg_picture
from voxemo_scan.explain.heat import AGAINST, FOR, heat
from voxemo_scan.explain.moment import explain_file, explain_recording
from voxemo_scan.explain.png import png
from voxemo_scan.explain.result import Part
from voxemo_scan.explain.words import hertz, sentence
from voxemo_scan.explain.write import to_html, write_explained
from voxemo_scan.scan.options import ScanOptions


@pytest.fixture(scope="module")
def explained(spoken, small):
    return explain_file(spoken[0], at_s=2.0, ensemble=small)


def test_values_are_plain_and_in_range(explained, spoken):
    told = explained.explanation
    times, bands = len(told.times_s) - 1, len(told.bands_hz) - 1
    assert [len(told.weights), len(told.weights[0])] == [times, bands]
    assert list(told.times_s) == sorted(set(told.times_s))
    assert list(told.bands_hz) == sorted(set(told.bands_hz))
    assert max(abs(w) for row in told.weights for w in row) == 1.0
    assert told.times_s[0] <= told.start_s < told.end_s <= told.times_s[-1] + 0.02
    assert told.start_s <= 2.0 <= told.end_s
    assert told.emotion in EMOTIONS
    assert 0.0 < told.probability < 1.0
    assert json.loads(json.dumps(told.as_json()))["says"] == told.says


def test_the_picture_is_of_the_same_stretch(explained):
    told = explained.explanation
    assert explained.picture.shape[0] == 80
    span_s = told.times_s[-1] - told.times_s[0]
    assert explained.picture.shape[1] == pytest.approx(span_s / 0.01, abs=1)
    assert explained.picture.max() == 255


def test_an_emotion_and_its_probability_may_be_a_reports(recording, segments, small):
    told = explain_recording(
        recording, segments, at_s=2.0, ensemble=small, options=ScanOptions(), emotion="fear",
        probability=0.625,
    ).explanation  # fmt: skip
    assert (told.emotion, told.probability) == ("fear", 0.625)
    assert "afraid" in told.says
    assert "62 %" in told.says or "63 %" in told.says


def test_where_nobody_speaks_the_nearest_speech_is_named(spoken, small):
    with pytest.raises(UsageError, match="nobody speaks at 0:30") as caught:
        explain_file(spoken[0], at_s=30.0, ensemble=small)
    assert "0:0" in caught.value.remedy


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Part(0.4, 0.9, 1000, 2500), "Between 0.4 and 0.9 s, from 1 to 2.5 kHz, lies"),
        (Part(0.4, 0.9, 250, 1200), "from 250 Hz to 1.2 kHz"),
        (Part(0.4, 0.9, 100, 400), "from 100 to 400 Hz"),
        (Part(0.4, 0.9, 0, 400), "below 400 Hz"),
        (Part(0.4, 0.9, 4000, 8000), "above 4 kHz"),
        (Part(0.4, 0.9, 0, 8000), "at all pitches"),
    ],
)
def test_the_sentence_names_time_and_pitch(part, words):
    said = sentence(part, emotion="angry", probability=0.71)
    assert words in said
    assert said.endswith("the verdict that it sounds angry (71 %).")


def test_pitches_read_as_people_say_them():
    assert [hertz(v) for v in (253.0, 996.0, 1000.0, 2540.0)] == [
        "250 Hz", "1 kHz", "1 kHz", "2.5 kHz",
    ]  # fmt: skip


def test_colours_say_for_and_against():
    sheet = heat(np.array([[1.0, 0.0], [0.0, -1.0]]))
    assert tuple(sheet[-1, 0, :3]) == FOR  # first time, lowest band: bottom left
    assert tuple(sheet[0, -1, :3]) == AGAINST
    assert sheet[-1, 0, 3] > 200
    assert sheet[0, 0, 3] < 60


def test_the_png_is_what_was_drawn():
    from PIL import Image

    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, 4), dtype=np.uint8)
    assert np.array_equal(np.asarray(Image.open(BytesIO(png(pixels)))), pixels)
    assert np.array_equal(np.asarray(Image.open(BytesIO(png(pixels[:, :, 0])))), pixels[:, :, 0])


@pytest.mark.parametrize("width", [420, 760])
def test_the_svg_is_whole_and_stays_inside_its_frame(explained, width):
    root = ET.fromstring(svg_picture(explained, width=width))
    assert root.find("{*}title").text == explained.explanation.says
    assert len(root.findall("{*}image")) == 2
    height = float(root.get("height"))
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert float(text.get("y", "0")) <= height
    assert image_url(svg_picture(explained)).startswith("data:image/svg+xml;base64,")


def test_a_page_escapes_the_files_name_and_allows_no_script(explained):
    page = to_html(explained, title="<script>alert(1)</script>.wav")
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert explained.explanation.says in page


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_each_format_is_written(explained, tmp_path, ending):
    if ending == "png":
        pytest.importorskip("matplotlib")
    path = write_explained(explained, tmp_path / f"a.{ending}", title="a.wav")
    data = path.read_bytes()
    assert data.startswith({"svg": b"<svg", "png": b"\x89PNG", "html": b"<!doctype"}[ending])


def test_another_ending_is_refused(explained, tmp_path):
    with pytest.raises(UsageError, match="no format"):
        write_explained(explained, tmp_path / "a.gif", title="a")

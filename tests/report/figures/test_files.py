"""The figures' files: which there are, that they are the same each time, and safe."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import Phase, given, settings

from tests.report.example import HOSTILE, example_report, one_window, scanned
from tests.report.strategies import reports
from voxemo_scan.report.document import ReportScene
from voxemo_scan.report.figures.files import figure_files

SVG = "{http://www.w3.org/2000/svg}"
HEADS = {"svg": b"<?xml", "png": b"\x89PNG\r\n", "pdf": b"%PDF-"}
DRAW = """
import hashlib
from tests.report.example import example_report
from voxemo_scan.report.figures.files import figure_files
for name, data in figure_files(example_report(), formats=["svg", "png", "pdf"]).items():
    print(name, hashlib.sha256(data).hexdigest())
"""


def titled(*titles):
    scenes = tuple(
        ReportScene(replace(one_window(), id=f"s-{number}", title=title))
        for number, title in enumerate(titles)
    )
    return replace(example_report(), scenes=scenes)


def texts(svg):
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_there_is_an_overview_a_comparison_and_a_timeline_for_each_heard_scene():
    heard = ("a-few-good-men", "steel-magnolias", "elf", "one-word")
    names = ("overview", "comparison", *(f"timeline-{name}" for name in heard))
    found = figure_files(example_report(), formats=["pdf", "svg", "png"])
    assert set(found) == {f"figures/{name}.{ending}" for name in names for ending in HEADS}
    for name, data in found.items():
        assert data.startswith(HEADS[name.rsplit(".", 1)[1]])


def test_two_processes_write_the_same_bytes():
    def drawn(seed):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": f"UTC-{seed}"}
        command = [sys.executable, "-c", DRAW]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return ended.stdout

    first = drawn("1")
    assert len(first.splitlines()) == 18
    assert drawn("2") == first


def test_a_hostile_title_is_text_and_a_dollar_is_a_dollar():
    found = figure_files(titled(HOSTILE, r"$\frac{$ & $x^2$"), formats=["svg"])
    svg = found["figures/timeline-s-0.svg"]
    tags = {element.tag for element in ET.fromstring(svg).iter()}
    assert not tags & {f"{SVG}script", f"{SVG}a", f"{SVG}image", f"{SVG}foreignObject"}
    assert any("<script>alert(1)</script>" in text for text in texts(svg))
    assert r"$\frac{$ & $x^2$" in texts(found["figures/timeline-s-1.svg"])


def test_emotions_are_named_with_their_shares_and_intervals():
    svg = figure_files(example_report(), formats=["svg"])["figures/timeline-elf.svg"]
    named = [text for text in texts(svg) if text.startswith("sad ")]
    assert named == ["sad 40 % (29\u201350 %)"]


@pytest.mark.parametrize(
    ("scenes", "overviews", "comparisons"), [(1, 1, 1), (20, 1, 2), (21, 2, 3), (0, 0, 0)]
)
def test_many_scenes_go_on_several_pages(scenes, overviews, comparisons):
    found = figure_files(titled(*["A"] * scenes), formats=["svg"])
    assert len([name for name in found if "/overview" in name]) == overviews
    assert len([name for name in found if "/comparison" in name]) == comparisons
    assert len([name for name in found if "/timeline-" in name]) == scenes


def test_a_long_film_s_figures_are_small():
    film = scanned("film", "A film", leaning={"sad": 0.5, "fear": 0.3}, duration_s=7200)
    report = replace(example_report(), scenes=(ReportScene(film),))
    for data in figure_files(report, formats=["svg"]).values():
        assert len(data) < 1_000_000


def test_other_pictures_of_the_program_keep_their_looks():
    from matplotlib import rcParams

    before = hashlib.sha256(repr(sorted(rcParams.items())).encode()).hexdigest()
    figure_files(titled("A"), formats=["svg"])
    assert hashlib.sha256(repr(sorted(rcParams.items())).encode()).hexdigest() == before


@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(reports)
def test_any_report_can_be_drawn(report):
    for data in figure_files(report, formats=["svg"]).values():
        ET.fromstring(data)


def test_a_title_that_nobody_can_see_is_no_obstacle():
    for data in figure_files(titled("\xad", "\u200b"), formats=["svg", "png"]).values():
        assert data

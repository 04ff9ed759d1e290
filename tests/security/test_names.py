"""Ids and titles from outside: whatever they hold, files keep to the report's folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.example import HOSTILE
from tests.report.strategies import texts
from voxemo_scan.report.names import unique_names

EVIL = ["../../etc/passwd", "/etc/passwd", "..", ".", "", "a/b", "a\\b", "C:\\x", "con", "nul\0",
        "-rf", "a" * 5000, "\u202egnp.exe", "%2e%2e%2f", "a\nb", HOSTILE]  # fmt: skip


@given(st.lists(texts | st.sampled_from(EVIL), max_size=8))
@settings(deadline=None)
def test_a_name_is_plain_whatever_the_id(ids: list[str]) -> None:
    names = unique_names(ids)
    assert len(set(names)) == len(ids)
    assert all(name and set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in names)


@pytest.fixture(scope="module")
def extras():
    from voxemo_scan.report.annotations.files import AnnotationOptions
    from voxemo_scan.report.annotations.formats import FORMATS
    from voxemo_scan.report.extras import Extras

    return Extras(annotations=AnnotationOptions(formats=tuple(FORMATS)))


@given(st.lists(texts | st.sampled_from(EVIL), min_size=1, max_size=3), texts)
@settings(deadline=None, max_examples=15)
def test_files_of_every_kind_stay_in_the_folder(extras, ids: list[str], title: str) -> None:
    from tests.report.example import example_report
    from voxemo_scan.report.extras import extra_files

    report = example_report()
    scene = next(s for s in report.scenes if s.result.status == "ok")
    scenes = tuple(
        replace(scene, result=replace(scene.result, id=name, title=title, source=title))
        for name in ids
    )
    for name in extra_files(replace(report, scenes=scenes), extras):
        path = PurePosixPath(name)
        assert not path.is_absolute()
        assert ".." not in path.parts
        assert len(path.parts) <= 2
        assert len(path.name) < 200


def test_figures_too_are_named_plainly() -> None:
    pytest.importorskip("matplotlib")
    from tests.report.example import example_report
    from voxemo_scan.report.figures.files import figure_files

    report = example_report()
    scene = next(s for s in report.scenes if s.result.status == "ok")
    odd = replace(scene, result=replace(scene.result, id="../../x", title=HOSTILE))
    files = figure_files(replace(report, scenes=(odd,)), formats=("svg",))
    assert set(files) == {f"figures/{n}.svg" for n in ("overview", "comparison", "timeline-x")}
    for drawn in files.values():
        text = drawn.decode() if isinstance(drawn, bytes) else drawn
        assert "<script" not in text

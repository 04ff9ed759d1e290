"""What is on a figure: nothing cut off, patterns for print without colours, right figures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from tests.report.example import example_report, one_window, scanned, with_voices
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report.document import ReportScene
from voxemo_scan.report.figures.comparison import draw_comparison, mean_course, normalised
from voxemo_scan.report.figures.lettering import width_in, wrapped
from voxemo_scan.report.figures.overview import draw_overview
from voxemo_scan.report.figures.style import HATCHES, style
from voxemo_scan.report.figures.timeline import draw_timeline
from voxemo_scan.report.track import Span

TITLES = [
    "Elf",
    "Steel Magnolias: I'm fine, I can jog all the way to Texas and back, but my daughter can't",
    "W" * 300,
    "a " * 200,
    "Amélie Ѐльза ΑΒΓ",
    "",
]


def report(title):
    film = scanned("a", title, leaning={"sad": 0.5, "fear": 0.3}, duration_s=200)
    told = with_voices(film, film="F", voices="ABCDEFGHIJK")
    failed = replace(
        one_window(), status="failed", title=title, error="x" * 400, windows=(), shares={}
    )
    scenes = (
        ReportScene(told, verdict="unexpected-pass", published={"disgust": 1.0}),
        ReportScene(replace(failed, dominant=None), verdict="no-result"),
        ReportScene(replace(one_window(), title=title)),
    )
    return replace(example_report(), manifest_name=title, scenes=scenes)


def drawn(kind, made):
    with style():
        if kind == "timeline":
            figure = draw_timeline(made.scenes[0], report=made)
        elif kind == "overview":
            figure = draw_overview(made.scenes, report=made)
        else:
            figure = draw_comparison(made.scenes[::2], report=made)
        figure.set_dpi(300)  # as pictures are written; at fewer dots letters are spaced wider
        FigureCanvasAgg(figure).draw()
    return figure


@pytest.mark.parametrize("kind", ["timeline", "overview", "comparison"])
@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_no_text_is_cut_off_at_the_edge(kind, title):
    figure = drawn(kind, report(title))
    page = figure.bbox
    shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    assert len(shown) > 10
    for text in shown:
        box = text.get_window_extent()
        assert page.x0 <= box.x0 and box.x1 <= page.x1, text.get_text()
        assert page.y0 <= box.y0 and box.y1 <= page.y1, text.get_text()


@pytest.mark.parametrize("hours", [1, 2, 11, 90])
def test_a_long_film_s_times_are_not_cut_off_nor_are_they_too_many(hours):
    film = replace(one_window(), duration_s=3600.0 * hours)
    made = replace(example_report(), scenes=(ReportScene(film),))
    figure = drawn("timeline", made)
    shown = figure.axes[1].get_xticklabels()
    assert 4 <= len(shown) <= 12
    assert all(text.get_window_extent().x1 <= figure.bbox.x1 for text in shown)


def test_a_long_film_is_drawn_in_columns_whose_mean_is_the_film_s():
    film = scanned("film", "A film", leaning={"sad": 0.5, "fear": 0.3}, duration_s=7200)
    made = replace(example_report(), scenes=(ReportScene(film),))
    figure = drawn("timeline", made)
    areas = [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]
    edges = {round(x / 48, 6) for area in areas for x, _ in area.get_path().vertices}
    assert len(edges) <= 151
    assert edges == {round(edge) for edge in edges}
    assert any("the mean of what is said in 48 s" in t.get_text() for t in figure.findobj(Text))


@pytest.mark.parametrize("kind", ["timeline", "overview", "comparison"])
def test_no_text_is_too_small_to_print(kind):
    sizes = [text.get_fontsize() for text in drawn(kind, report("A")).findobj(Text)]
    assert min(sizes) >= 6.5


def test_each_emotion_has_a_pattern_of_its_own():
    assert len(set(HATCHES.values())) == len(EMOTIONS)


def test_the_stack_is_what_was_heard():
    result = one_window()
    made = replace(example_report(), scenes=(ReportScene(result),))
    axes = drawn("timeline", made).axes[0]
    areas = [patch for patch in axes.patches if isinstance(patch, PathPatch)]
    heights = [area.get_path().get_extents() for area in areas]
    found = [box.y1 - box.y0 for box in heights]
    assert found == pytest.approx(result.windows[0].probabilities)
    assert [(box.x0, box.x1) for box in heights] == [(0.4, 2.64)] * 6


def test_a_scene_s_course_runs_from_0_to_1_and_keeps_its_silences():
    (span, *_, last) = normalised(one_window())
    assert span.start_s == pytest.approx(0.4 / 3.1)
    assert last.end_s == pytest.approx(2.64 / 3.1)


def test_the_mean_course_is_of_the_scenes_that_speak():
    sad, happy = (0.0, 0.0, 1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    mean = mean_course([[Span(0.0, 0.5, sad)], [Span(0.25, 1.0, happy)]])
    at = {round(span.start_s, 2): span.probabilities for span in mean}
    assert at[0.0] == pytest.approx(sad)
    assert at[0.4] == pytest.approx((0, 0.5, 0.5, 0, 0, 0))
    assert at[0.96] == pytest.approx(happy)
    assert mean_course([[Span(0.0, 0.04, sad)]]) == (Span(0.0, 0.04, sad),)


@pytest.mark.parametrize("lines", [1, 2, 3])
@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_wrapped_text_keeps_to_its_width_and_lines(title, lines):
    text = wrapped(title.strip(), within_in=1.5, size_pt=8, lines=lines)
    assert text.count("\n") < lines
    assert all(width_in(line, size_pt=8) <= 1.5 for line in text.split("\n"))
    if width_in(title, size_pt=8) <= 1.5:
        assert text == title.strip()
    elif lines == 1:
        assert text.endswith("\u2026")

"""A report's moments: which are chosen, and what its page shows of them."""

import hashlib
import re
from dataclasses import replace

import pytest

from tests.report.example import example_report
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.explain.scenes import MOST, choose, total_bytes, with_moments
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.html import to_html
from voxemo_scan.scan.analyse import analyse
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.task import SceneTask
from voxemo_scan.scan.voices import VoiceOptions

OPTIONS = ScanOptions(voices=VoiceOptions(tell=False))


@pytest.fixture(scope="module")
def task(spoken):
    sha256 = hashlib.sha256(spoken[0].read_bytes()).hexdigest()
    return SceneTask("a-scene", "A scene", "spoken.wav", spoken[0], sha256)


@pytest.fixture(scope="module")
def report(task, small):
    result = analyse(task, ensemble=small, options=OPTIONS)
    return replace(example_report(), scenes=(ReportScene(result),))


@pytest.fixture(scope="module")
def media(report, task, small, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOXEMO_CACHE", str(tmp_path_factory.mktemp("cache")))
        return with_moments({}, report, [task], ensemble=small, options=OPTIONS)


def test_each_emotion_held_is_explained_where_it_is_surest_and_then_turning_points():
    for scene in example_report().scenes:
        result = scene.result
        if result.status != "ok":
            continue
        chosen = choose(result)
        assert len(chosen) <= MOST
        windows = [window for window, _ in chosen]
        assert len(set(map(id, windows))) == len(windows)
        assert [w.start_s for w in windows] == sorted(w.start_s for w in windows)
        top = EMOTIONS.index(result.dominant)
        own = [w for w in result.windows if max(w.probabilities) == w.probabilities[top]]
        surest = max(own, key=lambda w: w.probabilities[top])
        assert any(window is surest for window in windows)


def test_moments_are_of_the_windows_and_verdicts_of_the_report(media, report):
    result = report.scenes[0].result
    moments = media["a-scene"].moments
    assert moments
    verdicts = {
        (round(w.start_s, 3), EMOTIONS[w.probabilities.index(max(w.probabilities))])
        for w in result.windows
    }
    for moment in moments:
        assert (moment.at_s, moment.emotion) in verdicts
        left, top, width, height = moment.box
        assert 0 <= left < left + width <= 1.001
        assert 0 <= top < top + height <= 1.001
    assert total_bytes(media) < 20_000 * len(moments)


def test_the_page_shows_them_within_its_policy(media, report):
    page = to_html(report, media)
    assert page.count('class="heat"') == len(media["a-scene"].moments)
    assert media["a-scene"].moments[0].says in page
    assert ".moments .frame" in page
    assert not re.search(r"\sstyle=", page)


def test_a_page_without_moments_carries_nothing_of_them(report):
    page = to_html(report)
    assert "moments" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_what_was_explained_is_kept(  # noqa: PLR0917
    media, report, task, small, tmp_path, monkeypatch
):
    from voxemo_scan.explain import scenes

    monkeypatch.setenv("VOXEMO_CACHE", str(tmp_path))
    first = with_moments({}, report, [task], ensemble=small, options=OPTIONS)
    assert first == media
    monkeypatch.setattr(scenes, "decode", None)  # what would fail, were it explained anew
    assert with_moments({}, report, [task], ensemble=small, options=OPTIONS) == media


def test_a_clip_that_is_gone_has_no_moments_and_stops_nothing(report, task, small, tmp_path):
    gone = replace(task, path=tmp_path / "gone.wav", sha256="")
    assert with_moments({}, report, [gone], ensemble=small, options=OPTIONS) == {}


def test_without_clips_nothing_is_explained(report: Report, small):
    assert with_moments({}, report, [], ensemble=small, options=OPTIONS) == {}

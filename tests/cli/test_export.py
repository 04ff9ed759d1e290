"""``export``: from a report that there is to the files that others' programs read."""

import json
import sys
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.report.annotations.sheets import READERS
from tests.report.annotations.test_rates import film
from tests.report.example import example_report, one_window, scanned, with_voices
from voxemo_scan.report.annotations.sheet import make_sheet
from voxemo_scan.report.document import ReportScene
from voxemo_scan.report.write import write_report

FOLDER = "reports/famous"


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = with_voices(
        scanned("told", "Told", leaning={"sad": 0.5}, duration_s=60), film="F", voices="AB"
    )
    scenes = (ReportScene(told), *example_report().scenes[3:])
    made = replace(example_report(), manifest_path="films/famous.yaml", scenes=scenes)
    write_report(made, tmp_path / FOLDER)
    return made


def files(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_all_that_is_asked_for_is_written_into_the_report_s_folder(run, report, tmp_path):
    before = files(tmp_path / FOLDER)
    code, out, err = run("export", FOLDER, "--to", "srt,TextGrid,otio", "--to", "parquet, svg")
    assert code == 0
    scenes = ("told", "one-word", "hush")
    expected = {f"captions/{s}.{e}" for s in scenes for e in ("srt", "TextGrid", "otio")}
    expected |= {"windows.parquet", "scenes.parquet"}
    expected |= {f"figures/{name}.svg" for name in (
        "overview", "comparison", "timeline-told", "timeline-one-word"
    )}  # fmt: skip
    assert files(tmp_path / FOLDER) - before == expected
    assert set(out.split()) == {f"{FOLDER}/{name}" for name in expected}
    assert f"{len(expected)} files" in err


def test_it_can_write_one_scene_elsewhere_and_say_so_as_json(run, report, tmp_path):
    arguments = ("--only", "told", "--to", "rttm", "-o", "out", "--json", "--quiet")
    code, out, err = run("export", f"{FOLDER}/report.json", *arguments)
    assert (code, err) == (0, "")
    assert json.loads(out) == {"files": ["out/captions/told.rttm"]}
    assert files(tmp_path / "out") == {"captions/told.rttm"}


def test_frames_are_those_of_fps_or_of_the_film_or_25_and_told(run, report, tmp_path):
    def first_event(*arguments):
        code, _, err = run("export", FOLDER, "--only", "one-word", "--to", "edl", *arguments)
        assert code == 0
        text = (tmp_path / FOLDER / "captions" / "one-word.edl").read_text("ascii")
        return text.splitlines()[3].split()[4:6], err

    # The scene's mark is from 0.4 s to 2.64 s.
    times, err = first_event()
    assert times == ["00:00:00:10", "00:00:02:16"]
    assert "one-word: no picture: edit marks count 25 frames a second" in err
    times, err = first_event("--fps", "23.976", "--start-timecode", "01:00:00:00")
    assert times == ["01:00:00:10", "01:00:02:15"]
    assert "no picture" not in err
    (tmp_path / "films" / "clips").mkdir(parents=True)
    film(tmp_path / "films" / "clips" / "one-word.mp4", Fraction(30_000, 1001))
    (tmp_path / "films" / "clips" / "one-word.mp4").rename(
        tmp_path / "films" / "clips" / "one-word.wav"
    )
    times, err = first_event()
    assert times == ["00:00:00;12", "00:00:02;19"]
    assert "no picture" not in err


def test_times_count_from_the_source_s_beginning_where_asked(run, report, tmp_path):
    arguments = ("--to", "audacity,rttm", "--time-base", "source")
    code, *_ = run("export", FOLDER, "--only", "told", *arguments)
    assert code == 0
    result = report.scenes[0].result
    made = make_sheet(result, name="told", created="", base="source")
    for wanted, ending in (("audacity", "audacity.txt"), ("rttm", "rttm")):
        found = READERS[wanted](tmp_path / FOLDER / "captions" / f"told.{ending}", made)
        assert found[0][0] == pytest.approx(39 + result.windows[0].start_s, abs=0.001)


def test_scenes_without_voices_have_no_rttm_and_that_is_told(run, report):
    code, out, err = run("export", FOLDER, "--to", "rttm")
    assert (code, out) == (0, f"{FOLDER}/captions/told.rttm\n")
    assert "one-word, hush: voices are not told apart: no RTTM" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--to", "docx"), "there is no 'docx'"),
        (("--to", "srt,"), "there is no ''"),
        (("--to", "edl", "--fps", "fast"), "--fps: 'fast' is no frame rate"),
        (("--to", "edl", "--fps", "25df"), "only 29.97 and 59.94"),
        (("--to", "edl", "--start-timecode", "1:00"), "--start-timecode: '1:00' is no timecode"),
        (("--to", "edl", "--fps", "24", "--start-timecode", "00:00:00:24"), "no timecode at 24"),
        (("--to", "srt", "--time-base", "film"), "'film' is no time base"),
        (("--to", "srt", "--only", "nobody"), "no scene 'nobody'"),
    ],
)
def test_what_cannot_be_used_is_told_with_exit_2(run, report, arguments, says):
    code, out, err = run("export", FOLDER, *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_a_timecode_that_only_one_film_s_rate_lacks_is_told(run, report, tmp_path):
    (tmp_path / "films" / "clips").mkdir(parents=True)
    film(tmp_path / "films" / "clips" / "one-word.avi", 24)
    (tmp_path / "films" / "clips" / "one-word.avi").rename(
        tmp_path / "films" / "clips" / "one-word.wav"
    )
    code, _, err = run("export", FOLDER, "--to", "edl", "--start-timecode", "00:00:00:24")
    assert code == 2
    assert "no timecode at 24 frames a second" in err


@pytest.mark.parametrize(("wanted", "needs"), [("parquet", "pyarrow"), ("svg", "matplotlib")])
def test_an_extra_that_is_missing_is_named_with_exit_4(run, report, monkeypatch, wanted, needs):
    from voxemo_scan.cli import console

    real = console.find_spec
    monkeypatch.setattr(console, "find_spec", lambda n: None if n == needs else real(n))
    code, _, err = run("export", FOLDER, "--to", wanted)
    assert code == 4
    assert f"{needs} is not installed" in err
    extra = {"pyarrow": "tables", "matplotlib": "figures"}[needs]
    assert f"pip install 'voxemo-scan[{extra}]'" in err


def test_captions_need_no_extra(report, tmp_path):
    import subprocess

    block = "import sys; sys.modules['matplotlib'] = sys.modules['pyarrow'] = None\n"
    words = ["voxemo-scan", "export", FOLDER, "--to", "vtt,srt,textgrid,eaf,rttm,edl,otio,csv"]
    code = f"{block}import sys; sys.argv = {words!r}\nfrom voxemo_scan.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


def test_a_report_that_is_not_there_is_told(run):
    code, _, err = run("export", "nowhere", "--to", "srt")
    assert code == 2
    assert "no report at nowhere" in err


def test_an_id_from_outside_leads_nowhere_else(run, tmp_path):
    scene = ReportScene(replace(one_window(), id="../../escaped"))
    write_report(replace(example_report(), scenes=(scene,)), tmp_path / FOLDER)
    code, out, _ = run("export", FOLDER, "--to", "srt,svg", "--quiet")
    assert (code, out) == (0, "")
    assert not list(tmp_path.glob("*escaped*")) + list((tmp_path / "reports").glob("*escaped*"))
    assert (tmp_path / FOLDER / "figures" / "timeline-escaped.svg").is_file()

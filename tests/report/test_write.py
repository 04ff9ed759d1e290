"""The files of a report, together."""

from __future__ import annotations

import os
import time
from dataclasses import replace

from tests.report.example import example_report, one_window, scanned
from voxemo_scan.atomic import write_atomic
from voxemo_scan.report.document import ReportScene
from voxemo_scan.report.json_file import read_report
from voxemo_scan.report.write import write_report


def test_a_report_has_all_its_files_and_no_other(tmp_path):
    paths = write_report(example_report(), folder=tmp_path)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    captions = ("a-few-good-men", "steel-magnolias", "elf", "one-word", "hush")
    names = {f"captions/{name}.vtt" for name in captions}
    tables = {"windows.csv", "scenes.csv"}
    pages = {"report.json", "report.md", "report.html"}
    assert found == names | tables | pages | {".files.sha256"} == set(paths)
    assert read_report(tmp_path) == example_report()


def test_captions_of_scenes_that_are_gone_go_but_no_file_of_others_does(tmp_path):
    write_report(example_report(), folder=tmp_path)
    foreign = tmp_path / "captions" / "mine.vtt"
    foreign.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nmy own subtitles\n")
    write_report(replace(example_report(), scenes=(ReportScene(one_window()),)), folder=tmp_path)
    left = sorted(path.name for path in (tmp_path / "captions").iterdir())
    assert left == ["mine.vtt", "one-word.vtt"]


def test_an_id_cannot_leave_the_folder(tmp_path):
    scene = ReportScene(replace(one_window(), id="../../escaped"))
    write_report(replace(example_report(), scenes=(scene,)), folder=tmp_path / "a" / "b")
    assert [path.name for path in (tmp_path / "a" / "b" / "captions").iterdir()] == ["escaped.vtt"]
    assert not list(tmp_path.glob("*.vtt")) + list(tmp_path.glob("a/*.vtt"))


def test_a_title_that_is_no_valid_unicode_breaks_no_file(tmp_path):
    scene = ReportScene(replace(one_window(), title="caf\udce9.wav", source="caf\udce9.wav"))
    report = replace(example_report(), scenes=(scene,))
    for path in write_report(report, folder=tmp_path).values():
        path.read_text(encoding="utf-8")
    assert read_report(tmp_path) == report


def test_sixty_scenes_are_written_in_seconds(tmp_path):
    template = scanned("s", "S", leaning={"sad": 0.4}, duration_s=150)
    scenes = tuple(ReportScene(replace(template, id=f"s-{n}")) for n in range(60))
    began = time.perf_counter()
    write_report(replace(example_report(), scenes=scenes), folder=tmp_path)
    assert time.perf_counter() - began < 10


def test_writing_replaces_whole_files_and_leaves_no_temporary_one(tmp_path):
    path = tmp_path / "deep" / "file.txt"
    write_atomic(path, "old")
    with path.open() as reader:
        assert write_atomic(path, "néw") == path
        assert reader.read() == "old"
    assert path.read_bytes() == "néw".encode()
    assert [entry.name for entry in path.parent.iterdir()] == ["file.txt"]


def test_a_file_that_cannot_be_replaced_leaves_no_temporary_one(tmp_path):
    (tmp_path / "taken" / "inner").mkdir(parents=True)
    try:
        write_atomic(tmp_path / "taken", b"x")
    except OSError:
        left = [entry.name for entry in tmp_path.iterdir()]
    assert left == ["taken"]


def test_files_can_be_read_by_whom_the_umask_lets(tmp_path):
    before = os.umask(0o027)
    try:
        path = write_atomic(tmp_path / "file.txt", b"x")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_has_not_changed_is_left_as_it_is(tmp_path):
    paths = write_report(example_report(), folder=tmp_path)
    before = {name: path.stat().st_ino for name, path in paths.items()}
    changed = replace(example_report(), created="2031-01-01T00:00:00+00:00")
    after = {n: p.stat().st_ino for n, p in write_report(changed, folder=tmp_path).items()}
    new = {name for name in before if before[name] != after[name]}
    assert "report.json" in new
    assert not any(name.startswith("captions/") or name.endswith(".csv") for name in new)
    assert read_report(tmp_path) == changed

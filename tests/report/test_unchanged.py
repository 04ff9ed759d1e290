"""A report that would come out as it is is not written again; any other is."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.report.example import example_report
from voxemo_scan.report.unchanged import NOTE_NAME, made_of, note_made, unchanged_since
from voxemo_scan.report.write import write_report
from voxemo_scan.scan.task import SceneTask

TASK = SceneTask(id="a", title="A", source="a.wav", path=Path("a.wav"), sha256="0" * 64)


@pytest.fixture
def report():
    return example_report()


@pytest.fixture
def written(report, tmp_path):
    key = made_of(report, [TASK], settings=[1])
    note_made(tmp_path, key, write_report(report, tmp_path), created=report.created)
    return tmp_path, key


def test_the_same_report_is_unchanged_at_another_date(report, written):
    folder, key = written
    later = made_of(replace(report, created="2031-01-01T00:00:00Z"), [TASK], settings=[1])
    assert later == key
    assert unchanged_since(folder, later) == report.created


def test_whatever_goes_into_it_makes_another(report):
    first, *others = report.scenes
    renamed = replace(first, result=replace(first.result, title="B"))
    keys = {
        made_of(report, [TASK], settings=[1]),
        made_of(report, [TASK], settings=[2]),
        made_of(report, [replace(TASK, sha256="1" * 64)], settings=[1]),
        made_of(report, [replace(TASK, start_s=1.0)], settings=[1]),
        made_of(replace(report, version="9"), [TASK], settings=[1]),
        made_of(replace(report, scenes=(*others, first)), [TASK], settings=[1]),
        made_of(replace(report, scenes=(renamed, *others)), [TASK], settings=[1]),
    }
    assert len(keys) == 7


def test_a_file_that_was_touched_or_removed_is_written_again(written):
    folder, key = written
    page = folder / "report.md"
    text = page.read_text("utf-8")
    page.write_text(text + "mine", encoding="utf-8")
    assert not unchanged_since(folder, key)
    page.write_text(text, encoding="utf-8")
    assert unchanged_since(folder, key)
    (folder / "windows.csv").unlink()
    assert not unchanged_since(folder, key)


@pytest.mark.parametrize(
    "note", ["", "# made of nothing\n", "{key}\n", "{key}\n{sha}  ../../etc/passwd\n", "{key}\nx\n"]
)
def test_a_note_that_is_not_ours_is_not_believed(written, note):
    folder, key = written
    text = note.format(key=f"# made of {key} on 2026-01-01", sha="0" * 64)
    (folder / NOTE_NAME).write_text(text, encoding="utf-8")
    assert not unchanged_since(folder, key)


def test_an_empty_folder_is_changed(tmp_path):
    assert not unchanged_since(tmp_path, "0" * 64)

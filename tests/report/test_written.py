"""Files of earlier reports are taken away when they are ours and as we wrote them."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from tests.report.example import example_report, one_window
from voxemo_scan.report.annotations.files import AnnotationOptions
from voxemo_scan.report.document import ReportScene
from voxemo_scan.report.extras import Extras
from voxemo_scan.report.write import write_extras, write_report
from voxemo_scan.report.written import LIST_NAME, read_list

MANY = Extras(AnnotationOptions(("vtt", "srt", "otio")), ("csv", "parquet"), ("svg",))


def files(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def small():
    return replace(example_report(), scenes=(ReportScene(one_window()),))


def test_what_a_later_report_does_not_write_goes_with_its_folder(tmp_path):
    write_report(example_report(), tmp_path, extras=MANY)
    assert {"captions/elf.srt", "figures/overview.svg", "scenes.parquet"} <= files(tmp_path)
    write_report(small(), tmp_path)
    assert files(tmp_path) == {
        "report.json", "report.md", "report.html", "windows.csv", "scenes.csv",
        "captions/one-word.vtt", LIST_NAME,
    }  # fmt: skip
    assert not (tmp_path / "figures").exists()


def test_what_is_not_ours_or_was_changed_stays(tmp_path):
    write_report(example_report(), tmp_path, extras=MANY)
    (tmp_path / "captions" / "mine.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nmine\n")
    changed = tmp_path / "captions" / "elf.srt"
    changed.write_text(changed.read_text("utf-8") + "\nmy own remark\n", "utf-8")
    write_report(small(), tmp_path)
    left = {path.name for path in (tmp_path / "captions").iterdir()}
    assert left == {"mine.srt", "elf.srt", "one-word.vtt"}


def test_what_was_exported_later_is_listed_too(tmp_path):
    write_report(small(), tmp_path)
    write_extras(small(), tmp_path, extras=Extras(AnnotationOptions(("srt",)), (), ()))
    assert "captions/one-word.srt" in read_list(tmp_path)
    write_report(small(), tmp_path)
    assert "captions/one-word.srt" not in files(tmp_path)


def test_an_export_elsewhere_leaves_nothing_but_its_files(tmp_path):
    write_extras(small(), tmp_path, extras=Extras(AnnotationOptions(("srt",)), (), ()))
    assert files(tmp_path) == {"captions/one-word.srt"}


def test_the_list_is_one_that_sha256sum_checks(tmp_path):
    write_report(example_report(), tmp_path, extras=MANY)
    check = ["sha256sum", "--check", "--strict", "--quiet", LIST_NAME]
    ended = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "name", ["../outside.txt", "captions/../../outside.txt", "/etc/outside.txt", "a/b/c.txt"]
)
def test_a_list_can_name_no_file_outside_of_its_folder(tmp_path, name):
    folder = tmp_path / "report"
    outside = tmp_path / "outside.txt"
    outside.write_text("precious")
    write_report(small(), folder)
    from hashlib import sha256

    digest = sha256(b"precious").hexdigest()
    (folder / LIST_NAME).write_text(f"{digest}  {name}\n")
    write_report(small(), folder)
    assert outside.read_text() == "precious"


def test_a_link_is_left_alone(tmp_path):
    write_report(example_report(), tmp_path / "report")
    caption = tmp_path / "report" / "captions" / "elf.vtt"
    moved = caption.rename(tmp_path / "kept.vtt")
    caption.symlink_to(moved)
    write_report(small(), tmp_path / "report")
    assert caption.is_symlink()
    assert moved.exists()

"""A dropped file is heard as `voxemo-scan listen` hears it, and saved as that saves it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from tests.report.example import example_report, with_voices
from tests.support.browser import until
from tests.support.media import write_wav
from tests.web.browser.conftest import MODEL, SCENES
from tests.web.browser.steps import drop, shares, tab_to
from voxemo_scan.report.annotations.sheet import make_sheet
from voxemo_scan.report.annotations.vtt import to_vtt
from voxemo_scan.report.json_file import to_json
from voxemo_scan.report.tables.csv_file import to_csv
from voxemo_scan.report.tables.windows import windows_table
from voxemo_scan.report.themed import themed

LIGHTHOUSE = SCENES / "the-lighthouse.opus"


def test_a_dropped_file_has_the_shares_that_the_command_line_says(open_page, tmp_path):
    page = open_page()
    drop(page, LIGHTHOUSE)
    told = subprocess.run(
        [sys.executable, "-m", "voxemo_scan", "listen", str(LIGHTHOUSE), "--json", "-q", *MODEL],
        capture_output=True, text=True, check=True,
        env=os.environ | {"VOXEMO_CACHE": str(tmp_path)},
    )  # fmt: skip
    scene = json.loads(told.stdout)["recordings"][0]
    assert shares(page.locator(".result")) == pytest.approx(scene["shares"], abs=1e-9)
    strongest = page.locator(".shares tbody tr").first
    low, high = scene["share_ci"][scene["dominant"]]
    assert strongest.inner_text().split()[0] == scene["dominant"]
    assert f"{low * 100:.0f}\u2013{high * 100:.0f}" in strongest.inner_text()
    with page.expect_download() as saved:
        page.get_by_role("button", name="JSON").click()
    kept = json.loads(saved.value.path().read_text("utf-8"))["recordings"][0]
    assert saved.value.suggested_filename == "the-lighthouse.json"
    assert kept["windows"] == scene["windows"]


def test_a_moment_of_the_course_is_chosen_and_played(open_page):
    page = open_page()
    drop(page, LIGHTHOUSE)
    until(page, "document.querySelector('.wave').width > 300")
    page.get_by_text("The course in words").click()
    line = page.locator(".words li").nth(1)
    start = page.locator(".words li").count()
    assert start > 2
    line.get_by_role("button").click()
    until(page, "document.querySelector('audio').currentTime > 1")
    assert line.inner_text().split()[1] in page.locator(".readout").inner_text()


def test_a_file_is_chosen_by_keyboard(open_page):
    page = open_page()
    with page.expect_file_chooser() as chooser:
        tab_to(page, "e.id === 'file'")
        page.keyboard.press("Enter")
    chooser.value.set_files(LIGHTHOUSE)
    page.locator(".result").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "the-lighthouse.opus"


def test_silence_is_told_to_be_no_speech(open_page, tmp_path):
    page = open_page()
    drop(page, write_wav(tmp_path / "hush.wav", np.zeros(32_000)))
    assert "No speech was heard." in page.locator(".result").inner_text()
    assert page.locator(".shares").count() == 0


def test_what_is_no_recording_is_refused_in_words(open_page, tmp_path):
    page = open_page()
    notes = tmp_path / "notes.txt"
    notes.write_text("no sound in here\n" * 400, "utf-8")
    page.set_input_files("#file", notes)
    trouble = page.locator(".trouble, .result .notice")
    trouble.wait_for()
    page.refusals.update({400, 415, 422})
    assert len(trouble.inner_text()) > 30
    assert "undefined" not in trouble.inner_text()
    assert page.locator(".shares").count() == 0


def test_a_file_that_is_too_large_is_not_even_sent(open_page):
    page = open_page()
    limit = page.evaluate("fetch('/api/v1/info').then(told => told.json())")["limits"]["bytes"]
    page.evaluate(CHOOSE, ["film.mkv", limit + 1])
    page.get_by_role("alert").wait_for()
    assert "film.mkv has" in page.get_by_role("alert").inner_text()
    assert [url for url in page.foreign if url.endswith("/listen")] == []


CHOOSE = """([name, size]) => {
    const held = new DataTransfer();
    held.items.add(new File([new Uint8Array(size)], name));
    const input = document.getElementById("file");
    input.files = held.files;
    input.dispatchEvent(new Event("change"));
}"""


@pytest.mark.parametrize(("status", "words"), [(413, "larger"), (429, "Try again in 7 s")])
def test_a_server_that_refuses_is_quoted_with_what_to_do(open_page, status, words):
    page = open_page()
    page.refusals.add(status)
    answer = {"status": status, "headers": {"Retry-After": "7"}, "body": "{}"}
    page.route("**/api/v1/listen", lambda route: route.fulfill(**answer))
    page.set_input_files("#file", LIGHTHOUSE)
    page.get_by_role("alert").wait_for()
    assert words in page.get_by_role("alert").inner_text()
    again = page.get_by_role("button", name="Try again")
    assert again.count() == (1 if status == 429 else 0)
    if status == 429:
        page.unroute("**/api/v1/listen")
        again.click()
        page.locator(".result").wait_for()


def test_only_what_is_asked_for_is_kept(open_page, served):
    page = open_page()
    drop(page, LIGHTHOUSE)
    assert "Not kept so far." in page.locator(".keeping").inner_text()
    page.get_by_role("button", name="Keep it in the folder kept").click()
    page.get_by_text("Kept in kept.").wait_for()


def test_tables_and_captions_are_those_of_a_report(open_page):
    page = open_page()
    report = example_report()
    heard = [scene for scene in report.scenes if scene.result.status == "ok"]
    heard.append(replace(heard[0], result=with_voices(heard[0].result, film="film")))
    assert heard[-1].result.turns
    for scene in heard:
        result = scene.result
        told = to_json(replace(report, scenes=(scene,)))["scenes"][0]
        csv, vtt = page.evaluate(
            """async ([scene, id, title]) => {
                const { toCsv, toVtt } = await import("/static/downloads.js");
                return [toCsv(scene, id), toVtt(scene, title)];
            }""",
            [told, result.id, result.title],
        )
        assert csv == to_csv(windows_table(replace(report, scenes=(scene,))))
        sheet = make_sheet(result, name=result.id, created=report.created)
        assert vtt.splitlines()[4:] == to_vtt(sheet).splitlines()[4:]


def test_the_colours_are_the_report_s(served, open_page):
    page = open_page()
    style = page.evaluate("fetch('/static/palette.css').then(told => told.text())")
    assert style == themed("")

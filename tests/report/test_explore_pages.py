"""Pages of what was explored, in a real browser with the network cut."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.explore.conftest import tones
from tests.explore.test_pictures import NASTY, surveyed
from tests.support.axe import grave_faults
from voxemo_scan.explore.recording import measure
from voxemo_scan.explore.write import write_corpus, write_recording

__all__ = ["surveyed", "tones"]  # fixtures


@pytest.fixture(scope="module")
def sound(spoken):
    return measure(spoken[0])


@pytest.fixture
def open_page(browser):
    contexts = []

    def opened(path, *, width=1440, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("dialog", lambda dialog: (page.faults.append("dialog"), dialog.dismiss()))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


SOURCE = "document.querySelector('img').currentSrc"


def test_a_page_opens_offline_shows_its_picture_and_plays(sound, tmp_path, open_page):
    path = write_recording(replace(sound, path=sound.path), tmp_path / "a.html")
    assert "<script" not in path.read_text()
    sources = {
        (width, scheme): open_page(path, width=width, scheme=scheme).evaluate(SOURCE)
        for width in (1440, 390)
        for scheme in ("light", "dark")
    }
    assert len(set(sources.values())) == 4
    page = open_page(path, width=390)
    assert page.faults == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("document.querySelector('img').naturalWidth") > 300
    page.wait_for_function("document.querySelector('audio').readyState >= 1")
    assert page.evaluate("document.querySelector('audio').duration") == pytest.approx(
        sound.duration_s, abs=0.1
    )


def test_a_page_shows_hostile_names_as_text(surveyed, tmp_path, open_page):
    found, example, heard = surveyed
    example = replace(example, clip=NASTY, speaker=NASTY)
    nasty = replace(found, name=NASTY)
    path = write_corpus(nasty, tmp_path / "a.html", example=example, sound=heard)
    assert not re.search(r"<script|\son[a-z]+=", path.read_text())
    page = open_page(path)
    assert page.faults == []
    assert page.locator("h1").inner_text().startswith("$\\alpha_1$ <script>")


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_serious(sound, tmp_path, open_page, width):
    path = write_recording(sound, tmp_path / "a.html")
    assert grave_faults(open_page(path, width=width)) == []

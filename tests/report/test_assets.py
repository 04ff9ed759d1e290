"""What the page carries: the waveform library as it was published, with its licence."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

from voxemo_scan.report.assets import assets

FOLDER = files("voxemo_scan.report").joinpath("vendor/wavesurfer")


def test_the_library_is_the_one_that_its_record_names():
    record = FOLDER.joinpath("README.md").read_text("utf-8")
    code = FOLDER.joinpath("wavesurfer.min.js").read_bytes()
    assert re.search(r"sha256 ([0-9a-f]{64})", record)[1] == hashlib.sha256(code).hexdigest()
    assert re.search(r"wavesurfer\.js 7\.\d+\.\d+", record)


def test_a_sounding_page_carries_the_library_under_its_whole_licence_and_others_do_not():
    licence = FOLDER.joinpath("LICENSE").read_text("utf-8")
    library, *ours = assets(sounding=True).scripts
    assert licence in library
    assert len(ours) == 3
    assert list(assets(sounding=False).scripts) == ours


def test_no_script_could_end_its_element_and_none_asks_for_anything():
    for script in assets(sounding=True).scripts:
        assert not re.search(r"</?script|<!--", script, re.IGNORECASE)
    for script in assets(sounding=False).scripts:
        assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|import|eval|innerHTML)\b", script)

"""A comparison as JSON, as Markdown, as a page and on the terminal."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from importlib.resources import files

import cmarkgfm
import jsonschema
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tests.report.compare.pair import (
    between,
    compared,
    lively_pair,
    numbered,
    patient,
    report,
    scene,
)
from tests.report.example import HOSTILE, example_report
from tests.support.axe import grave_faults
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.report.compare.gate import hold
from voxemo_scan.report.compare.html import to_html
from voxemo_scan.report.compare.json_file import to_json
from voxemo_scan.report.compare.markdown import to_markdown
from voxemo_scan.report.compare.terminal import changes_table, differences_table, remarks
from voxemo_scan.report.compare.write import write_comparison
from voxemo_scan.report.json_file import encode
from voxemo_scan.text import clean

SCHEMA = json.loads(
    files("voxemo_scan.report.compare").joinpath("comparison.schema.json").read_text()
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.fixture
def lively():
    found = compared(*lively_pair())
    return found, hold(found, max_drift=0.05)


def hostile():
    """A pair whose every text from outside is an attack."""
    worst = replace(example_report().scenes[0].result, id=HOSTILE, title=HOSTILE, source=HOSTILE)
    scenes = [replace(example_report().scenes[0], result=worst, verdict="passed")]
    scenes.append(scene("x", status="failed"))
    scenes[1] = replace(scenes[1], result=replace(scenes[1].result, error=HOSTILE, title=HOSTILE))
    old = report(*scenes, manifest_name=HOSTILE, created=HOSTILE, version=HOSTILE)
    moved = replace(worst, source=f"{HOSTILE}2")
    new = replace(
        old,
        scenes=(replace(scenes[0], result=moved, verdict="failed"), scenes[1]),
        model=ModelInfo(HOSTILE, HOSTILE, {HOSTILE: HOSTILE}),
        parameters={HOSTILE: HOSTILE},
    )
    found = compared(old, new)
    return found, hold(found, max_drift=0.05)


@patient
@given(st.tuples(numbered, numbered), st.none() | st.floats(0, 1))
def test_every_pair_of_reports_can_be_told_in_every_form(pair, allowed):
    found = compared(*pair)
    gate = hold(found, max_drift=allowed)
    VALIDATOR.validate(json.loads(encode(to_json(found, gate))))
    assert to_html(found, gate).startswith("<!doctype html>")
    assert to_markdown(found, gate).startswith("# ")


def test_the_schema_is_valid_and_turns_down_what_departs_from_it(lively):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    value = json.loads(encode(to_json(*lively)))
    assert VALIDATOR.is_valid(value)
    del value["scenes"][0]["changes"]["sad"]
    assert not VALIDATOR.is_valid(value)


def test_json_says_all_of_it_unrounded(lively):
    found, gate = lively
    value = to_json(found, gate)
    assert value["drift"] == found.drift
    assert value["drift_at"]["scene"] == "steel-magnolias"
    assert (value["exit_code"], value["max_drift"]) == (3, 0.05)
    states = {item["id"]: item["state"] for item in value["scenes"]}
    assert states == {
        "a-few-good-men": "measured", "steel-magnolias": "measured", "elf": "newly-failed",
        "one-word": "speech-lost", "pulp-fiction": "mended", "new": "added", "hush": "removed",
    }  # fmt: skip
    change = value["scenes"][0]["changes"]["angry"]
    assert change["change"] == change["new"] - change["old"]


def rendered(markdown):
    return cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)


def test_markdown_has_the_outcome_the_summary_and_each_scene(lively):
    page = rendered(to_markdown(*lively))
    assert page.count("<table>") == 3 + 2  # runs, summary, differences; two measured scenes
    text = re.sub(r"<[^>]+>", "", page)
    assert "Drift 49.6 points (sad in Steel Magnolias" in text
    assert "passed \u2192 failed" in text
    assert "angry 40 % \u2192 47 % (+7.2)" in text
    assert "Not analysed. gone" in text


def test_markdown_lets_nothing_from_outside_come_alive():
    page = rendered(to_markdown(*hostile()))
    elements = {name.lower() for name in re.findall(r"<([a-z][a-z0-9]*)", page)}
    assert elements <= {
        "h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "strong", "ul", "li",
    }  # fmt: skip


def test_nothing_differs_is_said(lively):
    found = between(scene(), scene())
    assert "program, model, weights, options and manifest are the same" in to_markdown(
        found, hold(found)
    )


@pytest.fixture
def open_page(browser, tmp_path):
    contexts = []

    def opened(text, *, width=1440, scheme="light"):
        path = tmp_path / "comparison.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.faults, page.requests = [], []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("dialog", lambda dialog: (page.faults.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [320, 390, 900, 1440])
def test_the_page_opens_offline_at_every_width_without_a_fault(open_page, lively, width):
    page = open_page(to_html(*lively), width=width)
    assert page.faults == []
    assert [url.split("/")[-1] for url in page.requests] == ["comparison.html"]
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_page_has_a_ring_at_the_old_share_and_a_dot_at_the_new_one(open_page, lively):
    page = open_page(to_html(*lively))
    found = lively[0].scenes[0]
    at = page.eval_on_selector_all(
        "#scene-a-few-good-men .move",
        "all => all.map(s => [...s.querySelectorAll('circle')].map("
        "c => c.cx.baseVal.value / s.getBoundingClientRect().width))",
    )
    assert [pair[0] for pair in at] == pytest.approx([m.old for m in found.moves], abs=1e-3)
    assert [pair[1] for pair in at] == pytest.approx([m.new for m in found.moves], abs=1e-3)


def test_a_scene_is_reached_from_the_overview(open_page, lively):
    page = open_page(to_html(*lively))
    page.get_by_role("link", name="A Few Good Men").click()
    assert page.url.endswith("#scene-a-few-good-men")
    assert "passed \u2192 failed" in page.locator("#scene-a-few-good-men").inner_text()


def test_the_page_shows_hostile_text_as_text_and_runs_nothing(open_page):
    text = to_html(*hostile())
    assert "<script" not in text
    assert not re.search(r"\sstyle=|\son[a-z]+=", re.sub(r'"[^"]*"', '""', text))
    page = open_page(text)
    assert page.faults == []
    assert page.locator("h1").inner_text() == clean(HOSTILE)
    links = page.eval_on_selector_all("a", "links => links.map(link => link.protocol)")
    assert set(links) == {"file:"}


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page, lively, width, scheme):
    assert grave_faults(open_page(to_html(*lively), width=width, scheme=scheme)) == []


def shown(table, width=80):
    console = Console(file=io.StringIO(), width=width)
    console.print(table)
    return console.file.getvalue()


@pytest.mark.parametrize("make", [changes_table, differences_table])
def test_a_table_fits_eighty_columns_and_loses_no_word(make, lively):
    text = shown(make(lively[0]))
    assert max(len(line) for line in text.splitlines()) <= 80
    words = {w for w in shown(make(lively[0]), 300).split() if len(w) < 11 and "\u2500" not in w}
    assert words
    assert not [word for word in words if word not in text]


def test_the_terminal_names_what_moved_and_leaves_small_changes_out(lively):
    lines = [" ".join(line.split()) for line in shown(changes_table(lively[0]), 200).splitlines()]
    assert "A Few Good Men angry 40 % 47 % +7.2 within passed \u2192 failed" in lines
    assert not any(line.startswith("neutral") for line in lines)
    assert "ELF no longer analysed known failure \u2192 no result" in lines


def test_remarks_say_why_a_scene_failed_and_what_else_was_heard():
    old, new = lively_pair()
    assert "elf: no longer analysed: gone" in remarks(compared(old, new))
    moved = replace(new.scenes[0].result, source="other.wav")
    found = between(new.scenes[0], replace(new.scenes[0], result=moved))
    (line,) = remarks(found)
    assert "The runs heard different sound: source" in line
    assert "other.wav" in line


def test_the_files_are_written_together(tmp_path, lively):
    paths = write_comparison(*lively, tmp_path / "deep")
    assert set(paths) == {"comparison.html", "comparison.md", "comparison.json"}
    assert {p.name for p in (tmp_path / "deep").iterdir()} == set(paths)
    VALIDATOR.validate(json.loads(paths["comparison.json"].read_text()))

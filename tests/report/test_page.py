"""The page, in a real browser with the network cut."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace

import pytest

from tests.report.example import HOSTILE, example_report, scanned, with_voices
from voxemo_scan.report.document import ReportScene
from voxemo_scan.report.html import to_html
from voxemo_scan.report.palette import DARK, LIGHT
from voxemo_scan.text import clean


def colour(page, selector, name="fill"):
    return page.eval_on_selector(selector, f"element => getComputedStyle(element).{name}")


def rgb(hexadecimal):
    return "rgb({}, {}, {})".format(*(int(hexadecimal[at : at + 2], 16) for at in (1, 3, 5)))


def test_the_page_opens_offline_alone_without_a_fault_and_its_style_holds(open_page):
    page = open_page(example_report())
    assert page.faults == []
    assert [url.split("/")[-1] for url in page.requests] == ["report.html"]
    assert colour(page, ".overview .e-angry") == rgb(LIGHT.emotions["angry"])
    assert page.title() == "Famous scenes: the emotion in the voices"


def test_the_policy_names_every_script_and_style_by_its_hash_and_there_is_no_other():
    text = to_html(example_report())
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1])
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    held = {
        name: {hashed(block) for block in re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)}
        for name in ("script", "style")
    }
    assert len(held["script"]) == 3
    assert set(rules["script-src"].split()) == held["script"]
    assert set(rules["style-src"].split()) == held["style"]
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert rules["media-src"] == "data: blob:"
    assert "connect-src" not in rules
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"\sstyle=|\son[a-z]+=", re.sub(r'"[^"]*"', '""', bare))


def hashed(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_hostile_text_is_text_wherever_it_stands(open_page):
    report = example_report()
    worst = replace(
        report.scenes[0].result,
        title=HOSTILE, source=HOSTILE, film=HOSTILE, id=HOSTILE,
    )  # fmt: skip
    checks = tuple(replace(c, expected=HOSTILE, found=HOSTILE) for c in report.scenes[0].checks)
    failed = replace(report.scenes[4].result, error=HOSTILE, remedy=HOSTILE)
    scenes = (
        ReportScene(worst, checks, "known-failure", known_failure=HOSTILE),
        ReportScene(failed),
        *report.scenes,
    )
    model = replace(report.model, name=HOSTILE, version=HOSTILE, sha256={HOSTILE: HOSTILE})
    page = open_page(
        replace(
            report,
            manifest_name=HOSTILE, manifest_path=HOSTILE, version=HOSTILE, created=HOSTILE,
            model=model, parameters={HOSTILE: HOSTILE}, scenes=scenes,
        )
    )  # fmt: skip
    assert page.faults == []
    assert page.locator("h1").inner_text() == clean(HOSTILE)
    assert page.locator(".scene h2").first.inner_text() == clean(HOSTILE)
    data = page.eval_on_selector_all("script.data", "all => all.map(s => s.textContent)")
    assert all("<" not in text and "length" in json.loads(text) for text in data)
    assert page.locator("script:not(.data)").count() == 3
    links = page.eval_on_selector_all("a", "links => links.map(link => link.protocol)")
    assert set(links) <= {"file:", "https:"}


@pytest.mark.parametrize("width", [390, 900, 993, 1440])
def test_no_width_makes_the_page_scroll_sideways(open_page, width):
    page = open_page(example_report(), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_nothing_sticks_out_of_a_phone(open_page):
    page = open_page(example_report(), width=320)
    outside = page.evaluate("""() => [...document.querySelectorAll("body *")]
        .filter(e => !e.closest("svg") && !e.closest(".unseen"))
        .filter(e => e.getBoundingClientRect().right > 320.5)
        .map(e => e.outerHTML.slice(0, 80))""")
    assert outside == []


@pytest.mark.parametrize(("scheme", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_the_page_follows_the_readers_light_or_dark(open_page, scheme, theme):
    page = open_page(example_report(), scheme=scheme)
    assert colour(page, "body", "backgroundColor") == rgb(theme.paper)
    assert colour(page, "body", "color") == rgb(theme.ink)
    assert colour(page, ".overview .e-fear") == rgb(theme.emotions["fear"])


def test_a_share_bar_is_as_wide_as_its_shares(open_page):
    page = open_page(example_report())
    result = example_report().scenes[0].result
    widths = page.eval_on_selector_all(
        ".overview tr:nth-child(1) .sharebar:not(.thin) rect",
        "all => all.map(r => r.width.baseVal.value)",
    )
    total = page.locator(".overview tr:nth-child(1) .sharebar").first.bounding_box()["width"]
    assert [width / total for width in widths] == pytest.approx(
        list(result.shares.values()), abs=1e-3
    )


def test_each_scene_is_reached_from_the_overview_and_says_how_it_went(open_page):
    page = open_page(example_report())
    page.get_by_role("link", name="Elf").click()
    assert page.url.endswith("#scene-elf")
    section = page.locator("#scene-elf")
    assert (
        section.locator(".listing")
        .inner_text()
        .startswith("Sad\u00a040\u00a0%, fear\u00a031\u00a0%")
    )
    assert "Known failure: The clip's laughter is taken for sobbing." in section.inner_text()
    failed = page.locator("#scene-pulp-fiction").inner_text()
    assert "The address answered 404 Not Found." in failed
    assert "What to do: Check the address in a browser" in failed
    assert "No speech was found in 0:42 of sound" in page.locator("#scene-hush").inner_text()


def test_figures_are_named_for_those_who_cannot_see_them(open_page):
    page = open_page(example_report())
    images = page.get_by_role("img").all()
    names = [image.get_attribute("aria-label") for image in images]
    assert len(names) >= 3 * 4
    assert all(names)
    assert any(name.startswith("Timeline of Elf: Sad\u00a040") for name in names)


def test_a_long_report_opens_quickly(open_page):
    template = scanned("s", "S", leaning={"sad": 0.4}, duration_s=150)
    hour = scanned("hour", "An hour", leaning={"sad": 0.4}, duration_s=4700)
    scenes = [ReportScene(replace(template, id=f"s-{n}", title=f"Scene {n}")) for n in range(60)]
    page = open_page(replace(example_report(), scenes=(ReportScene(hour), *scenes)))
    timing = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert timing < 5000
    assert page.locator(".scene").count() == 61


def film_of_two():
    scenes = [
        with_voices(scanned(f"s{n}", f"Scene {n}", leaning={"sad": 0.5}, duration_s=120, seed=n),
                    film="A film", voices=voices)
        for n, voices in ((1, "ABC"), (2, "CD"))
    ]  # fmt: skip
    return replace(example_report(), scenes=tuple(ReportScene(scene) for scene in scenes))


@pytest.mark.parametrize("width", [1440, 390])
def test_voices_have_rows_and_lanes_and_say_where_else_they_are_heard(open_page, width):
    page = open_page(film_of_two(), width=width)
    assert page.faults == []
    assert page.locator("#scene-s1 .row.lane").count() == 3
    assert page.locator("#scene-s1 .speakers tbody tr").count() == 3
    row = page.locator("#scene-s1 .speakers tbody tr", has_text="Voice C")
    assert "also in Scene 2" in row.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for lane in page.locator(".row.lane .label").all():
        assert lane.bounding_box()["x"] >= 0
    assert page.locator("#scene-s1 .row.lane .label").first.inner_text() == "Voice C"


def test_voices_that_are_not_told_apart_are_missed_with_a_reason(open_page):
    base = scanned("a", "A", leaning={"sad": 0.5}, duration_s=60)
    report = replace(
        example_report(), scenes=(ReportScene(replace(base, untold="too unsure who speaks when")),)
    )
    page = open_page(report)
    assert "Voices are not told apart: too unsure who speaks when." in page.inner_text("#scene-a")
    assert page.locator(".speakers").count() == 0

"""Every view held against axe-core's rules and phone width, light and dark."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tests.support.browser import until
from tests.web.browser.conftest import SCENES
from tests.web.browser.steps import drop, scrolls_sideways

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SETTLED = {
    "listen": ".record",
    "clips": ".card",
    "compare": "option[value^=clip]",
    "library": ".report",
    "run": ".scans > *",
}


@pytest.fixture(scope="module")
def axe():
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def grave(page, axe):
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    assert len(found["passes"]) > 15
    return [
        (finding["id"], node["html"][:150], node["failureSummary"])
        for finding in found["violations"]
        for node in finding["nodes"]
        if finding["impact"] in {"serious", "critical", "moderate"}
    ]


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_views_are_accessible_and_fit_a_phone(open_page, axe, width, scheme):
    page = open_page("run", width=width, scheme=scheme)
    for view, settled in SETTLED.items():
        page.locator(f"nav a[href='#{view}']").click()
        page.locator(settled).first.wait_for(state="attached")
        until(page, f"location.hash === '#{view}' && document.activeElement.tagName === 'H1'")
        assert (view, grave(page, axe)) == (view, [])
        assert not scrolls_sideways(page)


def test_a_result_is_accessible_and_fits_a_phone(open_page, axe):
    page = open_page(width=390)
    drop(page, SCENES / "the-lighthouse.opus")
    page.get_by_text("The course in words").click()
    page.get_by_text("How it looks").click()
    page.locator(".picture").first.wait_for()
    assert grave(page, axe) == []
    assert not scrolls_sideways(page)


def test_a_comparison_fits_a_phone(open_page, axe):
    page = open_page("compare", width=390)
    page.locator("option", has_text="The Last Train").first.wait_for(state="attached")
    page.get_by_label("Left").select_option(label="The Lighthouse")
    page.get_by_label("Right").select_option(label="The Last Train")
    page.locator(".against table").wait_for()
    assert grave(page, axe) == []
    assert not scrolls_sideways(page)


def test_the_recording_booth_is_accessible(open_page, axe):
    page = open_page(width=390)
    page.get_by_role("button", name="Record").click()
    page.locator(".meter").wait_for()
    assert grave(page, axe) == []
    assert not scrolls_sideways(page)


def test_axe_would_find_a_field_without_a_label(open_page, axe):
    page = open_page("library")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.querySelector('input').removeAttribute('placeholder')")
    assert "label" in {finding[0] for finding in grave(page, axe)}

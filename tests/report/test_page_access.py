"""The page held against axe-core's rules, WCAG 2.2 AA and best practices, at two widths."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tests.support.browser import until

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def axe():
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_serious(open_page, sounding, axe, width, scheme):
    page = open_page(sounding[0], media=sounding[1], width=width, scheme=scheme)
    for scene in page.locator(".scene").all():
        scene.scroll_into_view_if_needed()
    until(page, "document.querySelectorAll('.seeker').length == 5")
    for summary in page.locator("summary").all():
        summary.click()
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    assert len(found["passes"]) > 25
    grave = [
        (finding["id"], finding["impact"], node["html"][:150], node["failureSummary"])
        for finding in found["violations"]
        for node in finding["nodes"]
        if finding["impact"] in {"serious", "critical"}
    ]
    assert grave == []


def test_axe_would_find_a_picture_without_a_name(open_page, sounding, axe):
    page = open_page(sounding[0])
    page.evaluate("document.querySelector('.timeline').removeAttribute('aria-label')")
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    assert "svg-img-alt" in {finding["id"] for finding in found["violations"]}

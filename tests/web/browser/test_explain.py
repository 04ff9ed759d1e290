"""A moment explained on the page."""

import pytest

from tests.web.browser.conftest import SCENES
from tests.web.browser.steps import drop, scrolls_sideways

DRAWN = """() => {
    const img = document.querySelector(".moment img");
    return Boolean(img?.complete && img.naturalWidth);
}"""


@pytest.mark.parametrize(("width", "most"), [(1440, 960), (390, 420)])
def test_a_moment_is_drawn_over_its_spectrogram_at_every_width(browser, explaining, width, most):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.set_default_timeout(120_000)
    page.goto(explaining)
    page.locator("h1").wait_for()
    drop(page, SCENES / "the-lighthouse.opus")
    page.get_by_role("button", name="Explain a moment").click()
    page.locator(".moment figcaption").wait_for()
    assert page.locator(".moment figcaption").inner_text().startswith("Between ")
    page.wait_for_timeout(500)
    assert page.evaluate(f"({DRAWN})()")
    assert page.evaluate("document.querySelector('.moment img').naturalWidth") == most
    assert not scrolls_sideways(page)
    assert faults == []
    context.close()

"""A real browser, for the page."""

from __future__ import annotations

import pytest

from tests.report.sounding import media_of, sounding_report
from voxemo_scan.report.html import to_html


@pytest.fixture(scope="session")
def browser(chromium):
    browser = chromium("--autoplay-policy=user-gesture-required")
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser, tmp_path):
    """Return a function that opens a report's page from disk, the network cut.

    The page notes all that goes wrong in it (``faults``) and all that it asks for (``requests``).
    """
    contexts = []

    def opened(report, *, media=None, text=None, width=1440, scheme="light", script=True):
        path = tmp_path / "report.html"
        path.write_text(text or to_html(report, media), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme, offline=True, java_script_enabled=script,
        )  # fmt: skip
        contexts.append(context)
        context.route("http*://**", lambda route: route.abort())
        page = context.new_page()
        page.faults, page.requests = [], []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("dialog", lambda dialog: (page.faults.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def sounding(tmp_path_factory):
    """A report of seven scenes and the media of the six that have a clip, one of them a film."""
    report = sounding_report()
    return report, media_of(report, tmp_path_factory.mktemp("clips"), film="a-few-good-men")

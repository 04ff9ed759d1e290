"""A real browser, for the page."""

from __future__ import annotations

import pytest

from tests.support.browser import FLAGS, find_browser, on_ci


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    program = find_browser()
    if program is None:
        told = "no Chromium or Chrome that starts; `make browser` looks for one"
        pytest.fail(told) if on_ci() else pytest.skip(told)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()

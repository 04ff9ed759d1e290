"""Clips, comparison, library and runs, each against the real application."""

from __future__ import annotations

from tests.support.browser import until
from tests.web.browser.steps import shares

RUN_MS = 150_000
"""A run has a process of its own, which loads all that it needs."""


def hear(page, title):
    page.get_by_role("button", name=title).click()
    page.locator(".result").wait_for()


def test_a_clip_on_a_card_is_heard_and_its_card_remembers(open_page):
    page = open_page("clips")
    page.locator(".card").first.wait_for()
    assert page.locator(".card").count() == 3
    hear(page, "The Lighthouse")
    assert sum(shares(page.locator(".result")).values()) > 0.999
    card = page.locator(".card", has_text="The Lighthouse")
    assert card.locator(".sharebar").count() == 1
    page.get_by_role("link", name="Listen").click()
    page.get_by_role("link", name="Clips").click()
    card.locator(".sharebar").wait_for()


def test_two_clips_are_laid_side_by_side(open_page):
    page = open_page("compare")
    page.locator("option", has_text="The Last Train").first.wait_for(state="attached")
    page.get_by_label("Left").select_option(label="The Lighthouse")
    page.get_by_label("Right").select_option(label="The Last Train")
    page.locator(".against table").wait_for()
    heads = page.locator(".against thead th").all_inner_texts()
    assert heads == ["The Lighthouse", "The Last Train", "points"]
    assert page.locator(".against tbody tr").count() == 6
    assert page.locator(".side .timeline").count() == 2
    page.get_by_text("How both look").click()
    page.locator(".pair").first.wait_for()
    assert page.locator(".pair").count() == 3
    sizes = page.locator(".pair img").evaluate_all("all => all.map(i => i.naturalWidth)")
    assert len(sizes) == 6
    assert min(sizes) > 100
    page.get_by_role("button", name="Play The Lighthouse").click()
    until(page, "!document.querySelectorAll('audio')[0].paused")
    page.get_by_role("button", name="Play The Last Train").click()
    until(page, "!document.querySelectorAll('audio')[1].paused")
    assert page.evaluate("document.querySelectorAll('audio')[0].paused")


def test_the_library_lists_reports_finds_them_and_opens_them(open_page):
    page = open_page("library")
    page.locator(".report").first.wait_for()
    name = page.locator(".report h2 a").first.inner_text().split("\n")[0].split(" (opens")[0]
    page.get_by_label("Find").fill("nothing is called this")
    page.get_by_text("No report has").wait_for()
    page.get_by_label("Find").fill(name.split()[0])
    page.locator(".report").first.wait_for()
    with page.context.expect_page() as opened:
        page.locator(".report h2 a").first.click()
    report = opened.value
    report.locator("h1").wait_for()
    assert report.locator("h1").inner_text() == name
    address = page.locator(".report .buttons a", has_text="CSV").first.get_attribute("href")
    told = page.context.request.get(f"{page.url.split('#')[0].rstrip('/')}{address}")
    assert told.text().startswith("scene,start_s,end_s,neutral")


def test_mistakes_in_a_manifest_are_told_with_line_and_column(open_page):
    page = open_page("run")
    page.refusals.add(422)
    manifest = page.get_by_label("Manifest (YAML)")
    until(page, "document.querySelector('textarea').value.includes('clip:')")
    manifest.fill("name: x\nscenes:\n  - id: one\n    source: /etc/passwd\n")
    page.get_by_role("button", name="Run it").click()
    mistakes = page.locator(".mistakes li")
    mistakes.first.wait_for()
    assert "Line 4, column 13" in mistakes.first.inner_text()
    mistakes.first.get_by_role("button").click()
    caret = page.evaluate("[document.activeElement.selectionStart, document.activeElement.value]")
    assert caret[1][caret[0] :].startswith("/etc/passwd")
    assert manifest.get_attribute("aria-invalid") == "true"


def test_a_manifest_is_run_followed_and_its_report_opened(open_page):
    page = open_page("run")
    manifest = page.get_by_label("Manifest (YAML)")
    until(page, "document.querySelector('textarea').value.includes('clip:the-lighthouse')")
    manifest.fill(
        "name: From the page\nscenes:\n"
        "  - {id: one, source: 'clip:the-lighthouse', expect: {dominant: happy}}\n"
    )
    page.get_by_role("button", name="Run it").click()
    scan = page.locator(".scan", has_text="From the page").first
    scan.get_by_text("Open the report").wait_for(timeout=RUN_MS)
    assert scan.locator(".badge").inner_text() == "done"
    assert "expectation failed" in scan.inner_text()
    with page.context.expect_page() as opened:
        scan.get_by_text("Open the report").click()
    opened.value.locator("h1").wait_for()
    assert opened.value.locator("h1").inner_text() == "From the page"
    page.get_by_role("link", name="Library").click()
    page.locator(".report", has_text="From the page").first.wait_for()


def test_a_run_is_cancelled(open_page):
    page = open_page("run")
    until(page, "document.querySelector('textarea').value.includes('clip:the-lighthouse')")
    page.get_by_role("button", name="Run it").click()
    scan = page.locator(".scan", has_text="My scenes")
    scan.get_by_role("button", name="Cancel").click()
    scan.locator(".badge.cancelled").wait_for()
    assert scan.get_by_text("Open the report").count() == 0


def test_who_is_not_known_is_asked_for_the_token(open_page):
    def locked(page):
        page.refusals.add(401)
        page.route("**/api/v1/info", lambda route: route.fulfill(
            status=401, body="{}", content_type="application/json"))  # fmt: skip

    page = open_page(before=locked)
    assert page.get_by_label("Token").get_attribute("type") == "password"
    assert page.locator("form").get_attribute("action") == "/login"

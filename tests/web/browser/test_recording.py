"""Recording from the microphone: live bars, playing back, a result; by pointer and by keyboard."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from tests.support.browser import until
from tests.web.browser.steps import live_figures, shares, tab_to

COURSE = "document.querySelectorAll('.livecourse path[d^=M]').length > 0"
RECORDED_S = (
    "Number((/0:(\\d+),/.exec(document.querySelector('.counter').textContent) ?? [0, 0])[1])"
)
HEARD_MS = 120_000
LOADING_S = 90
"""The first who listens may wait for the networks on a busy machine."""

REFUSE = """page => Object.defineProperty(navigator.mediaDevices, "getUserMedia", { value: () =>
    Promise.reject(new DOMException("no", "NotAllowedError")) })"""


def test_what_the_microphone_hears_is_shown_live_then_heard_as_a_whole_and_played_back(open_page):
    page = open_page()
    page.get_by_role("button", name="Record").click()
    assert page.locator(".counter").inner_text().startswith(("Waiting", "Begins in"))
    until(page, "document.querySelector('.counter').textContent.includes('left')")
    until(page, "Number(document.querySelector('.meter').getAttribute('aria-valuenow')) > -40")
    until(page, COURSE, patience_s=LOADING_S)
    figures = live_figures(page)
    assert sum(figures.values()) == 100
    until(page, f"{RECORDED_S} >= 6")
    page.get_by_role("button", name="Stop").click()
    result = page.locator(".result")
    result.wait_for(timeout=HEARD_MS)
    assert result.locator("h2").inner_text() == "Recording 1"
    assert sum(shares(result).values()) == pytest.approx(1, abs=1e-6)
    assert result.locator(".timeline path[d^=M]").count() > 0
    result.get_by_role("button", name="Play Recording 1").click()
    until(page, "document.querySelector('audio').currentTime > 0.3")
    with page.expect_download() as saved:
        result.get_by_role("button", name="Sound (WAV)").click()
    with wave.open(io.BytesIO(saved.value.path().read_bytes())) as sound:
        assert sound.getnchannels() == 1
        assert sound.getnframes() / sound.getframerate() > 5.9


def test_a_result_comes_about_every_half_second(open_page):
    page = open_page(before=lambda page: page.add_init_script(SPY))
    page.get_by_role("button", name="Record").click()
    until(page, "window.heard.length >= 8", patience_s=LOADING_S)
    times = page.evaluate("window.heard")
    assert np.median(np.diff(times)) == pytest.approx(0.5, abs=0.1)
    page.get_by_role("button", name="Cancel").click()
    assert page.get_by_role("button", name="Record").is_visible()
    assert page.locator(".result").count() == 0


SPY = """window.heard = [];
const Plain = WebSocket;
window.WebSocket = class extends Plain {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", event => {
      const told = JSON.parse(event.data);
      if (told.type === "heard" && told.at_s > 0) window.heard.push(told.at_s);
    });
  }
};"""


def test_it_is_recorded_and_read_by_keyboard_alone(open_page):
    page = open_page()
    tab_to(page, "e.textContent === 'Record'")
    page.keyboard.press("Enter")
    until(page, "document.activeElement.textContent === 'Stop'")
    until(page, f"{RECORDED_S} >= 4")
    page.keyboard.press("Enter")
    page.locator(".result").wait_for(timeout=HEARD_MS)
    until(page, "document.activeElement.textContent === 'Recording 1'")
    tab_to(page, "e.className === 'play'")
    page.keyboard.press("Space")
    until(page, "!document.querySelector('audio').paused")
    page.keyboard.press("Space")
    tab_to(page, "e.getAttribute('role') === 'slider'")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    told = page.evaluate("document.activeElement.getAttribute('aria-valuetext')")
    assert "%" in told
    tab_to(page, "e.matches('.looks summary')")
    page.keyboard.press("Enter")
    page.locator(".picture").first.wait_for()
    assert page.locator(".picture").count() == 3


def test_a_refused_microphone_is_told_with_what_to_do(open_page):
    page = open_page(before=lambda page: page.add_init_script(f"({REFUSE})()"))
    page.get_by_role("button", name="Record").click()
    trouble = page.get_by_role("alert")
    assert "The microphone was refused." in trouble.inner_text()
    assert "Allow it for this page" in trouble.inner_text()
    assert page.get_by_role("button", name="Record").is_enabled()


def test_where_the_live_line_breaks_the_recording_is_heard_all_the_same(open_page):
    page = open_page(before=lambda page: page.add_init_script(FRAIL))
    page.get_by_role("button", name="Record").click()
    page.locator(".now", has_text="The live line broke. Speak on").wait_for()
    until(page, f"{RECORDED_S} >= 4")
    page.get_by_role("button", name="Stop").click()
    page.locator(".result").wait_for(timeout=HEARD_MS)
    assert sum(shares(page.locator(".result")).values()) == pytest.approx(1, abs=1e-6)


FRAIL = """const Plain = WebSocket;
window.WebSocket = class extends Plain {
  send(data) {
    super.send(data);
    this.sent = (this.sent ?? 0) + 1;
    if (this.sent === 20) { this.close(); }
  }
};"""

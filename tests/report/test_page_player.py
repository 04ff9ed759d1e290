"""The player, in a real browser with the network cut: by pointer, by keyboard, without scripts."""

from __future__ import annotations

import json

import pytest

from tests.support.browser import until

SCENE = "#scene-turn"


@pytest.fixture
def page(open_page, sounding):
    page = open_page(sounding[0], media=sounding[1])
    page.locator(f"{SCENE} .seeker").wait_for()
    return page


def windows(page, scene=SCENE):
    return json.loads(page.locator(f"{scene} script.data").text_content())["windows"]


def time_of(page, scene=SCENE):
    return page.eval_on_selector(f"{scene} audio", "audio => audio.currentTime")


def playing(page, scene=SCENE):
    return page.eval_on_selector(f"{scene} audio", "audio => !audio.paused")


def click_at(page, seconds, scene=SCENE):
    seeker = page.locator(f"{scene} .seeker")
    length = float(seeker.get_attribute("aria-valuemax"))
    box = seeker.bounding_box()
    seeker.click(position={"x": box["width"] * seconds / length, "y": 90})


@pytest.mark.parametrize("number", [0, 7, -1])
def test_a_click_on_a_window_plays_from_its_start(page, number):
    start, end, *_ = windows(page)[number]
    later = windows(page)[number + 1][0] if number >= 0 else end
    click_at(page, (start + min(later, end)) / 2)
    until(page, f"document.querySelector('{SCENE} audio').currentTime > {start + 0.1}")
    assert start < time_of(page) < start + 2.5
    assert playing(page)
    assert page.faults == []
    assert [url for url in page.requests if url.startswith("http")] == []


def test_the_waveform_is_drawn_in_the_colours_of_what_is_heard(page):
    painted = page.evaluate(
        """scene => {
        const wave = document.querySelector(`${scene} .wave > div`).shadowRoot;
        const canvas = wave.querySelector("canvas");
        const all = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        const seen = {};
        for (let at = 0; at < all.length; at += 4)
          if (all[at + 3] === 255) {
            const key = `${all[at]},${all[at + 1]},${all[at + 2]}`;
            (seen[key] ??= []).push(((at / 4) % canvas.width) / canvas.width);
          }
        return Object.fromEntries(Object.entries(seen).map(([key, xs]) =>
          [key, [Math.min(...xs.slice(0, 50000)), Math.max(...xs.slice(0, 50000)), xs.length]]));
        }""",
        SCENE,
    )
    sad, angry = painted["45,124,192"], painted["209,65,47"]
    assert sad[2] > 300
    assert angry[2] > 300
    assert sad[0] < 0.1
    assert angry[1] > 0.9


def test_it_is_used_by_keyboard_alone(page):
    page.locator(f"{SCENE} h2").scroll_into_view_if_needed()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "play":
            break
    button = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    until(page, "document.activeElement.classList.contains('playing')")
    page.keyboard.press("Space")
    until(page, "!document.activeElement.classList.contains('playing')")
    assert button == "Play The turn"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "slider"
    page.keyboard.press("Home")
    starts = [window[0] for window in windows(page)]
    for start in starts[:3]:
        page.keyboard.press("ArrowRight")
        assert time_of(page) == pytest.approx(start, abs=0.01)
    told = page.evaluate("document.activeElement.getAttribute('aria-valuetext')")
    assert told.startswith("0:0")
    assert "%" in told
    page.keyboard.press("ArrowLeft")
    assert time_of(page) == pytest.approx(starts[1], abs=0.01)
    page.keyboard.press("Space")
    until(page, f"document.querySelector('{SCENE} audio').currentTime > {starts[1]}")
    assert playing(page)
    page.keyboard.press("Space")
    assert not playing(page)
    page.keyboard.press("End")
    assert time_of(page) == pytest.approx(80.0, abs=0.1)


def test_a_moment_of_the_course_in_words_plays(page):
    page.get_by_text("The course in words").first.click()
    moment = page.locator(f"{SCENE} .words li").nth(3)
    assert "angry" in moment.inner_text()
    moment.get_by_role("button").click()
    until(page, f"document.querySelector('{SCENE} audio').currentTime > 40")
    turn = page.locator(f"{SCENE} .turning li")
    assert turn.count() == 1
    assert "sad" in turn.inner_text()
    assert "angry" in turn.inner_text()


def test_one_scene_falls_silent_when_another_plays(page):
    page.locator(f"{SCENE} .play").click()
    until(page, f"!document.querySelector('{SCENE} audio').paused")
    page.locator("#scene-elf").scroll_into_view_if_needed()
    page.locator("#scene-elf .play").click()
    until(page, "!document.querySelector('#scene-elf audio').paused")
    until(page, f"document.querySelector('{SCENE} audio').paused")
    assert page.locator(f"{SCENE} .play").inner_text() == "Play The turn"


def test_scenes_come_to_life_only_when_they_are_about_to_be_seen(page):
    assert page.locator("#scene-one-word .seeker").count() == 0
    page.locator("#scene-one-word").scroll_into_view_if_needed()
    page.locator("#scene-one-word .seeker").wait_for()


def test_the_picture_of_a_film_and_the_spectrogram_are_shown(page):
    page.locator("#scene-a-few-good-men").scroll_into_view_if_needed()
    page.locator("#scene-a-few-good-men summary", has_text="Spectrogram").click()
    until(
        page,
        "[...document.querySelectorAll('#scene-a-few-good-men img')].every(i => i.naturalWidth)",
    )
    sizes = page.eval_on_selector_all(
        "#scene-a-few-good-men img", "all => all.map(i => [i.naturalWidth, i.naturalHeight])"
    )
    assert sizes == [[32, 32], [900, 128], [900, 40], [900, 36]]
    assert page.locator(".poster").count() == 1


def test_without_scripts_there_is_a_plain_player_and_everything_to_read(open_page, sounding):
    page = open_page(sounding[0], media=sounding[1], script=False)
    assert page.faults == []
    audio = page.locator(f"{SCENE} audio")
    assert audio.bounding_box()["height"] > 30
    assert audio.get_attribute("src").startswith("data:audio/webm;base64,")
    assert page.locator(".toolbar").is_hidden()
    assert page.locator(".overview tbody tr:visible").count() == 7
    page.locator(f"{SCENE} summary").first.click()
    assert page.locator(f"{SCENE} .words li").first.is_visible()
    assert page.locator(f"{SCENE} .still path").count() >= 3


def test_a_scene_without_speech_can_be_heard_all_the_same(page):
    page.locator("#scene-hush").scroll_into_view_if_needed()
    audio = page.locator("#scene-hush audio")
    audio.wait_for()
    audio.evaluate("audio => { audio.muted = true; return audio.play(); }")
    until(page, "document.querySelector('#scene-hush audio').currentTime > 0.1")
    assert page.locator("#scene-hush .seeker").count() == 0


def test_a_page_without_sound_is_still_read_by_pointer_and_keyboard(open_page, sounding):
    page = open_page(sounding[0])
    seeker = page.locator(f"{SCENE} .seeker")
    seeker.focus()
    page.keyboard.press("ArrowRight")
    assert "sad" in seeker.get_attribute("aria-valuetext")
    assert page.locator(f"{SCENE} .readout").inner_text().startswith("sad")
    assert page.locator("audio, .play").count() == 0
    assert page.faults == []

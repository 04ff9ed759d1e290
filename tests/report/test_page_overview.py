"""The overview: sorted and filtered, by pointer and by keyboard."""

from __future__ import annotations

import pytest

from tests.report.example import example_report
from tests.support.browser import until

ORDER = ["A Few Good Men", "Steel Magnolias", "Elf", "One line only", "Pulp Fiction", "<script>"]


@pytest.fixture
def page(open_page):
    return open_page(example_report())


def titles(page):
    found = page.locator(".overview tbody tr:visible th").all_inner_texts()
    return [next(name for name in ORDER if text.startswith(name)) for text in found]


def test_a_column_sorts_both_ways_and_says_so(page):
    head = page.locator("th", has_text="Strongest")
    head.get_by_role("button").click()
    assert titles(page)[:4] == ["One line only", "Steel Magnolias", "A Few Good Men", "Elf"]
    assert head.get_attribute("aria-sort") == "descending"
    head.get_by_role("button").click()
    assert titles(page)[-4:] == ["Elf", "A Few Good Men", "Steel Magnolias", "One line only"]
    assert head.get_attribute("aria-sort") == "ascending"
    page.locator("th", has_text="Verdict").get_by_role("button").click()
    assert titles(page)[:3] == ["Steel Magnolias", "Pulp Fiction", "Elf"]
    assert head.get_attribute("aria-sort") is None


def test_scenes_sort_by_the_share_of_any_emotion(page):
    page.get_by_label("Sort by").select_option("fear")
    assert titles(page)[0] == "Elf"
    page.get_by_label("Sort by").select_option("order")
    assert titles(page) == ORDER


def test_filters_narrow_rows_and_scenes_and_tell_how_many_are_left(page):
    page.get_by_label("Strongest").select_option("sad")
    assert titles(page) == ["Steel Magnolias", "Elf"]
    assert page.locator(".toolbar output").inner_text() == "2 of 6 scenes"
    assert page.locator(".scene:visible").count() == 2
    page.get_by_label("Verdict").select_option("failed")
    assert titles(page) == ["Steel Magnolias"]
    page.get_by_role("button", name="Show all").click()
    until(page, "document.querySelectorAll('.overview tbody tr:not([hidden])').length == 6")
    assert page.locator(".scene:visible").count() == 6


def test_words_find_scenes_and_hostile_ones_find_nothing_but_themselves(page):
    find = page.get_by_label("Find")
    find.fill("elf sad")
    assert titles(page) == ["Elf"]
    find.fill("<script>")
    assert titles(page) == ["<script>"]
    find.fill("nowhere at all")
    assert titles(page) == []
    assert page.get_by_text("No scene is like that.").is_visible()
    assert page.faults == []


def test_it_is_sorted_and_filtered_by_keyboard_alone(page):
    page.keyboard.press("Tab")
    page.keyboard.type("few good")
    assert titles(page) == ["A Few Good Men"]
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Speech":
            break
    page.keyboard.press("Enter")
    assert titles(page)[0] == "Steel Magnolias"
    assert page.evaluate("document.activeElement.innerText") == "Speech"


def test_a_phone_sorts_too(open_page):
    page = open_page(example_report(), width=390)
    page.get_by_label("Sort by").select_option("title")
    assert titles(page)[0] == "<script>"
    assert titles(page)[1:3] == ["A Few Good Men", "Elf"]

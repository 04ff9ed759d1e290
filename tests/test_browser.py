"""Finding a browser: what is there is used, what fails is told, and CI does not look away."""

from __future__ import annotations

import pytest

from tests.support import browser


@pytest.fixture
def machine(monkeypatch):
    """A machine whose browsers are in a list; ways to install add to it or fail."""
    installed = []
    monkeypatch.setattr(browser, "find_browser", lambda: installed[0] if installed else None)
    return installed


def fail(reason):
    raise RuntimeError(reason)


def test_what_is_there_is_used_and_nothing_is_installed(machine):
    machine.append("/usr/bin/chromium")
    found = browser.obtain_browser({"Debian's": lambda: fail("never asked")})
    assert found == ("/usr/bin/chromium", [])


def test_the_first_way_that_works_is_taken(machine):
    ways = {
        "Debian's": lambda: fail("not root"),
        "playwright's": lambda: machine.append("/home/me/chrome"),
        "another": lambda: fail("never asked"),
    }
    assert browser.obtain_browser(ways) == ("/home/me/chrome", ["Debian's: not root"])


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_without_any_it_is_told_why_and_fails_on_ci_alone(machine, monkeypatch, capsys, ci, code):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(browser, "_debians", lambda: fail("no apt-get, or not root"))
    monkeypatch.setattr(browser, "_playwrights", lambda: fail("no network"))
    assert browser.main() == code
    told = capsys.readouterr().err
    assert "no apt-get, or not root" in told
    assert "no network" in told


def test_a_stand_in_that_only_advertises_is_no_browser(tmp_path):
    stand_in = tmp_path / "chromium"
    stand_in.write_text("#!/bin/sh\necho 'install the snap'\n")
    stand_in.chmod(0o755)
    assert not browser._starts(str(stand_in))

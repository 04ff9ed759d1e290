"""A browser for the tests of pages: the machine's own, else Debian's, else playwright's.

``python -m tests.support.browser`` finds or installs one and says which; where none can be had it
says why, and fails only on CI (``CI=true``): there, pages that nobody looked at are a fault.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_PATIENCE_S = 900


def find_browser() -> str | None:
    """Return the path of a Chromium or Chrome that starts, None if there is none."""
    return next((path for path in _candidates() if _starts(path)), None)


def until(page: Page, expression: str, *, patience_s: float = 20.0) -> None:
    """Wait until ``expression`` holds in ``page``; its policy forbids playwright's own waiting."""
    end = time.monotonic() + patience_s
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise AssertionError(f"not within {patience_s:g} s: {expression}")
        time.sleep(0.02)


def on_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def _candidates() -> Iterator[str]:
    for name in NAMES:
        if path := shutil.which(name):
            yield path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        yield own


def _starts(path: str) -> bool:
    """Return whether it is more than a stand-in: some systems ship one that only advertises."""
    command = [path, "--headless", *FLAGS, "--dump-dom", "data:text/html,<p>here</p>"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "here" in told.stdout


def _debians() -> None:
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise RuntimeError("no apt-get, or not root")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], quiet)
    _run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"], quiet)


def _playwrights() -> None:
    _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _run(command: list[str], environment: dict[str, str]) -> None:
    try:
        subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True,
            timeout=_PATIENCE_S,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        told = (error.stderr or error.stdout or "").strip().splitlines()
        raise RuntimeError(told[-1] if told else f"exit code {error.returncode}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(str(error)) from error


def obtain_browser(ways: dict[str, Callable[[], None]]) -> tuple[str | None, list[str]]:
    """Return a browser, installed in the first of ``ways`` that works, and what did not work."""
    failures: list[str] = []
    found = find_browser()
    for name, install in ways.items():
        if found is not None:
            break
        try:
            install()
        except RuntimeError as error:
            failures.append(f"{name}: {error}")
        found = find_browser()
    return found, failures


def main() -> int:
    ways = {"Debian's chromium": _debians, "playwright's own": _playwrights}
    found, failures = obtain_browser(ways)
    if found is not None:
        print(f"browser for the tests: {found}")  # noqa: T201
        return 0
    print("no browser for the tests of reports; they are skipped.", *failures, sep="\n  ",  # noqa: T201
          file=sys.stderr)  # fmt: skip
    print("install chromium or Google Chrome and run make test again", file=sys.stderr)  # noqa: T201
    return 1 if on_ci() else 0


if __name__ == "__main__":
    sys.exit(main())

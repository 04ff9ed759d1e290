"""What people do on the page."""

from __future__ import annotations

import base64
from pathlib import Path

from voxemo_scan.emotions import EMOTIONS

DROP = """([name, text]) => {
    const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const held = new DataTransfer();
    held.items.add(new File([bytes], name));
    document.querySelector(".dropzone").dispatchEvent(
        new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
}"""


def drop(page, path: Path):
    """Drop a file on the page and wait for what is heard in it."""
    page.evaluate(DROP, [path.name, base64.b64encode(path.read_bytes()).decode()])
    page.locator(".result").wait_for()


def shares(place):
    """Return the shares that a result shows, unrounded, by emotion."""
    rows = place.locator(".shares tbody tr")
    found = rows.evaluate_all("rows => rows.map(row => [row.dataset.emotion, row.dataset.share])")
    return {emotion: float(share) for emotion, share in found}


def live_figures(page):
    """Return the percentages of the bars that move while one records; None before there are any."""
    texts = page.locator(".livebars td.right").all_inner_texts()
    if any("%" not in text for text in texts):
        return None
    return dict(zip(EMOTIONS, (int(text.split()[0]) for text in texts), strict=True))


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def tab_to(page, expression, *, most=40):
    """Press Tab until ``expression`` holds of the focused element ``e``."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(e => {expression})(document.activeElement)"):
            return
    raise AssertionError(f"Tab does not lead to {expression}")

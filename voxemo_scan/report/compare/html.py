"""``comparison.html``: one file that needs no network and runs no script.

Its colours are the report's; its style is named by its hash in the Content-Security-Policy. All
text from outside passes through Jinja's escaping.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report.compare import wording
from voxemo_scan.report.compare.document import Comparison, SceneChange
from voxemo_scan.report.compare.gate import Gate
from voxemo_scan.report.names import unique_names
from voxemo_scan.report.themed import page_templates, sha256_base64, themed
from voxemo_scan.report.wording import VERDICTS
from voxemo_scan.text import clean, percent

_NO_BREAK: Final = "\u00a0"
_LEAST_SCALE: Final = 0.1
"""So that bars of small changes stay small where all are."""


def to_html(comparison: Comparison, gate: Gate) -> str:
    """Return the comparison as one self-contained page."""
    style = _style()
    anchors = unique_names([scene.id for scene in comparison.scenes])
    text = (
        _environment()
        .get_template("comparison.html.jinja")
        .render(
            comparison=comparison,
            gate=gate,
            scenes=list(zip([f"scene-{a}" for a in anchors], comparison.scenes, strict=True)),
            scale=max(comparison.drift or 0.0, _LEAST_SCALE),
            moments=any(scene.same_moments is not None for scene in comparison.scenes),
            style=Markup(style),
            style_hash=sha256_base64(style),
        )
    )
    return text.lstrip() + "\n"


@lru_cache(maxsize=1)
def _style() -> str:
    """Return the page's style: the palette's variables, then the style sheet."""
    sheet = files("voxemo_scan.report.compare").joinpath("templates/comparison.css")
    return themed(sheet.read_text("utf-8"))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = page_templates("voxemo_scan.report.compare")
    environment.globals |= {"emotions": EMOTIONS, "wording": wording, "verdicts": VERDICTS}
    environment.filters |= {
        "clean": clean,
        "half": lambda fraction: f"{50 + 50 * fraction:.2f}%",
        "moves": _listing,
        "pct": lambda fraction: f"{100 * fraction:.2f}%",
        "percent": lambda fraction: percent(fraction).replace(" ", _NO_BREAK),
        "points": wording.points,
        "sentence": lambda text: f"{text[:1].upper()}{text[1:]}".rstrip(".") + ".",
        "value": wording.value,
    }
    return environment


def _listing(scene: SceneChange) -> str:
    """Return all changes in words, for those who cannot see the figure."""
    return ", ".join(f"{m.emotion} {wording.points(m.change)}" for m in scene.moves) + " points"

"""``report.html``: one file that needs no network and runs no script.

The style block is the only style there is, named by its hash in the Content-Security-Policy;
figures are inline SVG. All text from outside passes through Jinja's escaping.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report import wording
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.names import unique_names
from voxemo_scan.report.palette import DARK, LIGHT, css_variables
from voxemo_scan.report.timeline import BOX_HEIGHT, BOX_WIDTH, Timeline, draw
from voxemo_scan.text import clean, clock, percent, whole_percents

_NO_BREAK: Final = "\u00a0"


@dataclass(frozen=True, slots=True)
class _Page:
    """One scene, prepared for its section of the page."""

    scene: ReportScene
    anchor: str
    title: str
    link: str | None
    figures: dict[Emotion, int]
    timeline: Timeline | None
    elsewhere: dict[str, list[str]]


def to_html(report: Report) -> str:
    """Return the report as one self-contained page."""
    style = _style()
    anchors = unique_names([scene.result.id for scene in report.scenes])
    text = (
        _environment()
        .get_template("report.html.jinja")
        .render(
            report=report,
            pages=[
                _page(scene, report, anchor=a)
                for scene, a in zip(report.scenes, anchors, strict=True)
            ],
            outcome=wording.outcome(report),
            any_published=any(scene.published for scene in report.scenes),
            any_checked=any(scene.verdict != "not-checked" for scene in report.scenes),
            style=Markup(style),
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )
    return text.lstrip() + "\n"


def _page(scene: ReportScene, report: Report, *, anchor: str) -> _Page:
    result = scene.result
    return _Page(
        scene=scene,
        anchor=f"scene-{anchor}",
        title=clean(result.title) or clean(result.source),
        link=wording.web_address(result.source),
        figures=whole_percents(result.shares),
        timeline=draw(result) if result.status == "ok" else None,
        elsewhere={s.id: wording.elsewhere(report, result, s.id) for s in result.speakers},
    )


@lru_cache(maxsize=1)
def _style() -> str:
    """Return the page's style: the palette's variables, then the style sheet."""
    sheet = files("voxemo_scan.report").joinpath("templates/report.css").read_text("utf-8")
    light, dark = css_variables(LIGHT), css_variables(DARK)
    screen = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f":root{{color-scheme:light dark;{light}}}{screen}\n{sheet}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("voxemo_scan.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "emotions": EMOTIONS,
        "wording": wording,
        "box": {"width": BOX_WIDTH, "height": BOX_HEIGHT},
    }
    environment.filters |= {
        "clean": clean,
        "clock": clock,
        "interval": lambda result, emotion: _unbroken(wording.interval(result, emotion)),
        "listing": lambda result: _unbroken(wording.listing(result)),
        "pct": lambda fraction: f"{100 * fraction:.2f}%",
        "percent": lambda fraction: _unbroken(percent(fraction)),
        "published": lambda figures: _unbroken(wording.published_listing(figures)),
        "sentence": _sentence,
        "setting": _setting,
        "source_range": wording.source_range,
        "speaker": wording.speaker_name,
        "speech_time": lambda result: _unbroken(wording.speech_time(result)),
        "unbroken": _unbroken,
        "untold": wording.untold_note,
        "voices": lambda result: _unbroken(wording.voices_listing(result)),
        "when": _when,
    }
    return environment


def _unbroken(text: str) -> str:
    """Keep a figure on one line with its per cent sign and what it is a figure of."""
    return re.sub(r" (?=%|\d+ %)", _NO_BREAK, text)


def _sentence(text: str) -> str:
    """Return an error's wording as a sentence."""
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:]


def _setting(value: Any) -> str:
    return clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _when(created: str) -> str:
    """Return ``21 November 2025, 09:30 UTC``, or what is there if it is no such time."""
    try:
        moment = datetime.fromisoformat(created).astimezone(UTC)
    except ValueError:
        return created
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"

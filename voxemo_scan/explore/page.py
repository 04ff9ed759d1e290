"""A picture as a page: one file that needs no network and runs no script.

It holds each picture for light and dark, wide and narrow screens, and lets the browser choose. The
style is named by its hash in the Content-Security-Policy; all text from outside is escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment
from markupsafe import Markup

from voxemo_scan.explore.facts import Facts
from voxemo_scan.report.themed import page_templates, sha256_base64, themed
from voxemo_scan.text import clean


@dataclass(frozen=True)
class Page:
    """What a page shows; ``pictures`` are SVG by screen, ``audio`` is Ogg Opus or nothing."""

    kind: str
    title: str
    facts: Facts
    pictures: Mapping[str, bytes]
    described: str
    notes: tuple[str, ...]
    audio: bytes = b""
    audio_name: str = ""


def to_html(page: Page) -> str:
    """Return the page."""
    style = _style()
    text = (
        _environment()
        .get_template("explore.html.jinja")
        .render(
            page=page,
            pictures={
                name: _address(data, "image/svg+xml") for name, data in page.pictures.items()
            },
            audio=_address(page.audio, "audio/ogg") if page.audio else "",
            style=Markup(style),
            style_hash=sha256_base64(style),
        )
    )
    return text.lstrip() + "\n"


def _address(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


@lru_cache(maxsize=1)
def _style() -> str:
    sheet = files("voxemo_scan.explore").joinpath("templates/explore.css").read_text("utf-8")
    return themed(sheet)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = page_templates("voxemo_scan.explore")
    environment.filters |= {"clean": clean}
    return environment

"""The page's style and scripts, and the Content-Security-Policy that allows them and no others.

Each is named by its hash; nothing may be loaded but pictures and sound that the page itself holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from voxemo_scan.report.themed import sha256_base64, themed

WAVE_HEIGHT: Final = 64
_LIBRARY: Final = "vendor/wavesurfer"
_SCRIPTS: Final = ("overview.js", "moment.js", "player.js")


@dataclass(frozen=True, slots=True)
class Assets:
    """What every page carries; ``policy`` is its Content-Security-Policy."""

    style: Markup
    scripts: tuple[Markup, ...]
    policy: str


@cache
def assets(*, sounding: bool, explained: bool = False) -> Assets:
    """Return the assets of a page; one that is ``sounding`` carries the waveform library.

    One in which moments are ``explained`` carries the style of that.
    """
    style = _style(explained=explained)
    scripts = (*((_library(),) if sounding else ()), *(_ours(name) for name in _SCRIPTS))
    styles = (style, *((_library_style(),) if sounding else ()))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data:",
            "media-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return Assets(Markup(style), tuple(map(Markup, scripts)), policy)


def _style(*, explained: bool) -> str:
    """Return the page's style: the palette's variables, then the style sheets."""
    names = ("report", "score", *(("moments",) if explained else ()))
    sheets = "".join(_read(f"templates/{name}.css") for name in names)
    return themed(sheets)


def _ours(name: str) -> str:
    return _read(f"templates/{name}")


def _library() -> str:
    """Return wavesurfer.js under its licence, which copies must carry."""
    return f"/*! wavesurfer.js\n{_read(f'{_LIBRARY}/LICENSE')}*/\n" + _code()


def _code() -> str:
    return _read(f"{_LIBRARY}/wavesurfer.min.js")


def _library_style() -> str:
    """Return the style that wavesurfer.js writes into its shadow tree, with our height in it."""
    found = re.search(r"<style\$\{[^`]*?`[^`]*`[^}]*\}>(.*?)</style>", _code(), re.DOTALL)
    if found is None:
        raise ValueError("the waveform library holds no style; it is another version")
    filled = re.sub(r"\$\{this\.getHeight\([^}]*\)\}", str(WAVE_HEIGHT), found[1])
    return filled.replace("\\n", "\n")


def _hash(text: str) -> str:
    return f"'sha256-{sha256_base64(text)}'"


def _read(name: str) -> str:
    return files("voxemo_scan.report").joinpath(name).read_text("utf-8")

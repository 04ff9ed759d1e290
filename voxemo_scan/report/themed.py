"""What all self-contained pages share: the palette before the style, its hash, and escaping."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined

from voxemo_scan.report.palette import DARK, LIGHT, css_variables


def themed(sheet: str) -> str:
    """Return a style sheet behind the palette's variables, light and dark."""
    light, dark = css_variables(LIGHT), css_variables(DARK)
    screen = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f":root{{color-scheme:light dark;{light}}}{screen}\n{sheet}"


def sha256_base64(text: str) -> str:
    """Return the hash by which a Content-Security-Policy names a style or script."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def page_templates(package: str) -> Environment:
    """Return the templates of ``package``; all that comes from outside is escaped in them."""
    return Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

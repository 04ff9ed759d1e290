"""Text from outside, made harmless for GitHub Flavored Markdown, in tables and out of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from voxemo_scan.text import clean

_MARKS: Final = re.compile(r"[\\`*\[\]<>|~$@&#^{}!]|(?<!\w)_|_(?!\w)")
"""Open emphasis, code, links, HTML, mathematics, mentions and issue references."""

_OPENERS: Final = re.compile(r"^[-+=](?!\w)|(?<=^\d)[.)](?!\w)|(?<=^\d\d)[.)](?!\w)|^=+$")
"""Open a list or underline a heading at the start of a line."""

_AUTOLINKS: Final = re.compile(r"(?i)(?<=www)\.|:(?=//)|(?<=mailto):|(?<=xmpp):")
"""Let GitHub make a link without being asked."""


def escape(text: str) -> str:
    """Return ``text`` on one line so that Markdown shows it as it stands."""
    safe = clean(text)
    for kind in (_MARKS, _OPENERS, _AUTOLINKS):
        safe = kind.sub(_entity, safe)
    return safe


def code(text: str) -> str:
    """Return ``text`` as code; the entity-escaped element needs no count of backticks."""
    return f"<code>{escape(text)}</code>"


def link(address: str) -> str:
    """Return a link that shows its address; ``address`` is http or https."""
    target = quote(address, safe=":/?#&=%+,;@~-._!$*'")
    return f"[{escape(address)}]({target.replace('|', '%7C')})"


def row(cells: Iterable[str]) -> str:
    """Return a table row of cells that are escaped already."""
    return f"| {' | '.join(cells)} |"


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"

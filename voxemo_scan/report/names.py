"""Names for files and anchors that nothing in a scene's id can break out of."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 100


def unique_names(ids: Iterable[str]) -> list[str]:
    """Return one name of ``[a-z0-9-]`` per id, all different.

    Ids that are such names already, as every manifest's are, stay as they are.
    """
    wanted = list(ids)
    taken = {name for name in wanted if _is_plain(name)}
    names: list[str] = []
    used: set[str] = set()
    for name in wanted:
        keep = _is_plain(name) and name not in used
        names.append(name if keep else _fresh(_plain(name), taken=taken | used))
        used.add(names[-1])
    return names


def _is_plain(name: str) -> bool:
    return re.fullmatch(r"[a-z0-9-]{1,100}", name) is not None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST] or "scene"


def _fresh(name: str, *, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate

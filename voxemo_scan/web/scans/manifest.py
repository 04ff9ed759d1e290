"""A manifest from the page: of public addresses and prepared clips, and of nothing on this disk."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from voxemo_scan.errors import ManifestError, Problem
from voxemo_scan.manifest.document import read_document
from voxemo_scan.manifest.load import parse_manifest
from voxemo_scan.manifest.model import Manifest
from voxemo_scan.manifest.nodes import Place, find
from voxemo_scan.sources.guard import is_spelt_private

NAME: Final = "manifest.yaml"
CLIP_FOLDER: Final = "clip"
_MOST_SCENES: Final = 100

# ``clip:ID`` is read as the path ``clip/ID``, which is as long, so that places stay right.
_CLIP: Final = re.compile(r"""(\bsource["']?\s*:\s*["']?)clip:(?=[a-z0-9-])""")


def read_manifest(text: str, *, clips: Collection[str]) -> tuple[Manifest, str]:
    """Return a manifest and its text, in which prepared clips are paths in ``CLIP_FOLDER``.

    Raises:
        ManifestError: everything that is wrong with it, by position; also sources that are
            paths, unknown clips or addresses of a private network.
    """
    path = Path(NAME)
    fitted = _CLIP.sub(rf"\1{CLIP_FOLDER}/", text)
    manifest = parse_manifest(fitted, path=path)
    problems = list(_problems(manifest, fitted, clips=clips))
    if problems:
        raise ManifestError(problems)
    return manifest, fitted


def clip_id(source: str) -> str | None:
    """Return the id of the prepared clip that a fitted source names, if it names one."""
    folder, _, name = source.partition("/")
    return name if folder == CLIP_FOLDER and name else None


def _problems(manifest: Manifest, text: str, *, clips: Collection[str]) -> Iterator[Problem]:
    root, _ = read_document(text)
    for number, scene in enumerate(manifest.scenes):
        place = Place(scene.line or 1, 1)
        if root is not None:
            place = find(root, ("scenes", number, "source"))[0].place
        if message := _forbidden(scene.source, is_web=scene.is_web, clips=clips):
            yield Problem(NAME, place.line, place.column, message)
        if number == _MOST_SCENES:
            yield Problem(
                NAME, place.line, place.column,
                f"there are more than {_MOST_SCENES} scenes; `voxemo-scan run` takes any number",
            )  # fmt: skip
            return


def _forbidden(source: str, *, is_web: bool, clips: Collection[str]) -> str | None:
    """Return why a source is not taken from the page; None if it is."""
    if is_web:
        host = (urlsplit(source).hostname or "").rstrip(".")
        if is_spelt_private(host):
            return "addresses of a private network are not fetched for the page"
        return None
    name = clip_id(source)
    if name is None:
        return "files of this machine are not read for the page; use a web address or clip:ID"
    if name not in clips:
        return f'there is no prepared clip "{name[:60]}"; GET /api/v1/clips lists them'
    return None

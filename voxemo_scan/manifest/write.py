"""A ``Manifest`` to the YAML that ``load_manifest`` reads back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from voxemo_scan.emotions import Emotion
from voxemo_scan.manifest.model import Expectation, Manifest, Scene
from voxemo_scan.manifest.share import format_share
from voxemo_scan.manifest.timecode import format_timecode

_NEVER_FOLD: Final = 1 << 30


def dump_manifest(manifest: Manifest, *, header: str = "") -> str:
    """Return the manifest as YAML, below ``header`` as a comment.

    Loading it gives the same name and scenes, times to the millisecond.
    """
    document = CommentedMap(
        name=manifest.name, scenes=CommentedSeq(_scene(scene) for scene in manifest.scenes)
    )
    yaml = YAML(typ="rt", pure=True)
    yaml.width = _NEVER_FOLD
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    yaml.dump(document, text)
    return commented(header) + text.getvalue()


def commented(text: str) -> str:
    """Return each line of ``text`` as a YAML comment."""
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


def _scene(scene: Scene) -> CommentedMap:
    entry: dict[str, Any] = {
        "id": scene.id,
        "title": scene.title,
        "film": scene.film,
        "source": scene.source,
        "start": None if scene.start_s is None else format_timecode(scene.start_s),
        "end": None if scene.end_s is None else format_timecode(scene.end_s),
        "expect": _expectation(scene.expect) if scene.expect else None,
        "published": _shares(scene.published) if scene.published else None,
        "known_failure": scene.known_failure,
    }
    return CommentedMap({key: value for key, value in entry.items() if value is not None})


def _expectation(expect: Expectation) -> CommentedMap:
    entry = CommentedMap()
    if expect.dominant:
        entry["dominant"] = CommentedSeq(expect.dominant)
        entry["dominant"].fa.set_flow_style()
    if expect.at_least:
        entry["at_least"] = _shares(expect.at_least)
    if expect.at_most:
        entry["at_most"] = _shares(expect.at_most)
    if expect.tolerance:
        entry["tolerance"] = format_share(expect.tolerance)
    return entry


def _shares(shares: Mapping[Emotion, float]) -> CommentedMap:
    entry = CommentedMap((emotion, format_share(share)) for emotion, share in shares.items())
    entry.fa.set_flow_style()
    return entry

"""A manifest to begin with, made from addresses, media files and folders of them."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from voxemo_scan.errors import ManifestError, UsageError
from voxemo_scan.manifest.load import parse_manifest
from voxemo_scan.manifest.mistake import MistakeError, quoted
from voxemo_scan.manifest.model import Expectation, Manifest, Scene
from voxemo_scan.manifest.names import slug, unique_id
from voxemo_scan.manifest.source import is_web, parse_source
from voxemo_scan.manifest.write import dump_manifest

_AUDIO: Final = "aac ac3 aif aiff amr flac m4a mka mp2 mp3 oga ogg opus wav wma"
_VIDEO: Final = "3gp avi flv m2ts m4v mkv mov mp4 mpeg mpg mts ogv ts vob webm wmv"
MEDIA_SUFFIXES: Final = frozenset(f".{suffix}" for suffix in f"{_AUDIO} {_VIDEO}".split())
"""What a folder is searched for; a file that is named itself may be called anything."""

EXAMPLE: Final = Scene(
    id="a-few-good-men",
    title="A Few Good Men",
    film="a-few-good-men",
    source="https://youtu.be/9FnO3igOkOk",
    start_s=39.0,
    end_s=150.0,
    expect=Expectation(dominant=("angry", "disgust"), at_least={"angry": 0.3}, tolerance=0.05),
)

HEADER: Final = """\
A manifest of voxemo-scan: a list of scenes and, if you like, how each should sound.
Check this file with `voxemo-scan validate`, scan its scenes with `voxemo-scan run`.

What a scene may say besides id and source:
  title: A Few Good Men
  film: a-few-good-men         # scenes of one film share their voices
  start: 0:39                  # 39, 0:39 or 1:02:03.5; t= in an address counts too
  end: 2:30
  expect:                      # `voxemo-scan check` holds the scene to it
    dominant: [angry, disgust]   # the largest share is one of these
    at_least: {angry: 30%}
    at_most: {happy: 10%}
    tolerance: 5%
  published: {angry: 47%, disgust: 36%}    # shown beside ours, never checked
  known_failure: why the expectation fails today
The emotions: neutral, happy, sad, angry, fear, disgust.
"""


def starter_manifest(sources: Sequence[str], *, path: Path, name: str | None = None) -> Manifest:
    """Return a manifest with a scene for each source; ``path`` is where it will stand.

    Args:
        sources: web addresses, media files, and folders that are searched for media files.
            None at all gives an example scene.
        path: the manifest's file; local sources are written as seen from its folder.
        name: the manifest's name; made from the file's name if absent.

    Raises:
        UsageError: a source that is not there or cannot be written in a manifest.
    """
    scenes = tuple(_scenes(sources, folder=path.parent)) if sources else (EXAMPLE,)
    return Manifest(name=_spoken(path.stem) if name is None else name, path=path, scenes=scenes)


def starter_text(manifest: Manifest) -> str:
    """Return the commented YAML of a starter manifest, having read it back.

    Raises:
        UsageError: a file's name or the manifest's cannot stand in a manifest.
    """
    text = dump_manifest(manifest, header=HEADER)
    try:
        parse_manifest(text, path=manifest.path)
    except ManifestError as error:
        reasons = "; ".join(problem.advice for problem in error.problems)
        raise UsageError(
            f"no manifest can be made of this: {reasons}",
            remedy="choose another --name",
        ) from error
    return text


def _scenes(sources: Sequence[str], *, folder: Path) -> Iterator[Scene]:
    taken: set[str] = set()
    for place in dict.fromkeys(_places(sources)):
        scene_id = unique_id(_wanted_id(place) or "scene", taken=taken)
        taken.add(scene_id)
        yield Scene(id=scene_id, title=_title(place), source=_written(place, folder=folder))


def _places(sources: Iterable[str]) -> Iterator[str | Path]:
    for source in sources:
        path = Path(source)
        if is_web(source):
            yield _checked(source)
        elif path.is_dir():
            yield from _media_in(path)
        elif path.is_file():
            yield _absolute(path)
        else:
            _checked(source)
            raise UsageError(
                f"there is no file or folder {source}",
                remedy="give web addresses with https://, media files or folders",
            )


def _checked(source: str) -> str:
    try:
        return parse_source(source)
    except MistakeError as mistake:
        remedy = f"did you mean {mistake.suggestion}?" if mistake.suggestion else ""
        raise UsageError(mistake.message, remedy=remedy) from mistake


def _media_in(folder: Path) -> list[Path]:
    found = [
        _absolute(Path(parent) / name)
        for parent, _, names in _visible(folder)
        for name in names
        if Path(name).suffix.lower() in MEDIA_SUFFIXES
    ]
    if not found:
        raise UsageError(
            f"no audio or video in the folder {folder}",
            remedy="name the files themselves if they are called otherwise",
        )
    return sorted(found)


def _absolute(path: Path) -> Path:
    """Return ``path`` with its folder resolved and its own name kept, if that can be written."""
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in path.name):
        raise UsageError(
            f"the name of {quoted(str(path))} holds characters that a manifest cannot",
            remedy="rename the file",
        )
    return path.parent.resolve() / path.name


def _visible(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Walk ``folder`` without what is hidden, following no links to folders."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield parent, folders, [name for name in names if not name.startswith(".")]


def _wanted_id(place: str | Path) -> str:
    if isinstance(place, Path):
        return slug(place.stem)
    parts = urlsplit(place)
    stem = Path(unquote(parts.path)).stem
    video = parse_qs(parts.query).get("v", [""])[0]
    return slug(video or stem) or slug(parts.hostname or "")


def _title(place: str | Path) -> str:
    if isinstance(place, Path):
        return _spoken(place.stem)
    parts = urlsplit(place)
    video = parse_qs(parts.query).get("v", [""])[0]
    return " ".join(f"{parts.hostname}/{video or unquote(parts.path).strip('/')}".split())[:300]


def _written(place: str | Path, *, folder: Path) -> str:
    """Return the source as the manifest in ``folder`` should name it."""
    if isinstance(place, str):
        return place
    try:
        path = Path(os.path.relpath(place, folder.resolve())).as_posix()
    except ValueError:  # another drive on Windows
        path = place.as_posix()
    try:
        ambiguous = is_web(path) or path.startswith("~/") or parse_source(path) != path
    except MistakeError:
        ambiguous = True
    return f"./{path}" if ambiguous else path


def _spoken(stem: str) -> str:
    words = " ".join(stem.replace("-", " ").replace("_", " ").split())
    return (words[:1].upper() + words[1:])[:300] or "Scene"

"""A manifest file to a validated ``Manifest``, or to everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from voxemo_scan.emotions import parse_emotion
from voxemo_scan.errors import ManifestError, Problem
from voxemo_scan.manifest.document import read_document
from voxemo_scan.manifest.explain import problems_of
from voxemo_scan.manifest.form import ExpectForm, ManifestForm, SceneForm
from voxemo_scan.manifest.mistake import quoted
from voxemo_scan.manifest.model import Expectation, Manifest, Scene
from voxemo_scan.manifest.nodes import List, Map, Node, Place, Scalar, find, plain
from voxemo_scan.manifest.read import read_text
from voxemo_scan.manifest.source import start_in_address

MOST_PROBLEMS = 100
"""How many problems are told at once; who has more has made one mistake many times."""


def load_manifest(path: Path) -> Manifest:
    """Return the manifest in the YAML file at ``path``.

    Whether local sources exist is not looked at: a missing one fails its scene, not the manifest.

    Raises:
        UsageError: there is no such file, or it cannot be read.
        ManifestError: it is no valid manifest; holds every problem, by position.
    """
    return parse_manifest(read_text(path), path=path)


def parse_manifest(text: str, *, path: Path) -> Manifest:
    """Return the manifest that ``text`` holds; ``path`` is where it stands or will stand.

    Raises:
        ManifestError: it is no valid manifest; holds every problem, by position.
    """
    node, faults = read_document(text)
    file = str(path)
    problems = [Problem(file, f.place.line, f.place.column, f.message) for f in faults]
    if node is None or isinstance(node, Scalar | List):
        problems += [_no_mapping(node, file)] if not problems else []
        raise ManifestError(_told(problems, file))
    problems += _repeated_ids(node, file)
    try:
        form = ManifestForm.model_validate(plain(node))
    except ValidationError as error:
        problems += problems_of(error, root=node, file=file)
    if problems:
        raise ManifestError(_told(problems, file))
    return _manifest(form, node=node, path=path)


def _told(problems: list[Problem], file: str) -> list[Problem]:
    ordered = sorted(set(problems), key=lambda p: (p.line, p.column, p.message))
    kept = ordered[:MOST_PROBLEMS]
    if more := len(ordered) - len(kept):
        kept.append(Problem(file, kept[-1].line, kept[-1].column, f"and {more} more problems"))
    return kept


def _no_mapping(node: Node | None, file: str) -> Problem:
    place = node.place if node is not None else Place(1, 1)
    if isinstance(node, List):
        message = 'the file is a list; put it under the key "scenes"'
    elif node is None or (isinstance(node, Scalar) and node.text is None):
        message = "the file is empty; `voxemo-scan init` writes a manifest to begin with"
    else:
        message = 'the file is plain text, not a manifest with the key "scenes"'
    return Problem(file, place.line, place.column, message)


def _repeated_ids(root: Map, file: str) -> list[Problem]:
    scenes = root.entries.get("scenes")
    first: dict[str, int] = {}
    problems = []
    for scene in scenes.items if isinstance(scenes, List) else []:
        node = scene.entries.get("id") if isinstance(scene, Map) else None
        if not isinstance(node, Scalar) or node.text is None:
            continue
        if (line := first.setdefault(node.text, node.place.line)) != node.place.line:
            message = f"the id {quoted(node.text)} is already taken in line {line}"
            problems.append(Problem(file, node.place.line, node.place.column, message))
    return problems


def _manifest(form: ManifestForm, *, node: Map, path: Path) -> Manifest:
    tolerance = (form.defaults.expect_tolerance if form.defaults else None) or 0.0
    scenes = tuple(
        _scene(scene, node=find(node, ("scenes", i))[0], tolerance=tolerance)
        for i, scene in enumerate(form.scenes)
    )
    return Manifest(name=form.name or _spoken(path.stem), path=path, scenes=scenes)


def _scene(form: SceneForm, *, node: Node, tolerance: float) -> Scene:
    return Scene(
        id=form.id,
        title=form.title or _spoken(form.id),
        source=form.source,
        film=form.film,
        start_s=form.start if form.start is not None else start_in_address(form.source),
        end_s=form.end,
        expect=_expectation(form.expect, tolerance=tolerance) if form.expect else None,
        published=form.published or {},
        known_failure=form.known_failure,
        line=node.place.line,
        rule_lines=_rule_lines(find(node, ("expect",))[0]) if form.expect else {},
    )


def _expectation(form: ExpectForm, *, tolerance: float) -> Expectation:
    return Expectation(
        dominant=form.dominant or (),
        at_least=form.at_least or {},
        at_most=form.at_most or {},
        tolerance=tolerance if form.tolerance is None else form.tolerance,
    )


def _rule_lines(expect: Node) -> dict[str, int]:
    lines: dict[str, int] = {}
    for rule, place in expect.keys.items() if isinstance(expect, Map) else ():
        lines[rule] = place.line
        shares = expect.entries[rule] if isinstance(expect, Map) else None
        for name, at in shares.keys.items() if isinstance(shares, Map) else ():
            lines[f"{rule}.{parse_emotion(name)}"] = at.line
    return {rule: line for rule, line in lines.items() if rule == "dominant" or "." in rule}


def _spoken(stem: str) -> str:
    words = " ".join(stem.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:] if words else stem

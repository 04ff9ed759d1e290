import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from tests.manifest.strategies import manifests
from voxemo_scan.emotions import EMOTIONS, emotion_names
from voxemo_scan.errors import ManifestError
from voxemo_scan.manifest.load import parse_manifest
from voxemo_scan.manifest.model import Manifest
from voxemo_scan.manifest.schema import manifest_json_schema
from voxemo_scan.manifest.write import dump_manifest

SCHEMA = manifest_json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
MANIFESTS = Path(__file__).parents[2] / "manifests"


def editor_reads(text: str) -> Any:
    """Read YAML 1.2 as an editor's language server does, with numbers and booleans."""
    return YAML(typ="safe", pure=True).load(text)


def accepts(scene: dict[str, Any]) -> bool:
    return bool(VALIDATOR.is_valid({"scenes": [{"id": "a", "source": "a.wav", **scene}]}))


def loads(scene: dict[str, Any]) -> bool:
    text = json.dumps({"scenes": [{"id": "a", "source": "a.wav", **scene}]})
    try:
        parse_manifest(text, path=Path("m.yaml"))
    except ManifestError:
        return False
    return True


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["title"] == "voxemo-scan manifest"
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_every_key_is_described_for_editors() -> None:
    scene, expect = SCHEMA["$defs"]["SceneForm"], SCHEMA["$defs"]["ExpectForm"]
    for form in (SCHEMA, scene, expect, SCHEMA["$defs"]["DefaultsForm"]):
        assert form["additionalProperties"] is False
        assert all(field.get("title") for field in form["properties"].values())
        assert all(field.get("description") for field in form["properties"].values())
    assert SCHEMA["required"] == ["scenes"]
    assert scene["required"] == ["id", "source"]
    assert SCHEMA["$defs"]["Emotion"]["enum"][:6] == list(EMOTIONS)
    assert set(expect["properties"]["at_least"]["properties"]) == set(emotion_names())


@pytest.mark.parametrize("path", sorted(MANIFESTS.glob("*.yaml")), ids=lambda path: path.name)
def test_the_manifests_of_the_repository_satisfy_it(path: Path) -> None:
    VALIDATOR.validate(editor_reads(path.read_text(encoding="utf-8")))


@given(manifests())
@settings(max_examples=30, deadline=None)
def test_every_manifest_that_is_written_satisfies_it(manifest: Manifest) -> None:
    VALIDATOR.validate(editor_reads(dump_manifest(manifest)))


emotion = st.sampled_from(["angry", "sad", "x"])
emotion = st.sampled_from(["angry", "sad", "x"])
printable = st.characters(exclude_categories=["Cc", "Cs"])
odd = (
    st.text("0123456789:.% eE-+mh", max_size=8)
    | st.text(printable, max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-10, 500_000)
    | st.sampled_from([*emotion_names(), "ANGER", "con", "0:39", "30 %", "a-b"])
    | st.booleans()
    | st.lists(st.sampled_from([*EMOTIONS, "x"]), max_size=2)
    | st.dictionaries(emotion, st.sampled_from(["5%", "100.0%", 0.1, 1.5, "101%"]), max_size=1)
)


@example("start", -0.0)
@given(st.sampled_from(["id", "title", "film", "start", "published", "dominant"]), odd)
@settings(max_examples=400, deadline=None)
def test_what_it_accepts_loads(key: str, value: Any) -> None:
    scene = {"expect": {"dominant": value}} if key == "dominant" else {key: value}
    if accepts(scene):
        assert loads(scene)


@pytest.mark.parametrize(
    "scene",
    [
        {"id": "A b"},
        {"id": "con"},
        {"start": "0:75"},
        {"start": -1},
        {"start": "soon"},
        {"source": "ftp://example.org/a.wav"},
        {"source": ""},
        {"sorce": "x"},
        {"expect": {"dominant": "bored"}},
        {"expect": {"dominant": []}},
        {"expect": {"at_least": {"angri": "5%"}}},
        {"expect": {"at_least": {"angry": "30"}}},
        {"expect": {"at_least": {"angry": 30}}},
    ],
)
def test_what_it_refuses_does_not_load(scene: dict[str, Any]) -> None:
    assert not accepts(scene)
    assert not loads(scene)

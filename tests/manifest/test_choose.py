from __future__ import annotations

from pathlib import Path

import pytest

from voxemo_scan.errors import UsageError
from voxemo_scan.manifest.choose import choose_scenes
from voxemo_scan.manifest.model import Manifest, Scene

SCENES = tuple(Scene(id=name, title=name, source="a.wav") for name in ("elf", "steel", "pulp"))
MANIFEST = Manifest(name="m", path=Path("m.yaml"), scenes=SCENES)


def test_all_when_none_is_named() -> None:
    assert choose_scenes(MANIFEST) == SCENES


def test_the_named_in_the_manifests_order() -> None:
    assert choose_scenes(MANIFEST, only=["pulp", "elf", "pulp"]) == (SCENES[0], SCENES[2])


def test_an_unknown_id_suggests_the_nearest_or_lists_all() -> None:
    with pytest.raises(UsageError, match='did you mean "steel"'):
        choose_scenes(MANIFEST, only=["elf", "stell"])
    with pytest.raises(UsageError, match="there are: elf, steel, pulp"):
        choose_scenes(MANIFEST, only=["xyzzy"])

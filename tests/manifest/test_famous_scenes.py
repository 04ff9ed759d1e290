from pathlib import Path

from voxemo_scan.manifest.load import load_manifest

SCENES = {s.id: s for s in load_manifest(Path("manifests/famous-scenes.yaml").resolve()).scenes}


def test_the_five_scenes_are_there_with_their_addresses() -> None:
    assert {s.id: (s.source.rsplit("/", 1)[1], s.start_s, s.end_s) for s in SCENES.values()} == {
        "a-few-good-men": ("9FnO3igOkOk?t=39", 39.0, 150.0),
        "steel-magnolias": ("watch?v=iZx1W6cHw-g", None, None),
        "pulp-fiction": ("qo5jnBJvGUs?t=26", 26.0, None),
        "the-blair-witch-project": ("watch?v=2m_lqGnLtWA", None, None),
        "elf": ("watch?v=fNMtHosai08", None, None),
    }


def test_the_published_shares_are_the_origin_projects() -> None:
    assert {s.id: s.published for s in SCENES.values()} == {
        "a-few-good-men": {"angry": 0.47, "disgust": 0.36, "sad": 0.1},
        "steel-magnolias": {"sad": 0.8, "fear": 0.1},
        "pulp-fiction": {"angry": 1.0},
        "the-blair-witch-project": {"fear": 0.5, "sad": 0.32},
        "elf": {"sad": 0.51, "fear": 0.33},
    }


def test_each_scene_expects_what_it_was_chosen_to_test() -> None:
    dominant = {s.id: s.expect.dominant for s in SCENES.values() if s.expect}
    assert dominant == {
        "a-few-good-men": ("angry", "disgust"),
        "steel-magnolias": ("sad",),
        "pulp-fiction": ("angry",),
        "the-blair-witch-project": ("fear", "sad"),
        "elf": ("happy", "neutral"),
    }
    assert [s.id for s in SCENES.values() if s.known_failure] == ["elf"]

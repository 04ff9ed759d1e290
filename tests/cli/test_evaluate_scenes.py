"""``voxemo-scan evaluate scenes`` from arguments to figures and files."""

import json

import pytest

from tests.support.actors import write_networks
from tests.support.tiny import write_corpora, write_world
from tests.training.scenes.test_hold import SMALL


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    data = write_corpora(tmp_path_factory.mktemp("data"))
    return write_world(tmp_path_factory.mktemp("world"), data)


@pytest.fixture
def arguments(world, tmp_path, monkeypatch):
    from voxemo_scan.training.scenes import hold

    monkeypatch.setattr(hold, "ScenesPlan", lambda: SMALL)
    (weights,) = write_networks(tmp_path, protocol="unseen-speakers", folds=[0])
    return ["evaluate", "scenes", "--data", str(world), "--weights", str(weights), "-q"]


def test_scenes_are_measured_written_and_printed(run, arguments, tmp_path):
    code, told, said = run(*arguments, "--json", "-o", "out", "--seed", "2")
    values = json.loads(told)
    assert code == 0
    assert (values["protocol"], values["seed"]) == ("scenes", 2)
    assert [pool["pool"] for pool in values["pools"]] == ["unseen speakers", "TESS"]
    assert values["command"].startswith("voxemo-scan evaluate scenes")
    assert "out/scenes.md" in said
    assert json.loads((tmp_path / "out" / "scenes.json").read_text()) == values


def test_tables_are_printed(run, arguments):
    code, told, _ = run(*arguments, "--validation")
    assert code == 0
    assert "validation speakers: drawn, film-like" in told
    assert "40 (reference)" in told
    assert "TESS" not in told


@pytest.mark.parametrize("more", [["--labels", "8"], ["--level", "clip"], ["--gain-db", "3"]])
def test_what_scenes_do_not_have_is_a_usage_error(run, arguments, more):
    code, told, said = run(*arguments, *more)
    assert (code, told) == (2, "")
    assert "scenes are of six emotions" in " ".join(said.split())

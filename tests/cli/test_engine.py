"""Where scenes are analysed: what cannot be is said before any work is done, or in a line."""

import importlib.util
import json
import socket

import pytest


@pytest.fixture
def manifest(tmp_path, spoken):
    scene = {"id": "a", "title": "A", "source": str(spoken[0])}
    (tmp_path / "m.yaml").write_text(f"name: M\nscenes:\n  - {json.dumps(scene)}\n")
    return "m.yaml"


def test_ray_that_is_not_installed_is_named_with_its_remedy(run, manifest, monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        "voxemo_scan.scan.cluster.connection.find_spec",
        lambda name: None if name == "ray" else find_spec(name),
    )
    code, out, err = run("run", manifest, "--engine", "ray")
    assert (code, out) == (4, "")
    assert "ray" in err
    assert "pip install 'voxemo-scan[ray]'" in err


def test_an_engine_that_there_is_not_is_refused(run, manifest):
    code, _, err = run("run", manifest, "--engine", "spark")
    assert code == 2
    assert "choose local or ray" in err


@pytest.mark.parametrize(
    "option", [("--address", "auto"), ("--remote-store", "x"), ("--worker-cpus", "2")]
)
def test_options_of_ray_need_its_engine(run, manifest, option):
    code, _, err = run("run", manifest, *option)
    assert code == 2
    assert f"{option[0]} is of the Ray engine" in err
    assert "--engine ray" in err


def test_help_says_what_there_is(run):
    code, out, _ = run("run", "--help")
    assert code == 0
    for word in ("--engine", "--address", "--remote-store", "--worker-cpus"):
        assert word in out


def test_a_cluster_that_is_not_there_is_said_in_seconds(run, manifest):
    pytest.importorskip("ray", reason="the extra ray is not installed")
    with socket.socket() as taken:  # bound and not listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        code, _, err = run("run", manifest, "--engine", "ray", "--address", address)
    assert code == 4
    assert f"no Ray cluster answers at {address}" in err
    assert "ray start --head" in err


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [("nonsense://x", 2, "nonsense"), ("s3://bucket", 4, "pip install s3fs")],
)
def test_a_remote_store_that_cannot_be_used_is_refused(run, manifest, url, code, says):
    pytest.importorskip("ray", reason="the extra ray is not installed")
    if importlib.util.find_spec("s3fs"):
        pytest.skip("s3fs is installed")
    found, _, err = run("run", manifest, "--engine", "ray", "--remote-store", url)
    assert found == code
    assert says in err


def test_nothing_is_joined_to_say_what_would_be_done(run, manifest, monkeypatch):
    pytest.importorskip("ray", reason="the extra ray is not installed")
    monkeypatch.setattr("voxemo_scan.scan.cluster.executor.join", None)
    code, out, _ = run("run", manifest, "--engine", "ray", "--dry-run")
    assert code == 0
    assert out.startswith("run   a")

"""The wheel: whoever installs it needs nothing of this checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True)
    (path,) = folder.glob("*.whl")
    return path


def test_it_holds_weights_templates_recipes_and_licence_and_no_clips(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    index = json.loads(zipfile.ZipFile(wheel).read("voxemo_scan/models/weights/index.json"))
    for file in (name for files in index["members"].values() for name in files):
        assert f"voxemo_scan/models/weights/{file}" in names
    for ending in (
        ".jinja",
        ".css",
        "report/templates/player.js",
        "vendor/wavesurfer/wavesurfer.min.js",
        "vendor/wavesurfer/LICENSE",
        "classic6-average.yaml",
        "web/static/index.html",
        "web/login/login.html",
        "web/login/login.css",
        "LICENSE",
        "MODEL_CARD.md",
        "py.typed",
    ):
        assert any(name.endswith(ending) for name in names), ending
    assert not any(name.endswith((".opus", ".wav")) for name in names)
    assert not any(name.startswith("tests/") for name in names)


def test_installed_elsewhere_it_scans_a_manifest_from_another_folder(wheel, spoken, tmp_path):
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*install, str(site), str(wheel)], check=True)
    work = tmp_path / "work"
    work.mkdir()
    manifest = f"scenes:\n  - {{id: one, source: {json.dumps(str(spoken[0]))}}}\n"
    (work / "mine.yaml").write_text(manifest)
    environment = os.environ | {"PYTHONPATH": str(site), "VOXEMO_CACHE": str(tmp_path / "cache")}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments], cwd=work, env=environment, check=True, text=True,
            capture_output=True,
        ).stdout  # fmt: skip

    where = run("-c", "import voxemo_scan; print(voxemo_scan.__file__)")
    assert Path(where.strip()).is_relative_to(site)
    run("-m", "voxemo_scan", "run", "mine.yaml", "--quiet")
    report = json.loads((work / "reports" / "mine" / "report.json").read_text())
    assert report["scenes"][0]["status"] == "ok"
    assert (work / "reports" / "mine" / "report.html").stat().st_size > 5000

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from voxemo_scan.doctor import places
from voxemo_scan.doctor.places import disk_finding, folder_finding
from voxemo_scan.doctor.software import (
    downloader_finding,
    javascript_finding,
    loading_finding,
    package_findings,
)
from voxemo_scan.doctor.weights import weight_findings
from voxemo_scan.sources.javascript import find_deno

Run = Callable[..., tuple[int, str, str]]


def write_weights(folder: Path, *, recorded: bytes, there: bytes | None) -> None:
    entry = {"sha256": hashlib.sha256(recorded).hexdigest()}
    index = {
        "version": "1",
        "default": "classic",
        "members": {"classic": {"c6.safetensors": entry}},
        "models": {"classic": {"parts": {"classic": {}}}},
    }
    (folder / "index.json").write_text(json.dumps(index))
    if there is not None:
        (folder / "c6.safetensors").write_bytes(there)


def test_the_whole_look_agrees_with_its_exit_code(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("doctor", "--json")
    told = json.loads(out)
    findings = {finding["name"]: finding for finding in told["findings"]}
    assert {"python", "torch", "onnxruntime", "yt-dlp", "deno", "scenes", "cache"} <= set(findings)
    assert findings["torch"]["found"] == version("torch")
    assert str(tmp_path / "cache") in findings["cache"]["found"]
    assert all(f["remedy"] for f in told["findings"] if f["verdict"] != "ok")
    bad = any(finding["verdict"] == "bad" for finding in told["findings"])
    assert (code, told["ok"]) == ((4, False) if bad else (0, True))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_makes_exit_code_4(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voxemo_scan.doctor.examine.native_findings", list)  # it takes seconds
    (tmp_path / "file").touch()
    code, out, _ = run("doctor", "--quiet", "--scenes", "file/scenes")
    assert code == 4
    (line,) = [line for line in out.splitlines() if " scenes " in line]
    assert line.split()[0] == "bad"
    assert "--scenes" in line


def test_intact_weights(tmp_path: Path) -> None:
    write_weights(tmp_path, recorded=b"weights", there=b"weights")
    assert [finding.verdict for finding in weight_findings(tmp_path)] == ["ok", "ok"]


@pytest.mark.parametrize(
    ("there", "words"), [(b"weightz", "damaged: its checksum is"), (None, "No such file")]
)
def test_damaged_and_missing_weights(tmp_path: Path, there: bytes | None, words: str) -> None:
    write_weights(tmp_path, recorded=b"weights", there=there)
    _, file = weight_findings(tmp_path)
    assert (file.name, file.verdict) == ("c6.safetensors", "bad")
    assert words in file.found
    assert "reinstall" in file.remedy


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"name": 1}', '{"name":"x","files":3}'])
def test_without_a_list_of_weights_there_is_no_model(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "index.json").write_text(text)
    (finding,) = weight_findings(tmp_path)
    assert (finding.name, finding.verdict) == ("model", "bad")


def test_a_package_that_is_not_installed() -> None:
    (finding,) = package_findings(["voxemo-scan-nonexistent"])
    assert (finding.verdict, finding.remedy) == ("bad", "pip install voxemo-scan-nonexistent")


def test_a_package_that_is_installed_and_does_not_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_native.py").write_text("raise ImportError('libgomp.so.1: cannot open')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    finding = loading_finding("numpy", module="broken_native")
    assert finding.verdict == "bad"
    assert "ImportError: libgomp.so.1: cannot open" in finding.found


def test_an_old_downloader_is_a_warning() -> None:
    year, month, day = (int(part) for part in version("yt-dlp").split(".")[:3])
    released = date(year, month, day)
    young = downloader_finding(today=released + timedelta(days=30))
    old = downloader_finding(today=released + timedelta(days=200))
    assert (young.verdict, old.verdict) == ("ok", "warn")
    assert "200 days old" in old.found
    assert "pip install -U yt-dlp" in old.remedy


def test_the_deno_of_the_python_package_runs_without_a_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    assert javascript_finding(find_deno()).verdict == "ok"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo deno 1.46.3", "too old"),
        ("echo hello", "does not tell its version"),
        ("echo deno 2.5.0; exit 3", "does not tell its version"),
    ],
)
def test_a_deno_that_will_not_do(tmp_path: Path, script: str, words: str) -> None:
    program = tmp_path / "deno"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    finding = javascript_finding(program)
    assert finding.verdict == "warn"
    assert words in finding.found


def test_no_deno_and_one_that_cannot_be_run(tmp_path: Path) -> None:
    assert "not installed" in javascript_finding(None).found
    assert "does not run" in javascript_finding(tmp_path / "deno").found


def test_looking_at_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    finding = folder_finding("scenes", tmp_path / "a" / "b", remedy="-")
    assert (finding.verdict, "can be made" in finding.found) == ("ok", True)
    assert folder_finding("scenes", tmp_path, remedy="-").found.endswith("can be written")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("tight", "full", "verdict"), [(0, 0, "ok"), (1 << 62, 0, "warn"), (1 << 62, 1 << 62, "bad")]
)
def test_little_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tight: int, full: int, verdict: str
) -> None:
    monkeypatch.setattr(places, "_TIGHT_BYTES", tight)
    monkeypatch.setattr(places, "_FULL_BYTES", full)
    assert disk_finding(tmp_path / "not" / "there").verdict == verdict

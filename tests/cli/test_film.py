"""Real film lines, end to end."""

import json

import pytest

from tests.support.shared import SHARED, needs_film


@needs_film
def test_twelve_film_lines_end_in_twelve_scenes(run, tmp_path):
    clips = sorted((SHARED / "film").glob("*.opus"))
    scenes = "".join(f"  - {{id: {c.stem}, source: {json.dumps(str(c))}}}\n" for c in clips)
    (tmp_path / "film.yaml").write_text(f"name: Film lines\nscenes:\n{scenes}")
    assert run("run", "film.yaml", "--quiet") == (0, "", "")
    report = json.loads((tmp_path / "reports" / "film" / "report.json").read_text())
    found = {scene["id"]: scene for scene in report["scenes"]}
    assert len(found) == 12
    heard = [scene for scene in found.values() if scene["status"] == "ok"]
    assert {scene["status"] for scene in found.values()} <= {"ok", "no-speech"}
    assert len(heard) >= 7
    spoken = [scene for scene in found.values() if scene["speech_s"] or scene["abstained_s"]]
    assert len(spoken) >= 8
    for scene in heard:
        assert sum(scene["shares"].values()) == pytest.approx(1.0, abs=1e-6)
        assert scene["speech_s"] <= scene["duration_s"] + 1e-6

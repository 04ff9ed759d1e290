"""Runs whose workers fail."""

import sqlite3

import pytest

from tests.support import loaders
from voxemo_scan.errors import MissingError
from voxemo_scan.manifest.model import Manifest, Scene
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.progress import NoProgress
from voxemo_scan.scan.executors import LocalExecutor
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.pool import PoolExecutor
from voxemo_scan.scan.runner import Desk, run_scenes
from voxemo_scan.scan.store import ResultStore
from voxemo_scan.sources.library import ClipLibrary

OPTIONS = ScanOptions()


def run_with(executor, tmp_path, clip, starts_s=None):
    starts_s = starts_s or {"a": 0.0, "b": 1.0}
    scenes = tuple(
        Scene(id=name, title=name, source=str(clip), start_s=start_s)
        for name, start_s in starts_s.items()
    )
    manifest = Manifest(name="M", path=tmp_path / "m.yaml", scenes=scenes)
    model = ModelInfo("m", "1", {"m": "0"})
    with ResultStore(tmp_path / "r.sqlite") as store, executor:
        library = ClipLibrary(tmp_path / "scenes")
        desk = Desk(library, store, executor, model, {}, NoProgress())
        return run_scenes(manifest, scenes, desk)


def test_a_worker_that_dies_fails_its_scenes_and_not_the_run(tmp_path, spoken):
    found = run_with(PoolExecutor(loaders.dying, options=OPTIONS, jobs=1), tmp_path, spoken[0])
    assert [result.id for result in found] == ["a", "b"]
    assert {result.status for result in found} == {"failed"}
    assert "ended with exit code 9, 2 times" in found[0].error
    assert "--jobs" in found[0].remedy


@pytest.mark.parametrize("kind", [PoolExecutor, LocalExecutor])
def test_a_model_that_is_missing_ends_the_run(tmp_path, spoken, kind):
    more = {"jobs": 1} if kind is PoolExecutor else {}
    with pytest.raises(MissingError, match="no model here") as caught:
        run_with(kind(loaders.missing, options=OPTIONS, **more), tmp_path, spoken[0])
    assert caught.value.remedy == "get one"


def test_nothing_to_analyse_needs_no_model(tmp_path):
    missing = tmp_path / "none.wav"
    found = run_with(LocalExecutor(loaders.missing, options=OPTIONS), tmp_path, missing)
    assert {result.status for result in found} == {"failed"}
    assert "no such file" in found[0].error


def test_what_is_found_is_kept_before_more_is_begun(tmp_path, spoken, ensemble):
    class Interrupted(LocalExecutor):
        begun = 0

        def submit(self, task, *, progress):
            self.begun += 1
            if self.begun == 2:
                raise KeyboardInterrupt
            return super().submit(task, progress=progress)

    executor = Interrupted(lambda: ensemble, options=OPTIONS)
    with pytest.raises(KeyboardInterrupt):
        run_with(executor, tmp_path, spoken[0])
    with sqlite3.connect(tmp_path / "r.sqlite") as db:
        assert db.execute("SELECT count(*) FROM results").fetchone() == (1,)

"""A real Ray cluster of two nodes on this machine: the same results, whatever becomes of a node."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="the extra ray is not installed")

from tests.cli.conftest import run  # noqa: F401  (a fixture)
from tests.support import loaders
from tests.support.browser import on_ci
from voxemo_scan.errors import MissingError
from voxemo_scan.manifest.model import Manifest, Scene
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.progress import NoProgress
from voxemo_scan.scan.cluster.executor import RayExecutor
from voxemo_scan.scan.cluster.options import RayOptions
from voxemo_scan.scan.cores import usable_cores
from voxemo_scan.scan.executors import LocalExecutor
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.runner import Desk, run_scenes
from voxemo_scan.scan.store import ResultStore, result_key
from voxemo_scan.sources.library import ClipLibrary
from voxemo_scan.workflow import load_ensemble

pytestmark = pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="processes are found in /proc"
)

CLIPS = sorted((Path(__file__).parents[3] / "scenes" / "demo").glob("*.opus"))
MODEL = ModelInfo("m", "1", {"m": "0"})
OPTIONS = ScanOptions()
NODE = {"num_cpus": 1, "object_store_memory": 80 << 20}
_TRIES = 2
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_memory_monitor_refresh_ms": "0",  # what else this machine does is no reason to kill us
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


class Cluster:
    """A head and a second node, both with room for one worker."""

    def __init__(self):
        from ray.cluster_utils import Cluster as Nodes

        head = NODE | {"include_dashboard": False}
        before = family(os.getpid())
        try:
            self._nodes = Nodes(initialize_head=True, head_node_args=head)
            self._second = self._nodes.add_node(**NODE)
        except Exception:
            end(family(os.getpid()) - before)  # a node that came late would have no owner
            raise
        self.address = self._nodes.address

    def on_second(self, pid):
        """Return whether a process is of the second node."""
        return pid in family(self._raylet())

    def kill_second(self):
        """End the second node as a power cut does."""
        end({self._raylet(), *family(self._raylet())})

    def shutdown(self):
        self._nodes.shutdown()

    def _raylet(self):
        return self._second.all_processes["raylet"][0].process.pid


def end(processes):
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def family(pid):
    """Return the processes that ``pid`` started, and those that they did."""
    parents = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(each.parent.name)] = int(each.read_text().rpartition(")")[2].split()[1])
    found, grown = set(), {pid}
    while grown:
        grown = {child for child, parent in parents.items() if parent in grown} - found
        found |= grown
    return found


def begun():
    """Return a cluster; Ray gives its nodes thirty seconds to begin, and a machine may be busy."""
    for _ in range(_TRIES):
        try:
            return Cluster()
        except Exception as error:
            if "timed out" not in str(error):
                raise
    told = f"this machine is too busy: no Ray cluster began in {_TRIES} tries"
    return pytest.fail(told) if on_ci() else pytest.skip(told)


@pytest.fixture(scope="module")
def cluster():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        paths = [str(Path.cwd()), *filter(None, [os.environ.get("PYTHONPATH")])]
        patch.setenv("PYTHONPATH", os.pathsep.join(paths))  # for the workers
        made = begun()
        yield made
        made.shutdown()


def ray_executor(cluster, load, *, notes=None, **options):
    return RayExecutor(
        load,
        options=OPTIONS,
        ray=RayOptions(address=cluster.address, **options),
        key=partial(result_key, model=MODEL, parameters={}),
        note=(notes if notes is not None else []).append,
    )


def scanned(executor, folder, scenes, *, desk_store="r.sqlite"):
    manifest = Manifest(name="M", path=folder / "m.yaml", scenes=tuple(scenes))
    with ResultStore(folder / desk_store) as store, executor:
        library = ClipLibrary(folder / "scenes")
        desk = Desk(library, store, executor, MODEL, {}, NoProgress())
        return run_scenes(manifest, manifest.scenes, desk)


def demo_scenes():
    """Four scenes: each clip of the demo, and one's beginning."""
    ends = [(clip, None) for clip in CLIPS] + [(CLIPS[0], 9.0)]
    return [
        Scene(id=f"scene-{n}", title=clip.stem, source=str(clip), start_s=0.0, end_s=end_s)
        for n, (clip, end_s) in enumerate(ends)
    ]


def pids(log):
    return [int(line.split()[0]) for line in log.read_text().splitlines() if "judges" in line]


def alive(pid):
    """Return whether a process runs; one that nobody has asked after is none."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_report_is_the_same_byte_for_byte(run, cluster, tmp_path):  # noqa: F811
    (tmp_path / "text.wav").write_text("no sound at all\n" * 50)
    sources = {clip.stem: str(clip) for clip in CLIPS} | {"text": "text.wav", "no": "nowhere.wav"}
    lines = [f"  - {json.dumps({'id': n, 'source': s})}" for n, s in sources.items()]
    (tmp_path / "m.yaml").write_text("\n".join(["name: M", "scenes:", *lines]) + "\n")
    on_cluster = ("--engine", "ray", "--address", cluster.address, "--remote-store", "there")
    for name, where in {"here": ("--jobs", str(usable_cores())), "ray": on_cluster}.items():
        forget_results(tmp_path)
        code, _, told = run("run", "m.yaml", "--model", "classic", "--no-audio", "-o", name, *where)
        assert code == 3, told
    here, ray = (undated(tmp_path / name / "report.json") for name in ("here", "ray"))
    assert "is not a media file" in here
    assert here == ray
    clips, results = (tmp_path / "there" / name for name in ("clips", "results"))
    assert (len(list(clips.iterdir())), len(list(results.iterdir()))) == (4, 3)
    results_of_the_demo_are_taken_from_there(run, tmp_path, on_cluster, clips)


def forget_results(folder):
    """Empty the store of results; the page's pictures are kept, since they take longest."""
    for path in (folder / "cache").glob("results.sqlite*"):
        path.unlink()


def results_of_the_demo_are_taken_from_there(run, folder, on_cluster, clips):  # noqa: F811
    """Run again with an empty cache; no clip is sent, so that no worker can have analysed one."""
    forget_results(folder)
    shutil.rmtree(clips)
    only = [word for clip in CLIPS for word in ("--only", clip.stem)]
    code, _, told = run(
        "run", "m.yaml", "--model", "classic", "--no-audio", "-o", "again", *only, *on_cluster
    )
    assert code == 0, told
    assert not clips.exists()
    again, before = (
        json.loads((folder / name / "report.json").read_text())["scenes"]
        for name in ("again", "ray")
    )
    assert again == before[:3]


def undated(path):
    return "\n".join(x for x in path.read_text().splitlines() if '"created"' not in x)


def test_a_clip_that_no_worker_sees_is_sent_in_pieces(cluster, tmp_path, spoken):
    with spoken[0].open("rb") as file:
        mine = f"/proc/self/fd/{file.fileno()}"  # leads to the clip in this process alone
        scene = Scene(id="a", title="a", source=mine, start_s=0.0)
        load = partial(loaders.Listener, log=tmp_path / "log")
        (found,) = scanned(ray_executor(cluster, load, workers=1), tmp_path, [scene])
        here = LocalExecutor(loaders.Listener, options=OPTIONS)
        (expected,) = scanned(here, tmp_path, [scene], desk_store="here.sqlite")
    assert found.status == "ok"
    assert found == expected
    assert os.getpid() not in pids(tmp_path / "log")


def test_a_scene_that_ends_every_worker_fails_alone(cluster, tmp_path, spoken):
    notes = []
    scenes = [Scene(id="a", title="a", source=str(spoken[0]), start_s=0.0)]
    executor = ray_executor(cluster, loaders.dying, notes=notes, workers=1)
    (found,) = scanned(executor, tmp_path, scenes)
    assert found.status == "failed"
    assert "4 workers that analysed it were lost" in found.error
    assert found.remedy
    assert len(notes) == 3


def test_a_model_that_is_missing_ends_the_run(cluster, tmp_path, spoken):
    scenes = [Scene(id="a", title="a", source=str(spoken[0]), start_s=0.0)]
    with pytest.raises(MissingError, match="no model here") as caught:
        scanned(ray_executor(cluster, loaders.missing, workers=1), tmp_path, scenes)
    assert caught.value.remedy == "get one"


def test_a_cluster_without_room_is_not_waited_for_forever(cluster, tmp_path, spoken):
    scenes = [Scene(id="a", title="a", source=str(spoken[0]), start_s=0.0)]
    executor = ray_executor(cluster, loaders.Listener, workers=1, threads=64, patience_s=2)
    with pytest.raises(MissingError, match="had no room for a worker"):
        scanned(executor, tmp_path, scenes)


def test_a_node_with_another_version_ends_the_run(cluster, tmp_path, spoken, monkeypatch):
    monkeypatch.setattr("voxemo_scan.scan.cluster.crew.__version__", "0.0")  # the driver's
    scenes = [Scene(id="a", title="a", source=str(spoken[0]), start_s=0.0)]
    with pytest.raises(MissingError, match=r"this machine 0\.0") as caught:
        scanned(ray_executor(cluster, loaders.Listener, workers=1), tmp_path, scenes)
    assert "same version" in caught.value.remedy


def test_a_result_that_cannot_be_read_there_comes_from_the_worker(cluster, tmp_path, spoken):
    log = tmp_path / "log"
    scenes = [Scene(id="a", title="a", source=str(spoken[0]), start_s=0.0)]
    load = partial(loaders.Listener, log=log)
    executor = ray_executor(cluster, load, workers=1, remote_store=str(tmp_path / "there"))
    executor._remote.result = lambda key: None
    (found,) = scanned(executor, tmp_path, scenes)
    assert found.status == "ok"
    assert len(list((tmp_path / "there" / "results").iterdir())) == 1
    assert len(pids(log)) == 2


SCRIPT = """
import sys
from functools import partial
from pathlib import Path
from tests.scan.cluster.test_ray import Scene, loaders, ray_executor, scanned

class cluster:
    address = sys.argv[1]

log, clip, folder = map(Path, sys.argv[2:])
load = partial(loaders.Listener, log=log, pause_s=600)
scenes = [Scene(id=n, title=n, source=str(clip), start_s=s) for n, s in (("a", 0.0), ("b", 1.0))]
scanned(ray_executor(cluster, load), folder, scenes)
"""


def test_ctrl_c_ends_all_within_two_seconds(cluster, tmp_path, spoken):
    script, log = tmp_path / "script.py", tmp_path / "log"
    script.write_text(SCRIPT)
    with subprocess.Popen(
        [sys.executable, script, cluster.address, log, spoken[0], tmp_path],
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        while not (log.exists() and len(pids(log)) == 2):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        busy = max(1.0, os.getloadavg()[0] / usable_cores())  # two seconds of a machine with time
        asked = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        told = process.communicate()[1]
        assert time.monotonic() - asked < 2 * busy
    assert "KeyboardInterrupt" in told
    assert told.count("Traceback") == 1
    deadline = time.monotonic() + 20
    while any(alive(pid) for pid in pids(log)):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_node_that_is_killed_in_the_midst_costs_no_scene(cluster, tmp_path):
    log, notes = tmp_path / "log", []
    load = partial(loaders.Unhurried, pause_s=1.0, log=log)
    executor = ray_executor(cluster, load, notes=notes, remote_store=str(tmp_path / "there"))
    done = []

    class Watching(NoProgress):
        def stage(self, scene_id, name, *, done=None, total=None):
            if log.exists() and not killed:
                self._kill_one_at_work(pids(log))

        def _kill_one_at_work(self, working):
            second = [pid for pid in working if cluster.on_second(pid)]
            if second and len(set(working)) == 2:
                killed.extend(second)
                cluster.kill_second()

        def scene_done(self, scene_id, line):
            done.append((scene_id, bool(killed)))

    killed = []
    manifest = Manifest(name="M", path=tmp_path / "m.yaml", scenes=tuple(demo_scenes()))
    with ResultStore(tmp_path / "r.sqlite") as store, executor:
        library = ClipLibrary(tmp_path / "scenes")
        desk = Desk(library, store, executor, MODEL, {}, Watching())
        found = run_scenes(manifest, manifest.scenes, desk)
    assert killed
    assert not any(alive(pid) for pid in killed)
    assert [note for note in notes if "was lost" in note], notes
    assert sum(after for _, after in done) >= 2
    here = LocalExecutor(load_ensemble, options=OPTIONS, threads=1)
    assert found == scanned(here, tmp_path, demo_scenes(), desk_store="here.sqlite")
    assert {result.status for result in found} == {"ok"}

"""Measures speed and memory on this machine: ``python -m voxemo_scan.bench`` (``make bench``).

Everything is measured in one run, so that ratios hold though machines and their moods differ.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from voxemo_scan.atomic import write_atomic
from voxemo_scan.bench.machine import describe_machine
from voxemo_scan.bench.process import Ran, run_process, tool
from voxemo_scan.bench.rivals import measure_rivals
from voxemo_scan.bench.sound import Material, from_corpora, from_demo, lay_for, make_sound
from voxemo_scan.bench.stages import least, measure_stages
from voxemo_scan.bench.table import to_markdown
from voxemo_scan.scan.cores import usable_cores
from voxemo_scan.workflow import load_ensemble

_DEMO: Final = Path("scenes/demo")
_SCENES: Final = 6
_MANY: Final = 200
_SPEECH: Final = 0.6
_REPEATS: Final = 5
_TURNS: Final = 3
_SHORT: Final = 0.1


Part = Callable[["Bench"], dict[str, Any]]


@dataclass(frozen=True)
class Bench:
    """Where a benchmark works, and on how much of what sound; ``laid`` is for ``make_sound``."""

    folder: Path
    material: Material
    minutes: float
    laid: float

    def sound(self, name: str, *, minutes: float, seed: int = 0) -> Path:
        """Return so much sound, in a file of that name."""
        path = self.folder / f"{name}.opus"
        if not path.exists():
            make_sound(self.material, path, minutes=minutes, laid=self.laid, seed=seed)
        return path


def main() -> None:
    """Measure, and write the table and its figures."""
    asked = _arguments()
    material = from_corpora(asked.data) if asked.data.is_dir() else from_demo(_DEMO)
    kept = asked.out.with_suffix(".json")
    figures = json.loads(kept.read_text("utf-8")) if asked.only and kept.is_file() else {}
    machine = describe_machine()
    figures |= {"command": "make bench", "machine": machine, "sound": material.name}
    with TemporaryDirectory(prefix="voxemo-bench-") as name:
        laid = lay_for(material, speech=_SPEECH)
        bench = Bench(Path(name), material, asked.minutes, laid)
        for part in asked.only or PARTS:
            _say(part)
            figures |= PARTS[part](bench)
            figures.setdefault("commits", {})[part] = machine["commit"]
    write_atomic(kept, json.dumps(figures, indent=1).encode() + b"\n")
    write_atomic(asked.out, to_markdown(figures).encode())


def _speed(bench: Bench) -> dict[str, Any]:
    """Stages, the whole command on all cores and on one, and larger encoders.

    Stages and command take turns, and of each the least is kept, as it is of the encoders.
    """
    cores = usable_cores()
    sound = bench.sound("film", minutes=bench.minutes)
    ensemble = load_ensemble()
    stages, runs = [], []
    for _ in range(_TURNS):
        stages.append(measure_stages(sound, ensemble, threads=cores))
        runs.append(_run(bench.folder, [sound]))
    return {
        "stages": asdict(least(stages)),
        "run": asdict(min(runs, key=lambda ran: ran.wall_s)),
        "one_core": asdict(_run(bench.folder, [sound], cores=[min(os.sched_getaffinity(0))])),
        "rivals": [asdict(rival) for rival in measure_rivals(threads=cores)],
    }


def _memory(bench: Bench) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for minutes in (bench.minutes / 6, bench.minutes, 3 * bench.minutes):
        sound = bench.sound(f"long-{len(rows)}", minutes=minutes)
        rows.append({"minutes": minutes, **asdict(_run(bench.folder, [sound]))})
    return {"memory": rows}


def _workers(bench: Bench) -> dict[str, Any]:
    minutes = bench.minutes / 2 / _SCENES
    pieces = [bench.sound(f"piece-{n}", minutes=minutes, seed=n) for n in range(_SCENES)]
    return {
        "jobs": [
            {"jobs": jobs, **asdict(_run(bench.folder, pieces, "--jobs", str(jobs)))}
            for jobs in (1, 2)
        ]
    }


def _again(bench: Bench) -> dict[str, Any]:
    """Measure the second run of an unchanged manifest of many short scenes."""
    sound = bench.sound("film", minutes=bench.minutes)
    manifest = bench.folder / "many.yaml"
    scenes = "".join(
        f"  - {{id: s-{n}, source: {sound.name}, start: {4 * n}, end: {4 * n + 4}}}\n"
        for n in range(_MANY)
    )
    manifest.write_text(f"name: many\nscenes:\n{scenes}", encoding="utf-8")
    command = tool("run", str(manifest), "--offline", "-q", "-o", str(bench.folder / "many"))
    with TemporaryDirectory(prefix="voxemo-bench-cache-") as cache:
        run_process(command, env={"VOXEMO_CACHE": cache})
        times = [run_process(command, env={"VOXEMO_CACHE": cache}) for _ in range(_REPEATS)]
    return {"again": {"scenes": _MANY, **asdict(min(times, key=lambda ran: ran.wall_s))}}


def _load(_: Bench) -> dict[str, Any]:
    """Have the page under load, and take the table that its own command prints."""
    command = [sys.executable, "-m", "voxemo_scan.web.load", str(_DEMO / "the-lighthouse.opus")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return {"load": done.stdout.strip()}


def _cold_start(bench: Bench) -> dict[str, Any]:
    """Measure the least seconds of a few starts: of ``--help``, and of a clip of some seconds."""
    short = bench.sound("short", minutes=_SHORT)
    helped, heard = [], []
    for number in range(_REPEATS):
        env = {"VOXEMO_CACHE": str(bench.folder / f"cache-{number}")}
        helped.append(run_process(tool("--help"), env=env).wall_s)
        heard.append(run_process(tool("listen", str(short), "-q"), env=env).wall_s)
    return {"cold": {"help_s": min(helped), "one_clip_s": min(heard), "clip_s": 60 * _SHORT}}


PARTS: Final[dict[str, Part]] = {
    "speed": _speed,
    "cold": _cold_start,
    "memory": _memory,
    "workers": _workers,
    "again": _again,
    "load": _load,
}


def _run(folder: Path, sounds: list[Path], *options: str, cores: list[int] | None = None) -> Ran:
    """Return what ``voxemo-scan run`` takes from clips to report, nothing kept from before."""
    manifest = folder / "bench.yaml"
    scenes = "".join(f"  - {{id: {path.stem}, source: {path.name}}}\n" for path in sounds)
    manifest.write_text(f"name: bench\nscenes:\n{scenes}", encoding="utf-8")
    with TemporaryDirectory(prefix="voxemo-bench-cache-") as cache:
        return run_process(
            tool("run", str(manifest), "--offline", "--quiet", "-o", str(folder / "out"), *options),
            env={"VOXEMO_CACHE": cache},
            cores=cores,
        )


def _say(what: str) -> None:
    print(f"bench: {what}", flush=True)  # noqa: T201  (a long command that nobody parses)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m voxemo_scan.bench", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"),
        help="corpora to make the sound of; without them it is made of the demo's lines",
    )  # fmt: skip
    parser.add_argument("--minutes", type=float, default=60.0, help="length of the sound")
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="measure this part alone, keep the others"
    )
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""Measures speed and memory on this machine: ``python -m voxemo_scan.bench`` (``make bench``).

Everything is measured in one run, so that ratios hold though machines and their moods differ.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from voxemo_scan.atomic import write_atomic
from voxemo_scan.bench.machine import describe_machine
from voxemo_scan.bench.process import Ran, run_process, tool
from voxemo_scan.bench.rivals import measure_rivals
from voxemo_scan.bench.sound import Material, from_corpora, from_demo, lay_for, make_sound
from voxemo_scan.bench.stages import measure_stages
from voxemo_scan.bench.table import to_markdown
from voxemo_scan.scan.cores import usable_cores
from voxemo_scan.workflow import load_ensemble

_DEMO: Final = Path("scenes/demo")
_SCENES: Final = 6
_MANY: Final = 200
_SPEECH: Final = 0.6
_REPEATS: Final = 5
_SHORT: Final = 0.1


def main() -> None:
    """Measure, and write the table and its figures."""
    asked = _arguments()
    material = from_corpora(asked.data) if asked.data.is_dir() else from_demo(_DEMO)
    with TemporaryDirectory(prefix="voxemo-bench-") as name:
        figures = measure(Path(name), material, minutes=asked.minutes, quick=asked.quick)
    _say("the page under load")
    figures["load"] = _load()
    figures["command"] = "make bench" if not asked.quick else "python -m voxemo_scan.bench --quick"
    write_atomic(asked.out.with_suffix(".json"), json.dumps(figures, indent=1).encode() + b"\n")
    write_atomic(asked.out, to_markdown(figures).encode())


def measure(
    folder: Path, material: Material, *, minutes: float, quick: bool = False
) -> dict[str, Any]:
    """Return all figures; ``folder`` is for the sound and the tool's own files."""
    cores = usable_cores()
    sound = folder / "film.opus"
    _say(f"making {minutes:g} minutes of sound")
    laid = lay_for(material, speech=_SPEECH)
    make_sound(material, sound, minutes=minutes, laid=laid)
    _say("stages")
    stages, _ = measure_stages(sound, load_ensemble(), threads=cores)
    figures: dict[str, Any] = {
        "machine": describe_machine(),
        "sound": material.name,
        "stages": asdict(stages),
        "run": asdict(_run(folder, [sound])),
        "one_core": asdict(_run(folder, [sound], cores=[min(os.sched_getaffinity(0))])),
        "cold": _cold_start(folder, material),
        "clip_bytes": sound.stat().st_size,
        "report_bytes": _bytes(folder / "out" / "report.json"),
    }
    _say("larger encoders")
    figures["rivals"] = [asdict(rival) for rival in measure_rivals(threads=cores)]
    lengths = [minutes / 6, minutes] if quick else [10.0, 60.0, 180.0]
    figures["memory"] = []
    for length in lengths:
        _say(f"memory of {length:g} minutes")
        path = folder / f"film-{len(figures['memory'])}.opus"
        make_sound(material, path, minutes=length, laid=laid)
        figures["memory"].append({"minutes": length, **asdict(_run(folder, [path]))})
    _say("workers")
    pieces = [folder / f"piece-{n}.opus" for n in range(_SCENES)]
    for n, piece in enumerate(pieces):
        make_sound(material, piece, minutes=minutes / 2 / _SCENES, laid=laid, seed=n)
    figures["jobs"] = [
        {"jobs": jobs, **asdict(_run(folder, pieces, "--jobs", str(jobs)))} for jobs in (1, 2)
    ]
    _say("again")
    figures["again"] = {"scenes": _MANY, **asdict(_again(folder, sound))}
    return figures


def _load() -> str:
    """Return how the page fares under load, as the table that its own command prints."""
    command = [sys.executable, "-m", "voxemo_scan.web.load", str(_DEMO / "the-lighthouse.opus")]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout.strip()


def _again(folder: Path, sound: Path) -> Ran:
    """Return what the second run of an unchanged manifest of many short scenes takes."""
    manifest = folder / "many.yaml"
    scenes = "".join(
        f"  - {{id: s-{n}, source: {sound.name}, start: {4 * n}, end: {4 * n + 4}}}\n"
        for n in range(_MANY)
    )
    manifest.write_text(f"name: many\nscenes:\n{scenes}", encoding="utf-8")
    command = tool("run", str(manifest), "--offline", "-q", "-o", str(folder / "many"))
    with TemporaryDirectory(prefix="voxemo-bench-cache-") as cache:
        run_process(command, env={"VOXEMO_CACHE": cache})
        times = [run_process(command, env={"VOXEMO_CACHE": cache}) for _ in range(_REPEATS)]
    return min(times, key=lambda ran: ran.wall_s)


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


def _cold_start(folder: Path, material: Material) -> dict[str, float]:
    """Return the least seconds of a few starts: of ``--help``, and of a clip of some seconds."""
    _say("cold start")
    short = folder / "short.opus"
    make_sound(material, short, minutes=_SHORT, laid=_SPEECH)
    helped, heard = [], []
    for number in range(_REPEATS):
        env = {"VOXEMO_CACHE": str(folder / f"cache-{number}")}
        helped.append(run_process(tool("--help"), env=env).wall_s)
        heard.append(run_process(tool("listen", str(short), "-q"), env=env).wall_s)
    return {"help_s": min(helped), "one_clip_s": min(heard), "clip_s": 60 * _SHORT}


def _bytes(path: Path) -> int:
    return path.stat().st_size


def _say(what: str) -> None:
    print(f"bench: {what}", flush=True)  # noqa: T201  (a long command that nobody parses)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m voxemo_scan.bench", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"),
        help="corpora to make the sound of; without them it is made of the demo's lines",
    )  # fmt: skip
    parser.add_argument("--minutes", type=float, default=60.0, help="length of the sound")
    parser.add_argument("--quick", action="store_true", help="leave out the longest recordings")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    return parser.parse_args()


if __name__ == "__main__":
    main()

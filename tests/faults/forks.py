"""Runs the command line in forks of a process that has imported everything, one after another.

Importing takes most of a short run's time, in which there is nothing to break. For each line on
stdin a fork begins; its pid is told on stdout, and how it ended.
"""

from __future__ import annotations

import importlib
import os
import sys

OURS = ("features.compiled", "cli.run", "manifest.load", "models.registry", "report.media.gather",
        "report.write", "scan.analyse", "sources.web", "workflow")  # fmt: skip
THEIRS = ("librosa.core.spectrum", "librosa.feature.spectral", "numba", "onnxruntime",
          "scipy.interpolate", "scipy.ndimage", "scipy.signal", "scipy.stats")  # fmt: skip
for name in (*(f"voxemo_scan.{name}" for name in OURS), *THEIRS):
    importlib.import_module(name)


def child(arguments: list[str]) -> None:
    from voxemo_scan.cli import main

    told = os.open("told", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(told, 1)
    os.dup2(told, 2)
    sys.argv = ["voxemo-scan", *arguments]
    try:
        main()
    except SystemExit as stop:
        sys.stderr.flush()
        os._exit(int(stop.code or 0))


if __name__ == "__main__":
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(sys.argv[1:])
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()

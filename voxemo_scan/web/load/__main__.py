"""``python -m voxemo_scan.web.load``: many listeners and uploads at once, and how they fared.

Starts the application in a process of its own (or takes one that runs, with ``--at``), has people
listened to over WebSockets while others upload recordings, and prints a Markdown table. The exit
code is 1 where anything was answered but success and 429.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from voxemo_scan.web.load.crowd import Crowd, Plan
from voxemo_scan.web.load.server import running_server
from voxemo_scan.web.load.table import table_of


def main() -> int:
    """Run the load and return the exit code."""
    options = _options()
    plan = Plan(
        clip=options.clip,
        listeners=options.listeners,
        uploads=options.uploads,
        seconds=options.seconds,
    )
    with running_server(options.jobs, at=options.at) as server:
        crowd = Crowd(plan, port=server.port)
        watch = server.watched()
        asyncio.run(crowd.run())
        found = crowd.found(memory_bytes=watch.stop())
    sys.stdout.write(table_of(plan, found))
    return 1 if found.faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m voxemo_scan.web.load", description=__doc__)
    parser.add_argument("clip", type=Path, help="a recording of speech to send")
    parser.add_argument("--listeners", type=int, default=50, help="people who are listened to")
    parser.add_argument("--uploads", type=int, default=200, help="recordings uploaded at once")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each one speaks")
    parser.add_argument("--jobs", type=int, default=1, help="recordings that are heard at a time")
    parser.add_argument("--at", type=int, metavar="PORT", help="take the one on this port")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

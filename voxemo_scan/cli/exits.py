"""How what happens inside a command becomes the exit code of the command line."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final, TextIO

from rich.markup import escape

from voxemo_scan.cli.console import err, print_error
from voxemo_scan.errors import ExitCode, VoxemoError

_REMEDIES: Final = {
    errno.ENOSPC: "free some disk space and run again; what was done is kept",
    errno.EDQUOT: "your share of the disk is used up: free some of it, and run again",
    errno.EFBIG: "files here may not grow that large: raise the limit (ulimit -f), and run again",
    errno.EROFS: "the disk can only be read: name another folder (-o, --scenes, VOXEMO_CACHE)",
    errno.EACCES: "make it writable, or name another folder (-o, --scenes, VOXEMO_CACHE)",
}


def run_to_exit_code(task: Callable[[], object]) -> int:
    """Run ``task`` and return the exit code that its end means; other errors pass through."""
    try:
        task()
        sys.stdout.flush()
    except VoxemoError as error:
        _say(partial(print_error, error))
        return error.exit_code
    except KeyboardInterrupt:
        _say(partial(err.print, "interrupted"))
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return ExitCode.PIPE_CLOSED
    except OSError as error:
        _discard_output(sys.stdout)
        _say(partial(_print_os_error, error))
        return ExitCode.MISSING
    return ExitCode.OK


def _say(speak: Callable[[], None]) -> None:
    """Speak on stderr; that nobody can hear it changes no exit code."""
    try:
        speak()
    except OSError:
        _discard_output(sys.stderr)


def _print_os_error(error: OSError) -> None:
    what = error.strerror or str(error)
    where = f": {error.filename}" if error.filename else ""
    err.print(f"[bold red]error:[/] {escape(what + where)}")
    if remedy := _REMEDIES.get(error.errno or 0):
        err.print(f"[dim]  try:[/] {remedy}")


def _discard_output(*streams: TextIO) -> None:
    """Point the streams (all, if none is named) at nothing, lest their buffers fail again."""
    sink = os.open(os.devnull, os.O_WRONLY)
    for stream in streams or (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            os.dup2(sink, stream.fileno())
    os.close(sink)

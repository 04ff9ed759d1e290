"""Every error a user can meet: what happened, where, and what to do about it.

Each class carries the exit code that the command line ends with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from typing import Any, ClassVar


class ExitCode(IntEnum):
    """Exit codes of the command line."""

    OK = 0
    CHECK_FAILED = 1
    USAGE = 2
    SCENE_FAILED = 3
    MISSING = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    """Who read the output stopped reading: 128 + SIGPIPE, as for any other tool."""


class VoxemoError(Exception):
    """Base of all errors that are reported to the user without a traceback.

    Args:
        message: what happened and where.
        remedy: what the user can do about it.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.SCENE_FAILED

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} ({self.remedy})" if self.remedy else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        """Let an error travel between processes whole: pickling passes no keywords by itself."""
        return partial(type(self), self.message, remedy=self.remedy), ()


class UsageError(VoxemoError, ValueError):
    """An argument or option that cannot be used."""

    exit_code = ExitCode.USAGE


class SourceError(VoxemoError):
    """A clip that could not be fetched."""


class AudioError(VoxemoError):
    """A clip that could not be decoded or holds no audio."""


class MissingError(VoxemoError):
    """A model, optional package or program that is needed and not there."""

    exit_code = ExitCode.MISSING


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file; ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int
    message: str
    suggestion: str | None = None

    @property
    def place(self) -> str:
        """``file:line:column``, as compilers write it and editors follow it."""
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def advice(self) -> str:
        """What is wrong, with the suggestion if there is one."""
        hint = f', did you mean "{self.suggestion}"?' if self.suggestion else ""
        return self.message + hint

    def __str__(self) -> str:
        return f"{self.place}: {self.advice}"


class ManifestError(VoxemoError, ValueError):
    """A manifest that cannot be used, with everything that is wrong in it, by position."""

    exit_code = ExitCode.USAGE

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel with the problems."""
        return type(self), (self.problems,)

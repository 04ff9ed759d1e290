"""What a long task says of its progress; only the parent process draws it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives progress; the command line draws it as bars, plain lines or not at all."""

    def start(self, total_scenes: int) -> None:
        """Begin a run over ``total_scenes`` scenes."""

    def stage(
        self, scene_id: str, name: str, *, done: float | None = None, total: float | None = None
    ) -> None:
        """Say that scene ``scene_id`` is in stage ``name``, ``done`` of ``total`` units in."""

    def scene_done(self, scene_id: str, line: str) -> None:
        """Say that a scene has ended; ``line`` is its outcome in a few words."""

    def note(self, message: str) -> None:
        """Say something in passing, such as a retry."""


class NoProgress:
    """Says nothing."""

    def start(self, total_scenes: int) -> None:
        """Ignore."""

    def stage(
        self, scene_id: str, name: str, *, done: float | None = None, total: float | None = None
    ) -> None:
        """Ignore."""

    def scene_done(self, scene_id: str, line: str) -> None:
        """Ignore."""

    def note(self, message: str) -> None:
        """Ignore."""

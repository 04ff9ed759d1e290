"""Windows of all who are listened to, judged together: a few at once cost less than one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from voxemo_scan.errors import VoxemoError
from voxemo_scan.web.answers import Refusal
from voxemo_scan.web.crew.jobs import Excerpt, Judge

if TYPE_CHECKING:
    from voxemo_scan.models.judgement import Judgement
    from voxemo_scan.web.crew.crew import Crew

AT_ONCE: Final = 8

_Asked = tuple[Excerpt, "asyncio.Future[Judgement | None]"]


class Chorus:
    """Hands what waits to a worker, ``AT_ONCE`` excerpts at a time."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._waiting: list[_Asked] = []
        self._task: asyncio.Task[None] | None = None

    async def judge(self, excerpt: Excerpt) -> Judgement | None:
        """Return what is heard in one window; None where that cannot be told."""
        answer: asyncio.Future[Judgement | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((excerpt, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await answer

    def stop(self) -> None:
        """Judge no more."""
        if self._task is not None:
            self._task.cancel()
        for _, answer in self._waiting:
            answer.cancel()

    async def _work(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            asked = [(excerpt, answer) for excerpt, answer in asked if not answer.done()]
            if not asked:
                continue
            heard = await self._heard([excerpt for excerpt, _ in asked])
            for number, (_, answer) in enumerate(asked):
                if not answer.done():
                    answer.set_result(_only(heard, number, of=len(asked)))

    async def _heard(self, excerpts: Sequence[Excerpt]) -> Judgement | None:
        try:
            heard: Judgement = await self._crew.do(Judge(tuple(excerpts)))
        except (Refusal, VoxemoError):
            return None
        return heard


def _only(heard: Judgement | None, number: int, *, of: int) -> Judgement | None:
    return None if heard is None else heard.only(np.arange(of) == number)

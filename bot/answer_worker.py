"""A worker thread that answers for coroutines, one call at a time, from the newest sound generation of the index."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from bot.answer_source import AnswerSource, newest, warn

T = TypeVar("T")

Computing = Callable[[int | None], AbstractContextManager[object]]

_PATIENCE = 5.0  # seconds for which a background call lets all others pass; then it queues like any other


class AnswerWorker:
    """Runs calls of an AnswerSource one at a time, first come, first served, since encoding is bound by the processor.

    Each call sees one generation from its beginning to its end.
    """

    def __init__(
        self, answers: AnswerSource, computing: Computing = lambda _: nullcontext(), patience: float = _PATIENCE
    ) -> None:
        """Answer from `answers`.

        `computing` is entered in the event loop's thread when a call begins, with the id of the update that it answers
        or None, and left when the call has ended. `patience` is how many seconds a background call gives way.
        """
        self._answers = answers
        self._computing = computing
        self._patience = patience
        self._executor = ThreadPoolExecutor(1, "answers")
        self._turn = asyncio.Lock()
        self._waiting = 0  # calls that are not in the background
        self.moved = asyncio.Event()  # set when a call was the first of another generation
        self.refusal: str | None = None  # why the published generation is not the one that answers; None if it is
        self.refused = asyncio.Event()  # set when a call was the first to find such a reason

    @property
    def generation(self) -> int:
        """Return the number of the generation that answers."""
        return self._answers.generation

    @property
    def content(self) -> str:
        """Return the fingerprint of the articles that answer, which is equal for generations with the same articles."""
        return self._answers.manifest.content

    async def run(
        self, call: Callable[[AnswerSource], T], *, update: int | None = None, in_background: bool = False
    ) -> T:
        """Return what `call` returns for the newest answers, in the worker's thread; raise what it raises.

        `update` is the id of the update that the call answers. A background call waits until nobody else does, or
        until its patience is over.
        """
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._patience
        while in_background and self._waiting and clock() < deadline:
            await asyncio.sleep(0.05)
        self._waiting += not in_background
        try:
            async with self._turn:
                with self._computing(update):
                    return await self._run_now(call)
        finally:
            self._waiting -= not in_background

    async def move(self) -> None:
        """Move to the newest generation, in the background."""
        await self.run(lambda _: None, in_background=True)

    def close(self) -> None:
        """End the thread without waiting for the call that runs."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _run_now(self, call: Callable[[AnswerSource], T]) -> T:
        generation, refusal = self._answers.generation, self.refusal
        work = partial(copy_context().run, self._call, call)  # log lines keep the fields that are bound here
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:  # also if the call failed, since no later one is the first of its generation
            if self._answers.generation != generation:
                self.moved.set()
            if self.refusal and self.refusal != refusal:
                self.refused.set()

    def _call(self, call: Callable[[AnswerSource], T]) -> T:
        return call(newest(self._answers, self._note))

    def _note(self, refusal: str | None) -> None:
        if refusal != self.refusal:  # log a reason once, not with every call
            warn(refusal)
        self.refusal = refusal

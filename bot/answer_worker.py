"""The way to the answers: one thread that answers, from the newest generation that is sound."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from bot.answer_source import AnswerSource, newest, warn
from index.storage.articles import Summary
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote
from retrieval.types import Answer, Question

T = TypeVar("T")

_BEHIND = 5.0  # seconds for which a call lets all others pass, who may never be done; then its turn comes as theirs


class AnswerWorker:
    """AnswerSource for coroutines, one at a time and first come, first served: encoding is bound by the processor.

    Each call sees one generation from its beginning to its end.
    """

    def __init__(
        self, answers: AnswerSource, working: Callable[[], AbstractContextManager[object]] = nullcontext
    ) -> None:
        """`working` is entered when a call's turn has come, in the event loop's thread, and left when it is over."""
        self._answers = answers
        self._working = working
        self._worker = ThreadPoolExecutor(1, "answers")
        self._turn = asyncio.Lock()
        self._waiting = 0
        self.moved = asyncio.Event()  # set when a call was the first one of another generation
        self.refusal: str | None = None  # why what is published is not what answers; None if it is
        self.refused = asyncio.Event()  # set when a call was the first one that found such a reason

    @property
    def generation(self) -> int:
        """The number of the generation that answers."""
        return self._answers.generation

    @property
    def content(self) -> str:
        """What names the articles that answer: another generation with the same holds the same."""
        return self._answers.manifest.content

    async def answer(self, question: Question, limit: int | None = None) -> Answer:
        """The answer to a question."""
        return await self.run(lambda answers: answers.answer(question, limit))

    async def more(self, question: Question, seen: Collection[str], limit: int | None = None) -> Answer:
        """The quotes that answer beyond those whose ids are `seen`."""
        return await self.run(lambda answers: answers.more(question, seen, limit))

    async def latest(
        self, asked: datetime, since: date | None, source: str | None, seen: Collection[str] = ()
    ) -> Answer:
        """The beginnings of the newest articles, without the quotes whose ids are `seen`."""
        return await self.run(lambda answers: answers.latest(asked, since, source, seen=seen))

    async def look_up(self, id: QuoteId) -> LocatedQuote | None:
        """Where a quote stands now; None if its article is gone."""
        return await self.run(lambda answers: answers.look_up(id))

    async def summary(self) -> Summary:
        """What the articles are, in numbers."""
        return await self.run(lambda answers: answers.summary())

    async def move(self) -> None:
        """Move to the newest generation, once nobody else waits, whether or not anybody asks anything."""
        await self.run(lambda _: None, behind=True)

    async def run(self, call: Callable[[AnswerSource], T], behind: bool = False) -> T:
        """What a call gives in the answering thread; if it is to stay `behind`, once nobody else waits.

        Or after some seconds, where somebody always does.
        """
        clock = asyncio.get_running_loop().time
        late = clock() + _BEHIND
        while behind and self._waiting and clock() < late:
            await asyncio.sleep(0.05)
        self._waiting += not behind
        try:
            async with self._turn:
                with self._working():
                    before, refusal = self._answers.generation, self.refusal
                    loop = asyncio.get_running_loop()
                    context = copy_context()  # of log lines
                    work = partial(context.run, self._call, call)
                    try:
                        return await loop.run_in_executor(self._worker, work)
                    finally:  # also if the call failed, since no other one is the first of the generation
                        if self._answers.generation != before:
                            self.moved.set()
                        if self.refusal and self.refusal != refusal:
                            self.refused.set()
        finally:
            self._waiting -= not behind

    def close(self) -> None:
        """End the thread, without waiting for what it is at."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _call(self, call: Callable[[AnswerSource], T]) -> T:
        return call(newest(self._answers, self._note))

    def _note(self, refusal: str | None) -> None:
        if refusal != self.refusal:  # else the log would have it at every question
            warn(refusal)
        self.refusal = refusal

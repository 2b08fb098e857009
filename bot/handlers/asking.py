"""Questions on their way to the worker: who may ask now, one question of a person at a time, and what is measured."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from telegram import Update

from bot.answer_source import AnswerSource
from bot.answer_worker import AnswerWorker
from bot.handlers.message_parts import is_private, message_of, person_of
from bot.monitor.metrics import Kind, Metrics
from bot.question_limits import QuestionLimits
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote
from retrieval.types import Answer, Question

T = TypeVar("T")

_REMEMBERED = 1000  # updates that were allowed or held back, and may be handled again


@dataclass(frozen=True, slots=True)
class Wait:
    """The decision that a person may not ask yet, and what an explanation depends on."""

    seconds: float
    is_refused: bool  # the person has to ask again; else the update is held back and handled once the wait is over
    is_known: bool  # the person has been told of this wait


class Asking:
    """Decides who may ask, and lets the worker answer those who may; it sends nothing."""

    def __init__(self, worker: AnswerWorker, limits: QuestionLimits, metrics: Metrics) -> None:
        self._worker = worker
        self._limits = limits
        self._metrics = metrics
        self._allowed: deque[int] = deque(maxlen=_REMEMBERED)  # ids of updates
        self._held_back: deque[int] = deque(maxlen=_REMEMBERED)

    def must_wait(self, update: Update) -> Wait | None:
        """Return None if the sender of a message may ask now, which counts as a question, else the wait.

        In a group the message is refused; in private it is held back. An update that was allowed once stays allowed.
        """
        if update.update_id in self._allowed:
            return None
        message = message_of(update)
        person, moment = person_of(message), (message.edit_date or message.date).timestamp()
        seconds = self._limits.admit(person, moment)
        if not seconds:
            self._allowed.append(update.update_id)
            return None
        is_refused = not is_private(message)
        if is_refused:
            self._metrics.turned_away.inc()
        elif update.update_id not in self._held_back:
            self._held_back.append(update.update_id)
            self._metrics.held_up.inc()
        return Wait(seconds, is_refused, self._limits.was_told(person, moment))

    def seconds_to_wait(self, person: int, moment: float | None = None) -> float:
        """Return 0 if a person may ask now, which counts as a question, else for how long they are refused.

        `moment` is when they asked, in seconds since 1970; None stands for now.
        """
        seconds = self._limits.admit(person, moment)
        if seconds:
            self._metrics.turned_away.inc()
        return seconds

    async def run(self, update: Update, call: Callable[[AnswerSource], T]) -> T:
        """Return what `call` returns for the answers, to handle an update."""
        return await self._worker.run(call, update=update.update_id)

    async def run_in_turn(self, update: Update, person: int, call: Callable[[AnswerSource], T]) -> T:
        """Run a call once the person's calls before it have ended."""
        async with self._limits.turn(person):
            return await self.run(update, call)

    async def answer(
        self, update: Update, person: int, question: Question, kind: Kind, limit: int | None = None
    ) -> Answer:
        """Return the answer to a question in the person's turn, and measure how long the person waits for it."""
        began = time.perf_counter()
        answer = await self.run_in_turn(update, person, lambda answers: answers.answer(question, limit))
        self._metrics.count_answer(kind, answer, time.perf_counter() - began)
        return answer

    async def look_up(self, update: Update, quote: str) -> LocatedQuote | None:
        """Return the current place of a quote in its article, by its id; None if the article or the id is unknown."""
        id = QuoteId.of_text(quote)
        return await self.run(update, lambda answers: answers.look_up(id)) if id else None

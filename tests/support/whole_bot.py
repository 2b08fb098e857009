"""The whole bot in this process, without sockets, handling what people do in FakeTelegram when a test says so."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from telegram.ext import ApplicationBuilder
from telegram.request import RequestData

from bot.memory.database import open_database
from bot.memory.tables import Tables
from bot.monitor.metrics import Metrics
from bot.question_limits import QuestionLimits
from bot.running import RunningBot
from bot.settings import BotSettings
from bot.setup import Setup
from bot.updates.chat_queues import NotYetError
from index.settings import IndexSettings
from retrieval.types import Answer, Question
from tests.support.echo_bot import EchoAnswers
from tests.support.telegram import TOKEN, FakeTelegram, InProcessRequest, Json, Sent

_AT_ONCE = 3  # quotes
_COUNTED = re.compile(r"(long )?(\d+) (quotes|closest)\b.*")


class CountedAnswers(EchoAnswers):
    """Answers "5 quotes" with three quotes and then two, "2 closest" with closest passages only, and echoes the rest.

    A quote names its generation; each of "long 5 quotes" fills a message. `burn` removes all articles.
    """

    def answer(self, question: Question, limit: int | None = None) -> Answer:
        if not (match := _COUNTED.fullmatch(question.text)):
            return super().answer(question, limit)
        self.asked.append(question)
        if match[3] == "closest":
            closest = tuple(map(self._quote, self._pool(question)))
            return Answer(question, (), closest, 0.1, self.generation, 1.0, subject=question.text)
        return self._next(question, (), limit)

    def more(self, question: Question, seen: Collection[str], limit: int | None = None) -> Answer:
        if not _COUNTED.fullmatch(question.text):
            return super().more(question, seen, limit)
        return self._next(question, seen, limit)

    def burn(self) -> None:
        self._articles.clear()

    def _next(self, question: Question, seen: Collection[str], limit: int | None) -> Answer:
        left = [quote for quote in map(self._quote, self._pool(question)) if quote.id not in seen]
        shown, more = tuple(left[: limit or _AT_ONCE]), max(0, len(left) - (limit or _AT_ONCE))
        return Answer(question, shown, (), 0.9, self.generation, 1.0, more, subject=question.text)

    def _pool(self, question: Question) -> list[str]:
        match = _COUNTED.fullmatch(question.text)
        assert match
        filling = " It went on." * 250 if match[1] else ""
        return [f"{match[3]} {n} of generation {self.generation}.{filling}" for n in range(1, int(match[2]) + 1)]


class SimulatedCrash(BaseException):
    """Raised to simulate the end of the process."""


@dataclass
class WholeBot:
    """A bot, the Telegram it works in, and its database; `go` handles all updates and returns what was sent then."""

    telegram: FakeTelegram
    answers: CountedAnswers
    settings: BotSettings
    _runner: asyncio.Runner
    _crash: Callable[[str, bool], bool] = field(default=lambda _name, _done: False)
    crashes: int = 0
    waits: list[float] = field(
        default_factory=list
    )  # seconds for which questions were held back; the clock is moved ahead by them

    @property
    def tables(self) -> Tables:
        """Return what the bot remembers."""
        return self._bot._tables

    @property
    def metrics(self) -> Metrics:
        """Return what the bot counts."""
        return self._bot._metrics

    def start(self) -> None:
        """Start the bot, or another one with the same database."""
        self._connection: sqlite3.Connection = open_database(self.settings.state / "bot.sqlite")
        index = IndexSettings(path=self.settings.state / "data")
        limits = partial(QuestionLimits, clock=self.telegram.now)
        parts: dict[str, Any] = {"builder": self._builder(), "limits_of": limits}
        self._bot = RunningBot(self.answers, Setup(self.settings, index), TOKEN, self._connection, **parts)
        self._runner.run(self._bot._application.initialize())

    def stop(self) -> None:
        self._bot._worker.close()
        self._connection.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def go(self) -> list[Sent]:
        """Handle all updates in order, those that a crash interrupted by the next bot; return what was sent."""
        before = len(self.telegram.sent)
        while waiting := self.telegram.updates.first():
            number, body = waiting
            try:
                self._runner.run(self._bot._handling(json.loads(body)))
            except NotYetError as error:
                assert self.telegram.date is not None
                self.waits.append(error.seconds)
                self.telegram.date += math.ceil(error.seconds)
            except SimulatedCrash:
                self.crashes += 1
                self.restart()
            else:
                self.telegram.updates.delivered(number)
        self._runner.run(self._bot._registry.forget.tell(self._bot._application.bot))
        return self.telegram.sent[before:]

    def say(self, text: str | None, chat: int = 7, kind: str = "private", **more: Any) -> list[Sent]:
        """Let a person write; return what the bot sends."""
        self.telegram.say(text, chat, kind, **more)
        return self.go()

    def edit(self, number: int | None, text: str) -> list[Sent]:
        assert number is not None
        self.telegram.edit(number, text)
        return self.go()

    def press(self, sent: Sent, button: str, person: int | None = None, **more: Any) -> Json:
        """Let a person press a button; return how the bot answers the press."""
        query = self.telegram.press(sent, self._named(sent, button), person, **more)
        self.go()
        answer: Json = self.telegram.answers[query]
        return answer

    def inline(self, words: str, **more: Any) -> Json:
        """Let a person type the bot's name and words in some chat; return what the bot offers."""
        query = self.telegram.inline(words, **more)
        self.go()
        answer: Json = self.telegram.answers[query]
        return answer

    def crash(self, method: str, number: int, done: bool) -> None:
        """End the process at the given call of a method, counted from 1: before the call, or once it is `done`."""
        calls = 0

        def crash(name: str, after: bool) -> bool:
            nonlocal calls
            calls += name == method and not after
            return (name, after, calls) == (method, done, number)

        self._crash = crash

    def _builder(self) -> Any:
        requests = [_Crashing(self.telegram, self), _Crashing(self.telegram, self)]
        return ApplicationBuilder().request(requests[0]).get_updates_request(requests[1])

    @staticmethod
    def _named(sent: Sent, button: str) -> str:
        """Return the label of the only button that holds these words; a number is the label of a quote's button."""
        if button.isdecimal():
            found = [name for name in sent.buttons if name.strip(" ·") == button]
        else:
            found = [name for name in sent.buttons if button in name]
        return found[0] if len(found) == 1 else button


class _Crashing(InProcessRequest):
    def __init__(self, telegram: FakeTelegram, talk: WholeBot) -> None:
        super().__init__(telegram)
        self._talk = talk

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        self._crash(name, False)
        done = await super().do_request(url, method, request_data, *timeouts, **more)
        self._crash(name, True)
        return done

    def _crash(self, name: str, done: bool) -> None:
        if self._talk._crash(name, done):
            self._talk._crash = lambda _name, _done: False
            raise SimulatedCrash


@contextmanager
def whole_bot(state: Path, **settings: Any) -> Iterator[WholeBot]:
    """Yield a bot that answers from a CountedAnswers without a rate limit; check that Telegram refused nothing."""
    known = {"state": state, "questions_per_minute": 10_000, "monitor": "", "refine": False, **settings}
    wide = patch.multiple("bot.rate_limiter", _IN_PRIVATE=(1000, 0.001), _IN_GROUPS=(1000, 0.001))
    with wide, patch.dict(os.environ, PTB_TIMEDELTA="true"), asyncio.Runner() as runner:
        talk = WholeBot(FakeTelegram(), CountedAnswers(), BotSettings(**known), runner)
        talk.start()
        with contextlib.closing(contextlib.ExitStack()) as stack:
            stack.callback(talk.stop)
            yield talk
        assert talk.telegram.refused == []

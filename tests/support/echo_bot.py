"""Articles, quotes and answers for the bot's tests; and a bot process: python -m tests.support.echo_bot API_URL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from bot.settings import BotSettings
from index.settings import IndexSettings
from index.storage.articles import Summary
from index.storage.manifest import Manifest
from index.types import Article
from retrieval.query.small_talk import small_talk
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote, look_up
from retrieval.types import Answer, Question, Quote
from tests.support.sample_answers import quote_of, understand
from tests.support.telegram import TOKEN, FakeTelegram

ANSWER_WITHIN = 24 * 36_500  # hours: tests ask questions in other years


class EchoAnswers:
    """Answers every question with the question as the quote; "slow N" takes N seconds, "fail" is a bug,
    "die" ends the process.

    "a + b" has two quotes, and every question one more.
    """

    problem: str | None = None
    has_news = True  # whether there are newest articles

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.generation = 1
        self.newer: list[Callable[[], int]] = []
        self._articles: dict[str, Article] = {}  # by the ids of their quotes

    @property
    def manifest(self) -> Manifest:
        number, content = self.generation, f"content of {self.generation}"
        made = "2022-04-03T10:00:00Z"
        return Manifest(3, number, made, "m", "f", 8, 110, 3, 9, ("en",), "r", content, 9, None, (), {})

    def refresh(self) -> bool:
        if not self.newer:
            return False
        self.generation = self.newer.pop(0)()
        return True

    def answer(self, question: Question, limit: int | None = None) -> Answer:
        self.asked.append(question)
        if question.text.startswith("slow"):
            time.sleep(float(question.text.split()[1]))
        if question.text == "die":
            os._exit(70)
        if question.text == "fail":
            raise RuntimeError(f"a bug, with the token {TOKEN}")
        if kind := small_talk(question.text):
            return Answer(question, (), (), 0.0, self.generation, 0.0, subject=question.earlier, small_talk=kind)
        meant = understand(question)
        quotes = tuple(map(self._quote, question.text.split(" + ")))
        return Answer(question, quotes, (), 0.9, self.generation, 1.0, understood=meant.note, subject=meant.text)

    def more(self, question: Question, seen: Collection[str], limit: int | None = None) -> Answer:
        quotes = tuple(quote for quote in [self._quote(f"more on {question.text}")] if quote.id not in seen)
        return Answer(question, quotes, (), 0.9, self.generation, 1.0, subject=question.text)

    def latest(
        self,
        asked: datetime,
        since: date | None = None,
        source: str | None = None,
        limit: int | None = None,
        seen: Collection[str] = (),
    ) -> Answer:
        question = Question("", asked, since=since, source=source)
        words = ("the latest", "the latest but one") if self.has_news else ()
        quotes = [quote for quote in map(self._quote, words) if quote.id not in seen]
        return Answer(question, tuple(quotes[:1]), (), 1.0, self.generation, 1.0, len(quotes[1:]))

    def look_up(self, id: QuoteId) -> LocatedQuote | None:
        return look_up(id, [article for known, article in self._articles.items() if known == str(id)])

    def summary(self) -> Summary:
        return Summary(3, 9, 1, date(2022, 4, 1), date(2022, 4, 2), (("TASS", 2), ("Reuters", 1)), ("en",))

    def _quote(self, words: str) -> Quote:
        quote = quote_of(words)
        self._articles[quote.id] = quote.article
        return quote


@contextmanager
def running_bot(answers: EchoAnswers | None = None, last_notice: float = 10.0, **more: Any) -> Iterator[FakeTelegram]:
    """A bot in this process, polling the server that is given; what ends it too early is raised at the end."""
    from bot.app import serve
    from bot.setup import Setup

    with FakeTelegram() as telegram, ThreadPoolExecutor(1) as pool, TemporaryDirectory() as state:
        known = {"state": Path(state), "monitor": "", "refine": False, "answer_within": ANSWER_WITHIN, **more}
        settings = BotSettings(api_url=telegram.url, **known)
        setup, stop = Setup(settings, IndexSettings(path=Path(state) / "data")), asyncio.Event()
        loop = asyncio.new_event_loop()
        with contextlib.closing(loop), patch.dict(os.environ, NO_PROXY="127.0.0.1"):
            serving = serve(answers or EchoAnswers(), setup, TOKEN, stop, last_notice)
            ended = pool.submit(loop.run_until_complete, serving)
            try:
                yield telegram
            finally:
                loop.call_soon_threadsafe(stop.set)
                ended.result(10)


def main(url: str, *words: str) -> None:
    """A bot that polls a server, with the settings of its environment; it logs at DEBUG if that is one of the words."""
    from bot.app import run_bot
    from bot.setup import Setup
    from index.console import run

    level: Any = "debug" if "debug" in words else "info"
    monitor = os.environ.get("QUOTEWIRE_BOT_MONITOR", "")
    settings = BotSettings(api_url=url, log_level=level, monitor=monitor, refine=False)
    run(lambda: run_bot(EchoAnswers(), Setup(settings, IndexSettings(path=settings.state / "data")), TOKEN))


if __name__ == "__main__":
    main(*sys.argv[1:])

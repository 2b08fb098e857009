"""Articles, quotes and answers for the bot's tests; and a bot process: python -m tests.fakes_bot API_URL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from bot.settings import BotSettings
from index.types import Article, Passage, Span
from retrieval.rules.conversation import understand
from retrieval.rules.smalltalk import small_talk
from retrieval.types import Answer, Hit, Question, Quote
from tests.telegram import TOKEN, FakeTelegram

ASKED = datetime(2022, 4, 3, tzinfo=UTC)


def quote_of(text: str, *highlights: tuple[int, int], title: str | None = "Rain falls", **fields: Any) -> Quote:
    """A quote that is the whole text of an article."""
    known: dict[str, Any] = {"source": "TASS", "published": date(2022, 4, 2), "url": "https://example.org/rain"}
    article = Article("a1", text, "a.txt", title, **{**known, **fields})
    hit = Hit(Passage(article, 0, len(text)), 0.0325, 0.71, 0.9, matched=("rain", "fall"))
    return Quote(article, 0, len(text), tuple(Span(*span) for span in highlights), 0.0325, hit)


def copy_of(source: str | None, published: date | None = date(2022, 4, 3)) -> Article:
    """Another article that tells the story of a quote."""
    return Article(f"copy of {source}", "It rained.", "b.txt", "Rain", source=source, published=published)


def answer_of(*quotes: Quote, closest: tuple[Quote, ...] = (), question: str = "Rain?", **more: Any) -> Answer:
    return Answer(Question(question, ASKED), quotes, closest, 0.9, 1, 12.0, **more)


class EchoAnswers:
    """Answers every question with the question as the quote; "slow N" takes N seconds, "fail" is a bug."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.generation = 1
        self.newer: list[Callable[[], int]] = []

    def refresh(self) -> bool:
        if not self.newer:
            return False
        self.generation = self.newer.pop(0)()
        return True

    def answer(self, question: Question, limit: int | None = None) -> Answer:
        self.asked.append(question)
        if question.text.startswith("slow"):
            time.sleep(float(question.text.split()[1]))
        if question.text == "fail":
            raise RuntimeError(f"a bug, with the token {TOKEN}")
        if kind := small_talk(question.text):
            return Answer(question, (), (), 0.0, self.generation, 0.0, subject=question.earlier, small_talk=kind)
        meant = understand(question.text, question.earlier)
        quotes = (quote_of(question.text),)
        return Answer(question, quotes, (), 0.9, self.generation, 1.0, understood=meant.note, subject=meant.text)


@contextmanager
def running_bot(answers: EchoAnswers | None = None) -> Iterator[FakeTelegram]:
    """A bot in this process, polling the server that is given; what ends it too early is raised at the end."""
    from bot.app import serve

    with FakeTelegram() as telegram, ThreadPoolExecutor(1) as pool, TemporaryDirectory() as state:
        settings, stop = BotSettings(api_url=telegram.url, state=Path(state)), asyncio.Event()
        loop = asyncio.new_event_loop()
        with contextlib.closing(loop), patch.dict(os.environ, NO_PROXY="127.0.0.1"):
            ended = pool.submit(loop.run_until_complete, serve(answers or EchoAnswers(), settings, TOKEN, stop))
            try:
                yield telegram
            finally:
                loop.call_soon_threadsafe(stop.set)
                ended.result(10)


if __name__ == "__main__":
    from bot.app import run_bot
    from index.console import run

    level: Any = "debug" if "debug" in sys.argv else "info"
    run(lambda: run_bot(EchoAnswers(), BotSettings(api_url=sys.argv[1], log_level=level), TOKEN))

"""Parts for tests of watched questions: a bot with a real database and no socket, and answers by generation."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.ext import ApplicationBuilder, CommandHandler, Defaults

from bot.answer_worker import AnswerWorker
from bot.handlers.addressing import ANYWHERE
from bot.handlers.albums import AnsweredAlbums
from bot.handlers.asking import Asking
from bot.handlers.conversations import Conversations
from bot.handlers.examples import ExampleQuestions
from bot.handlers.localizer import Localizer
from bot.handlers.questions import Questions
from bot.handlers.replies import Replies
from bot.handlers.watch_commands import WatchCommands
from bot.memory.chats import Chats
from bot.memory.database import open_database
from bot.memory.sent_answers import SentAnswers
from bot.memory.tables import Tables
from bot.memory.watches import Watches
from bot.monitor.metrics import Metrics
from bot.question_limits import QuestionLimits
from bot.settings import BotSettings
from bot.telegram_types import App, Context
from bot.watch_scheduler import WatchScheduler
from index.types import Article, Passage, Span
from retrieval.types import Answer, Hit, Question, Quote
from tests.support.sample_answers import understand
from tests.support.telegram import TOKEN, FakeTelegram, InProcessRequest, Sent
from tests.support.virtual_time import Clock

NOON = datetime(2022, 4, 3, 12, tzinfo=UTC).timestamp()
_WORD = re.compile(r"\w{4,}")


class GenerationAnswers:
    """Answers a question with every sentence of the published generation that has a long word of it.

    All articles are hits, but `hidden` ones are not quoted. `asked` has the questions and their limits; a question that
    contains "fail" raises an error. If `perhaps` is set, only the first sentence is returned, as an uncertain answer.
    """

    def __init__(self) -> None:
        self.generations: dict[int, dict[str, str]] = {1: {}}
        self.generation = self.published = 1
        self.asked: list[tuple[Question, int | None]] = []
        self.hidden: set[str] = set()
        self.perhaps = False
        self.confidence: float | None = 0.9

    def publish(self, **texts: str) -> int:
        """Publish a generation with further articles, by name; return its number."""
        self.generations[max(self.generations) + 1] = self.generations[self.published] | texts
        self.published = max(self.generations)
        return self.published

    def refresh(self) -> bool:
        moved, self.generation = self.generation != self.published, self.published
        return moved

    def answer(self, question: Question, limit: int | None = None) -> Answer:
        self.asked.append((question, limit))
        if "fail" in question.text:
            raise RuntimeError("a bug")
        meant = understand(question)
        wanted = set(_WORD.findall(meant.text.lower()))
        quotes, hits = [], []
        for name, text in self.generations[self.generation].items():
            article = Article(name, text, f"{name}.txt", f"Of {name}", source="TASS", published=date(2022, 4, 2))
            hits.append(Hit(Passage(article, 0, len(text)), 1, 1, 1))
            for sentence in re.finditer(r"[^. ][^.]*\.", text):
                if wanted & set(_WORD.findall(sentence[0].lower())) and name not in self.hidden:
                    span = Span(*sentence.span())
                    quotes.append(Quote(article, *span, (span,), 1.0, hits[-1]))
        more = max(0, len(quotes) - (limit or 5))
        shown = tuple(quotes[: limit or 5])
        found: dict[str, Any] = {"hits": tuple(hits), "understood": meant.note, "subject": meant.text}
        if self.perhaps:
            return Answer(question, (), shown[:1], 0.3, self.generation, 1.0, perhaps=True, **found)
        return Answer(
            question, shown, (), self.confidence, self.generation, 1.0, more, unread=self.confidence is None, **found
        )


@dataclass
class WatchBot:
    """A bot with its database, and the Telegram that it works in."""

    telegram: FakeTelegram
    worker: AnswerWorker
    tables: Tables
    metrics: Metrics
    application: App
    scheduler: WatchScheduler
    clock: Clock
    banned: set[int] = field(default_factory=set)
    reported: list[tuple[str, Exception | None]] = field(default_factory=list)

    async def hear(self) -> list[Sent]:
        """Handle all updates; return what was sent."""
        before = len(self.telegram.sent)
        for raw in self.telegram.call("getUpdates", {"timeout": 0}):
            update = Update.de_json(raw, self.application.bot)
            if (message := update.message) and message.from_user:
                place, person = message.chat, message.from_user
                self.tables.chats.record(place.id, person.id, place.type, person.language_code)
            await self.application.process_update(update)
            self.telegram.call("getUpdates", {"timeout": 0, "offset": raw["update_id"] + 1})
        return self.telegram.sent[before:]

    async def say(self, text: str, chat: int = 7, kind: str = "private", **more: Any) -> list[Sent]:
        """Let a person write; return what the bot sends."""
        self.telegram.say(text, chat, kind, **more)
        return await self.hear()

    async def run_round(self, times: int = 1) -> list[Sent]:
        """Check all watches so many times; return what was sent."""
        before = len(self.telegram.sent)
        for _ in range(times):
            await self.scheduler.run_round(asyncio.Event())
        return self.telegram.sent[before:]

    def popups(self) -> list[str]:
        """Return the bot's answers to presses of buttons."""
        return [values.get("text", "") for method, values in self.telegram.calls if method == "answerCallbackQuery"]


@asynccontextmanager
async def watch_bot(
    folder: Path, answers: Any, telegram: FakeTelegram, clock: Clock | None = None, **settings: Any
) -> AsyncIterator[WatchBot]:
    """Yield a bot with its database in a folder; check that no handler raised an error."""
    clock, connection = clock or Clock(NOON), open_database(folder / "bot.sqlite")
    request = InProcessRequest(telegram)
    defaults = Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True))
    builder = ApplicationBuilder().token(TOKEN).request(request).get_updates_request(request).defaults(defaults)
    application = builder.updater(None).job_queue(None).build()
    known = BotSettings(**{"watches": 3, "notices_per_day": 2, **settings})
    worker, limits, metrics = AnswerWorker(answers), QuestionLimits(1000), Metrics()
    tables = replace(
        Tables.of(connection),
        sent_answers=SentAnswers(connection, clock),
        chats=Chats(connection, clock),
        watches=Watches(connection, clock),
    )
    replies = Replies(Localizer(tables.chats, known.language), tables.sent_answers, limits)
    asking, conversations = Asking(worker, limits, metrics), Conversations(tables.sent_answers, tables.chats)
    examples = ExampleQuestions([])
    watches = WatchCommands(replies, asking, conversations, tables.watches, known.watches, examples)
    questions = Questions(replies, asking, conversations, AnsweredAlbums(), examples)
    for name, handler in (("watch", watches.watch), ("watches", watches.watches), ("ask", questions.ask)):
        application.add_handler(CommandHandler(name, handler, ANYWHERE))
    watches.add_to(application)
    questions.add_to(application)
    failures: list[Exception | None] = []

    async def fail(_: object, context: Context) -> None:
        failures.append(context.error)

    application.add_error_handler(fail)
    await application.initialize()
    place = WatchBot(telegram, worker, tables, metrics, application, None, clock)  # type: ignore[arg-type]

    def may_use(person: int, _: int) -> bool:
        return person not in place.banned

    async def report(id: str, error: Exception | None) -> None:
        place.reported.append((id, error))

    place.scheduler = WatchScheduler(
        *(known, worker, tables.watches, tables.chats, metrics),
        *(application.bot, replies.send, may_use, report, clock),
    )
    try:
        yield place
    finally:
        await application.shutdown()
        worker.close()
        connection.close()
    assert failures == []

"""A bot with a few handlers, in this process, handling what people do in FakeTelegram when a test says so."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from telegram import Update
from telegram.constants import ParseMode
from telegram.ext import ApplicationBuilder, Defaults, MessageHandler, filters

from bot.command_table import COMMANDS, add_commands
from bot.handlers.access import Access
from bot.handlers.localizer import Localizer
from bot.handlers.replies import Replies
from bot.memory.database import open_database
from bot.memory.tables import Tables
from bot.question_limits import QuestionLimits
from bot.settings import BotSettings
from bot.telegram_types import App, Context
from tests.support.telegram import TOKEN, FakeTelegram, InProcessRequest

ADMIN, ANN = 5, 7


@dataclass
class HandlerBot:
    """A bot whose handlers a test adds, and the words of the messages that none of them took."""

    telegram: FakeTelegram
    application: App
    settings: BotSettings
    tables: Tables
    worker: Any
    localizer: Localizer
    replies: Replies
    access: Access
    reached: list[str]
    last: Any  # the handler of what no other takes
    after: Callable[[], Awaitable[object]] | None = None  # called once all updates are handled

    @property
    def connection(self) -> sqlite3.Connection:
        """Return the bot's database."""
        return self.tables.connection

    def add_commands(self, names: str, **handlers: Any) -> None:
        """Register commands of the table by name; `handlers` are theirs, by their names in CommandHandlers."""
        commands = [command for command in COMMANDS if command.name in names.split()]
        add_commands(self.application, commands, cast(Any, SimpleNamespace(**handlers)), self.access)

    async def handle(self) -> None:
        """Handle all updates, in order."""
        if self.last not in self.application.handlers[0]:
            self.application.add_handler(self.last)
        while updates := await self.application.bot.get_updates(self.telegram.offset, timeout=0):
            for update in updates:
                await self.application.process_update(update)
            await self.application.bot.get_updates(updates[-1].update_id + 1, timeout=0, limit=1)
        if self.after:
            await self.after()

    def shown(self, chat: int) -> list[str]:
        """Return the texts of the bot's messages in a chat."""
        return self.telegram.to(chat)


@asynccontextmanager
async def handler_bot(folder: Path, telegram: FakeTelegram | None = None, **settings: Any) -> AsyncIterator[HandlerBot]:
    """Yield a bot with the handlers of Access alone, a database in a folder, and by default one administrator."""
    telegram = telegram or FakeTelegram()
    known = BotSettings(**{"admins": [ADMIN], "state": folder / "state", **settings})
    application = (
        ApplicationBuilder()
        .token(TOKEN)
        .request(InProcessRequest(telegram))
        .get_updates_request(InProcessRequest(telegram))
        .defaults(Defaults(parse_mode=ParseMode.HTML))
        .updater(None)
        .job_queue(None)
        .build()
    )
    reached: list[str] = []

    async def asked_to_move() -> None:
        pass

    async def everybody(update: Update, _context: Context) -> None:
        message = update.effective_message
        reached.append((message and (message.text or message.caption)) or "")

    async def failed(_update: object, context: Context) -> None:
        raise AssertionError from context.error

    with closing(open_database(known.state / "bot.sqlite")) as connection:
        tables, worker = Tables.of(connection), SimpleNamespace(generation=1, move=asked_to_move)
        localizer = Localizer(tables.chats, known.language)
        replies = Replies(localizer, tables.sent_answers, QuestionLimits(1000))
        access = Access(known, tables.chats, localizer)
        access.add_to(application)
        last = MessageHandler(filters.ALL, everybody)
        async with application:
            yield HandlerBot(telegram, application, known, tables, worker, localizer, replies, access, reached, last)

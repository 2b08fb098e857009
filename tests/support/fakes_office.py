"""A bot with a few handlers, in this process: what people do in FakeTelegram is handled when a test says so."""

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

from bot.handlers.access import Access
from bot.handlers.desk import App, Context, Desk
from bot.memory.chats import Chats
from bot.memory.database import open_database
from bot.memory.sent_answers import SentAnswers
from bot.settings import BotSettings
from tests.support.telegram import TOKEN, FakeTelegram, InProcessRequest

ADMIN, ANN = 5, 7


@dataclass
class Office:
    """The parts, and what reached the handler of everybody's messages."""

    telegram: FakeTelegram
    application: App
    desk: Desk
    access: Access
    connection: sqlite3.Connection
    reached: list[str]
    last: Any  # the handler behind all others
    after: Callable[[], Awaitable[object]] | None = None  # what a running bot does besides

    async def handle(self) -> None:
        """Handle what has come, in order."""
        if self.last not in self.application.handlers[0]:
            self.application.add_handler(self.last)
        while updates := await self.application.bot.get_updates(self.telegram.offset, timeout=0):
            for update in updates:
                await self.application.process_update(update)
            await self.application.bot.get_updates(updates[-1].update_id + 1, timeout=0, limit=1)
        if self.after:
            await self.after()

    def shown(self, chat: int) -> list[str]:
        """What a chat shows of the bot's messages."""
        return self.telegram.to(chat)


@asynccontextmanager
async def office(folder: Path, telegram: FakeTelegram | None = None, **settings: Any) -> AsyncIterator[Office]:
    """A bot that knows no handler but the gate, with its file in a folder; by default of one administrator.

    What no handler takes that a test adds is `reached`.
    """
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
        nothing = cast(Any, None)
        answering = cast(Any, SimpleNamespace(generation=1, move=asked_to_move))
        desk = Desk(known, answering, SentAnswers(connection), Chats(connection), nothing, nothing, nothing, nothing)
        access = Access(desk)
        access.add_to(application)
        last = MessageHandler(filters.ALL, everybody)
        async with application:
            yield Office(telegram, application, desk, access, connection, reached, last)

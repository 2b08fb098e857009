"""What administrators do, from private chats with the bot alone; to everybody else these commands are unknown."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import structlog
from telegram import Bot, Update
from telegram.ext import CommandHandler

from bot.admin.adding import Adding
from bot.admin.broadcast import Broadcasting
from bot.admin.error_reports import ErrorReports
from bot.admin.reindex import Reindex
from bot.admin.status import InboxCounts, Status
from bot.handlers.access import Access
from bot.handlers.condition_filter import Only
from bot.handlers.desk import App, Context, Desk, Target, argument_of, message_of
from bot.handlers.menus import ADMINS as COMMANDS
from bot.memory.broadcasts import Broadcasts
from bot.memory.unfinished import Unfinished
from bot.render import text
from index.errors import QuotewireError
from index.settings import IndexSettings
from index.storage.generations import roll_back

log = structlog.get_logger(__name__)


class Admin:
    """/status, /reindex, /rollback, /add and /broadcast."""

    def __init__(
        self,
        desk: Desk,
        access: Access,
        config: Path | None,
        index: IndexSettings,
        inbox: InboxCounts,
        errors: ErrorReports,
        broadcasts: Broadcasts,
        unfinished: Unfinished,
    ) -> None:
        """`config` is the configuration file that was named, for builds to read."""
        self._desk = desk
        self._access = access
        self._root = index.path
        self._status = Status(desk, index.path, inbox, errors)
        self._reindex = Reindex(desk, access, config, index, unfinished)
        self._adding = Adding(desk, access, index)
        self._broadcasting = Broadcasting(desk, access, broadcasts)

    def add_to(self, application: App) -> None:
        """Register the commands; they come before those of everybody, and before plain messages."""
        admin = Only(self._access.is_admin)
        application.add_handler(CommandHandler("status", self.status, admin))
        application.add_handler(CommandHandler("rollback", self.roll_back, admin))
        self._reindex.add_to(application)
        self._adding.add_to(application)
        self._broadcasting.add_to(application)
        application.add_handler(CommandHandler(COMMANDS, self.not_here, Only(self._access.is_admin_elsewhere)))

    async def start(self, bot: Bot) -> None:
        """Go on with what the bot's last end cut short; for when the bot can send."""
        self._broadcasting.resume(bot)  # before another one is confirmed, which would be begun twice
        await self._reindex.tell_cut_short(bot)

    async def close(self) -> None:
        """End what goes on beside; for as long as the bot can still send."""
        await asyncio.gather(self._reindex.close(), self._broadcasting.close())

    async def status(self, update: Update, context: Context) -> None:
        """Say how the bot is doing."""
        await self._say(update, context, await self._status.words(self._desk.texts(update), update.update_id))

    async def not_here(self, update: Update, context: Context) -> None:
        """Say to an administrator in a group where they do."""
        await self._say(update, context, self._desk.texts(update)("admin-only-in-private"))

    async def roll_back(self, update: Update, context: Context) -> None:
        """Let an earlier generation answer: the one named, or the one before."""
        texts, argument = self._desk.texts(update), argument_of(message_of(update))
        if self._reindex.is_running:
            await self._say(update, context, texts("reindex-running"))
            return
        if argument and not re.fullmatch("[0-9]{1,9}", argument):
            await self._say(update, context, texts("rollback-usage"))
            return
        try:
            number = await asyncio.to_thread(roll_back, self._root, int(argument) if argument else None)
        except QuotewireError as error:
            await self._say(update, context, texts("rollback-failed", reason=str(error)))
            return
        log.info("an earlier generation answers", generation=number)
        await self._say(update, context, texts("rollback-done", generation=str(number)))

    async def _say(self, update: Update, context: Context, words: str) -> None:
        await Target.of(message_of(update)).send(context.bot, text(words))

"""/rollback: letting an earlier generation of the index answer."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import structlog
from telegram import Update

from bot.admin.reindex import ReindexCommand
from bot.handlers.message_parts import argument_of, message_of
from bot.handlers.replies import Replies
from bot.telegram_types import Context
from index.errors import QuotewireError
from index.storage.generations import roll_back

log = structlog.get_logger(__name__)


class RollbackCommand:
    """Publishes an earlier generation, unless a build is running."""

    def __init__(self, replies: Replies, reindex: ReindexCommand, root: Path) -> None:
        """`root` is the folder of the index."""
        self._replies = replies
        self._reindex = reindex
        self._root = root

    async def roll_back(self, update: Update, context: Context) -> None:
        """Publish the generation whose number is the command's argument, else the one before the current one."""
        bot, argument = context.bot, argument_of(message_of(update))
        if self._reindex.is_running:
            await self._replies.say(update, bot, "reindex-running")
            return
        if argument and not re.fullmatch("[0-9]{1,9}", argument):
            await self._replies.say(update, bot, "rollback-usage")
            return
        try:
            number = await asyncio.to_thread(roll_back, self._root, int(argument) if argument else None)
        except QuotewireError as error:
            await self._replies.say(update, bot, "rollback-failed", reason=str(error))
            return
        log.info("an earlier generation answers", generation=number)
        await self._replies.say(update, bot, "rollback-done", generation=str(number))

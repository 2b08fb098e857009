"""A message that shows the progress of a task."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.handlers.editing import edit, edit_or_send
from bot.handlers.target import Target
from bot.render import text

log = structlog.get_logger(__name__)

INTERVAL = 3.0  # seconds between two edits


class Progress:
    """Shows the current `words`, which its owner sets, until `end` shows the last ones."""

    def __init__(self, bot: Bot, chat: int, message: int, words: str = "", interval: float = INTERVAL) -> None:
        """Edit a message that says `words` now, every `interval` seconds if they change."""
        self.chat = chat
        self.message = message
        self.words = words
        self._interval = interval
        self._bot = bot
        self._shown = words
        self._editing = asyncio.Lock()
        self._ticking = asyncio.create_task(self._tick())

    @classmethod
    async def begin(cls, bot: Bot, target: Target, words: str, interval: float = INTERVAL) -> Progress:
        """Send the message; raise TelegramError."""
        sent = await target.send(bot, text(words))
        return cls(bot, sent.chat.id, sent.message_id, words, interval)

    async def end(self, words: str) -> None:
        """Show the last words, in another message if the first is gone; raise TelegramError."""
        await self.leave()
        await edit_or_send(self._bot, self.chat, self.message, words)

    async def leave(self) -> None:
        """Stop editing the message."""
        async with self._editing:  # an edit that has begun must not overwrite what is shown next
            self._ticking.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticking

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            async with self._editing:
                if (words := self.words) != self._shown:
                    self._shown = words
                    try:
                        await edit(self._bot, self.chat, self.message, words)
                    except TelegramError as error:  # a later edit may succeed
                        log.info("progress could not be shown", error=type(error).__name__)

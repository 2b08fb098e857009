"""One message of the bot's that shows how something gets on."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.handlers.desk import Target
from bot.handlers.editing import edit, edit_or_send
from bot.render import text

log = structlog.get_logger(__name__)

_EVERY = 3.0  # seconds between two edits


class Progress:
    """Shows `words`, whatever they are set to, until `end` shows the last ones."""

    def __init__(self, bot: Bot, chat: int, message: int, words: str = "") -> None:
        """Of a message that says `words` already."""
        self.chat = chat
        self.message = message
        self.words = words
        self._bot = bot
        self._shown = words
        self._editing = asyncio.Lock()
        self._ticking = asyncio.create_task(self._tick())

    @classmethod
    async def begin(cls, bot: Bot, target: Target, words: str) -> Progress:
        """Send the message; raises TelegramError."""
        sent = await target.send(bot, text(words))
        return cls(bot, sent.chat.id, sent.message_id, words)

    async def end(self, words: str) -> None:
        """Show the last words, in another message if the first is gone; raises TelegramError."""
        await self.leave()
        await edit_or_send(self._bot, self.chat, self.message, words)

    async def leave(self) -> None:
        """Show nothing more."""
        async with self._editing:  # an edit that is under way would come after what is shown next
            self._ticking.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticking

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            async with self._editing:
                if (words := self.words) != self._shown:
                    self._shown = words
                    try:
                        await edit(self._bot, self.chat, self.message, words)
                    except TelegramError as error:  # the next one, or the last words, may arrive
                        log.info("progress could not be shown", error=type(error).__name__)

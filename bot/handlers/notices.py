"""What people are told whose updates are not handled."""

from __future__ import annotations

from telegram import Bot, Message, Update
from telegram.error import TelegramError

from bot import render, texts
from bot.handlers.messages import reply
from bot.updates.handling import settle
from bot.updates.kinds import Raw, asks, without_words


class SentNotices:
    """Lines that answer what was asked; what asks nothing gets none."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def turned_away(self, raw: Raw) -> None:
        """That there are too many."""
        await self._tell(raw, texts.BUSY)

    async def too_late(self, raw: Raw) -> None:
        """That it has waited for too long."""
        await self._tell(raw, texts.TOO_LATE)

    async def set_aside(self, raw: Raw, error: str) -> None:
        """That something went wrong."""
        await self._tell(raw, texts.WRONG.format(id=error))

    async def _tell(self, raw: Raw, line: str) -> None:
        if not asks(raw):
            return
        # Without what was written, which may be what cannot be parsed.
        message = Update.de_json(without_words(raw), self._bot).effective_message
        if isinstance(message, Message):
            try:
                await reply(message, render.text(line).html)
            except TelegramError as error:
                settle(error)

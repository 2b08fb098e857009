"""What people are told whose updates are not handled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog
from telegram import Bot, Message, Update
from telegram.error import TelegramError

from bot.handlers.desk import Desk, Target
from bot.render import text
from bot.updates.chat_queues import UnparsableError
from bot.updates.handling import settle
from bot.updates.update_kinds import Raw, asks, without_words

log = structlog.get_logger(__name__)

Report = Callable[[str, Exception | None], Awaitable[None]]


class SentNotices:
    """Lines that answer what was asked; what asks nothing gets none."""

    def __init__(self, desk: Desk, bot: Bot, may_use: Callable[[Update], bool], report: Report) -> None:
        """Who may not use the bot is told nothing. `report` tells the owner of an error, with its id."""
        self._desk = desk
        self._bot = bot
        self._may_use = may_use
        self._report = report

    async def turned_away(self, raw: Raw) -> None:
        """That there are too many; the inbox keeps only such updates for this as ask something."""
        self._desk.metrics.turned_away.inc()
        await self._tell(raw, "busy")

    async def too_late(self, raw: Raw) -> None:
        """That it has waited for too long."""
        if self._asks(raw):
            await self._tell(raw, "too-late")

    async def set_aside(self, raw: Raw, id: str, error: Exception | None) -> None:
        """That something went wrong, to its person and to the owner."""
        self._desk.metrics.updates_set_aside.inc()
        self._desk.metrics.errors.inc()
        try:
            if self._asks(raw):
                # What Telegram returns of a reply holds what it replies to, which cannot be parsed there either.
                await self._tell(raw, "error", not isinstance(error, UnparsableError), id=id)
        finally:
            await self._report(id, error)

    def _asks(self, raw: Raw) -> bool:
        return asks(raw, self._bot.id, self._bot.username)

    async def _tell(self, raw: Raw, line: str, as_reply: bool = True, **values: str) -> None:
        # Without what was written, which may be what cannot be parsed; or it is a date, or a person.
        try:
            update = Update.de_json(without_words(raw), self._bot)
        except Exception as error:
            log.info("nobody could be told", error=type(error).__name__)
            return
        message = update.effective_message
        if isinstance(message, Message) and self._may_use(update):
            target, words = Target.of(message), self._desk.texts(update)(line, **values)
            try:
                await (target if as_reply else replace(target, reply_to=None)).send(self._bot, text(words))
            except TelegramError as error:
                settle(error)

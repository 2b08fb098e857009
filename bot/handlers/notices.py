"""Notices to people whose updates are not handled: too many, too late, or failed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog
from telegram import Bot, Message, Update
from telegram.error import TelegramError

from bot.handlers.localizer import Localizer
from bot.handlers.target import Target
from bot.monitor.metrics import Metrics
from bot.render import text
from bot.updates.chat_queues import UnparsableError
from bot.updates.handling import settle
from bot.updates.raw_updates import Raw, expects_reply, without_text

log = structlog.get_logger(__name__)

Report = Callable[[str, Exception | None], Awaitable[None]]


class SentNotices:
    """Sends one line to the sender of an update that asks something, and nothing otherwise."""

    def __init__(
        self, localizer: Localizer, metrics: Metrics, bot: Bot, may_use: Callable[[Update], bool], report: Report
    ) -> None:
        """`may_use` returns whether the sender may use the bot and so be told; `report` tells the owner of an error."""
        self._localizer = localizer
        self._metrics = metrics
        self._bot = bot
        self._may_use = may_use
        self._report = report

    async def tell_busy(self, raw: Raw) -> None:
        """Tell the sender that there are too many questions; the inbox turns away only updates that ask something."""
        self._metrics.turned_away.inc()
        await self._tell(raw, "busy")

    async def tell_too_late(self, raw: Raw) -> None:
        """Tell the sender that the question has waited for too long."""
        if self._asks(raw):
            await self._tell(raw, "too-late")

    async def tell_failed(self, raw: Raw, id: str, error: Exception | None) -> None:
        """Tell the sender and the owner that something went wrong, under the id of the error in the log."""
        self._metrics.dead_letters.inc()
        self._metrics.errors.inc()
        try:
            if self._asks(raw):
                # Telegram returns a reply together with what it replies to, which could not be parsed there either.
                await self._tell(raw, "error", not isinstance(error, UnparsableError), id=id)
        finally:
            await self._report(id, error)

    def _asks(self, raw: Raw) -> bool:
        return expects_reply(raw, self._bot.id, self._bot.username)

    async def _tell(self, raw: Raw, line: str, as_reply: bool = True, **values: str) -> None:
        # Without the words, which may be the part that cannot be parsed. If it is another part, nobody can be told.
        try:
            update = Update.de_json(without_text(raw), self._bot)
        except Exception as error:
            log.info("the sender could not be told", error=type(error).__name__)
            return
        message = update.effective_message
        if isinstance(message, Message) and self._may_use(update):
            target, words = Target.of(message), self._localizer.texts(update)(line, **values)
            try:
                await (target if as_reply else replace(target, reply_to=None)).send(self._bot, text(words))
            except TelegramError as error:
                settle(error)

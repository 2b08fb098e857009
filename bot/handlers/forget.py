"""/forget: what is kept of a person is erased, once they have confirmed it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.handlers.addressing import ANYWHERE
from bot.handlers.desk import App, Context, Desk, Target, message_of
from bot.handlers.editing import edit_or_send, tell
from bot.render import text
from bot.texts import Texts

log = structlog.get_logger(__name__)


_AGAIN = 1.0  # seconds after which the disk is looked at again


class Forget:
    """Erases a person's entries wherever there are any."""

    def __init__(
        self, desk: Desk, erase: Callable[[int], Mapping[str, int | None]], is_gone: Callable[[int], bool]
    ) -> None:
        """`erase` removes a person's, and returns how many entries there were of each kind; "forgot-…" counts them.

        `is_gone` tells whether they are off the disk, too.
        """
        self._desk = desk
        self._erase = erase
        self._is_gone = is_gone
        self._waiting: list[_Waiting] = []
        self._asked = asyncio.Event()

    def add_to(self, application: App) -> None:
        """Register the command and its buttons."""
        application.add_handler(CommandHandler("forget", self.ask, ANYWHERE))
        application.add_handler(CallbackQueryHandler(self.pressed, r"^forget:(yes|no):[0-9]{1,20}$"))

    async def ask(self, update: Update, context: Context) -> None:
        """Say what would be erased, and ask."""
        message, texts = message_of(update), self._desk.texts(update)
        if message.sender_chat or message.from_user is None:  # nobody could press the button
            await Target.of(message).send(context.bot, text(texts("forget-as-yourself")))
            return
        keyboard = _keyboard(texts, message.from_user.id)
        await Target.of(message).send(context.bot, text(texts("forget-question")), keyboard)

    async def pressed(self, update: Update, context: Context) -> None:
        """Erase everything, or nothing, for whoever asked."""
        query, texts = update.callback_query, self._desk.texts(update)
        assert query is not None
        assert query.data is not None
        _, verb, person = query.data.split(":")
        if query.message is None or query.from_user.id != int(person):
            await tell(query, texts("not-your-button"))
            return
        await tell(query)
        chat, number = query.message.chat.id, query.message.message_id
        if verb == "no":
            await edit_or_send(context.bot, chat, number, texts("forget-cancelled"))
            return
        words = self._forget(query.from_user.id, texts)
        number = await edit_or_send(context.bot, chat, number, texts("forget-waiting"))
        # The press itself names who pressed, so that nobody is gone from the disk before it is handled.
        self._waiting.append(_Waiting(query.from_user.id, chat, number, words))
        self._asked.set()

    async def keep_telling(self, bot: Bot) -> None:
        """Tell everybody who waits for it that they are forgotten, once they are off the disk."""
        while await self._asked.wait():
            if await self.tell(bot):
                self._asked.clear()
            else:
                await asyncio.sleep(_AGAIN)

    async def tell(self, bot: Bot) -> bool:
        """Tell those who are off the disk by now; returns whether these are all."""
        for one in list(self._waiting):
            if self._is_gone(one.person):
                self._waiting.remove(one)
                try:
                    await edit_or_send(bot, one.chat, one.message, one.words)
                except TelegramError as error:  # they have blocked the bot, or left the group
                    log.warning("somebody cannot be told that they are forgotten", reason=str(error))
        return not self._waiting

    def _forget(self, person: int, texts: Texts) -> str:
        """Erase everything; returns the line that says what that was."""
        counts = self._erase(person)
        log.info("a person was forgotten")
        erased = [texts(f"forgot-{kind}", count=count) for kind, count in counts.items() if count]
        return texts("forget-done", erased=", ".join(erased)) if erased else texts("forget-nothing")


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Somebody whose entries are erased, and are not yet off the disk."""

    person: int
    chat: int
    message: int
    words: str  # what is said then


def _keyboard(texts: Texts, person: int) -> InlineKeyboardMarkup:
    yes = InlineKeyboardButton(texts("button-forget"), callback_data=f"forget:yes:{person}")
    no = InlineKeyboardButton(texts("button-cancel"), callback_data=f"forget:no:{person}")
    return InlineKeyboardMarkup([[yes, no]])

"""/forget: erasing what is kept about a person, once they have confirmed it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler

from bot.handlers.editing import edit_or_send, tell
from bot.handlers.localizer import Localizer
from bot.handlers.message_parts import message_of
from bot.handlers.target import Target
from bot.render import text
from bot.telegram_types import App, Context
from retrieval.presentation.texts import Texts

log = structlog.get_logger(__name__)

_RETRY_AFTER = 1.0  # seconds until it is checked again whether entries are off the disk


class ForgetCommand:
    """Erases a person's entries, and tells them when they are off the disk."""

    def __init__(
        self, localizer: Localizer, erase: Callable[[int], Mapping[str, int | None]], is_gone: Callable[[int], bool]
    ) -> None:
        """`erase` erases a person's entries and returns how many there were of each kind, for the texts "forgot-…".

        `is_gone` returns whether they are off the disk, too.
        """
        self._localizer = localizer
        self._erase = erase
        self._is_gone = is_gone
        self._waiting: list[_Waiting] = []
        self._is_asked = asyncio.Event()

    def add_to(self, application: App) -> None:
        """Register the handler of the buttons."""
        application.add_handler(CallbackQueryHandler(self.pressed, r"^forget:(yes|no):[0-9]{1,20}$"))

    async def ask(self, update: Update, context: Context) -> None:
        """Say what would be erased, and ask for confirmation."""
        message, texts = message_of(update), self._localizer.texts(update)
        if message.sender_chat or message.from_user is None:  # nobody could press the button
            await Target.of(message).send(context.bot, text(texts("forget-as-yourself")))
            return
        keyboard = _keyboard(texts, message.from_user.id)
        await Target.of(message).send(context.bot, text(texts("forget-question")), keyboard)

    async def pressed(self, update: Update, context: Context) -> None:
        """Erase everything, or nothing, for the person who asked."""
        query, texts = update.callback_query, self._localizer.texts(update)
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
        # The update of the press itself names the person, so that they are off the disk only once it is handled.
        self._waiting.append(_Waiting(query.from_user.id, chat, number, words))
        self._is_asked.set()

    async def keep_telling(self, bot: Bot) -> None:
        """Tell everybody who waits that they are forgotten, once they are off the disk; never return."""
        while await self._is_asked.wait():
            if await self.tell(bot):
                self._is_asked.clear()
            else:
                await asyncio.sleep(_RETRY_AFTER)

    async def tell(self, bot: Bot) -> bool:
        """Tell those who are off the disk by now; return whether nobody waits any more."""
        for waiting in list(self._waiting):
            if self._is_gone(waiting.person):
                self._waiting.remove(waiting)
                try:
                    await edit_or_send(bot, waiting.chat, waiting.message, waiting.words)
                except TelegramError as error:  # they have blocked the bot, or left the group
                    log.warning("a forgotten person could not be told", reason=str(error))
        return not self._waiting

    def _forget(self, person: int, texts: Texts) -> str:
        """Erase everything about a person; return the line that says what that was."""
        counts = self._erase(person)
        log.info("a person was forgotten")
        erased = [texts(f"forgot-{kind}", count=count) for kind, count in counts.items() if count]
        return texts("forget-done", erased=", ".join(erased)) if erased else texts("forget-nothing")


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A person whose entries are erased and not yet off the disk, and the message in which they are told."""

    person: int
    chat: int
    message: int
    words: str  # what to say then


def _keyboard(texts: Texts, person: int) -> InlineKeyboardMarkup:
    yes = InlineKeyboardButton(texts("button-forget"), callback_data=f"forget:yes:{person}")
    no = InlineKeyboardButton(texts("button-cancel"), callback_data=f"forget:no:{person}")
    return InlineKeyboardMarkup([[yes, no]])

"""/forget: what is kept of a person is erased, once they have confirmed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.handlers.asked import ANYWHERE
from bot.handlers.desk import App, Context, Desk, Target, message_of
from bot.handlers.editing import edit_or_send, tell
from bot.render import text
from bot.texts import Texts

log = structlog.get_logger(__name__)


class Forget:
    """Erases a person's entries wherever there are any."""

    def __init__(self, desk: Desk, erase: Callable[[int], Mapping[str, int | None]]) -> None:
        """`erase` removes a person's, and returns how many entries there were of each kind; "forgot-…" counts them."""
        self._desk = desk
        self._erase = erase

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
        _, verb, number = query.data.split(":")
        if query.message is None or query.from_user.id != int(number):
            await tell(query, texts("not-your-button"))
            return
        await tell(query)
        words = self._forget(query.from_user.id, texts) if verb == "yes" else texts("forget-cancelled")
        await edit_or_send(context.bot, query.message.chat.id, query.message.message_id, words)

    def _forget(self, person: int, texts: Texts) -> str:
        """Erase everything; returns the line that says what that was."""
        counts = self._erase(person)
        log.info("a person was forgotten")
        erased = [texts(f"forgot-{kind}", count=count) for kind, count in counts.items() if count]
        return texts("forget-done", erased=", ".join(erased)) if erased else texts("forget-nothing")


def _keyboard(texts: Texts, person: int) -> InlineKeyboardMarkup:
    yes = InlineKeyboardButton(texts("button-forget"), callback_data=f"forget:yes:{person}")
    no = InlineKeyboardButton(texts("button-cancel"), callback_data=f"forget:no:{person}")
    return InlineKeyboardMarkup([[yes, no]])

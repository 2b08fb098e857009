"""What is said without a new message: by editing one of the bot's, or above the chat, to who pressed a button."""

from __future__ import annotations

from telegram import Bot, CallbackQuery, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.handlers.desk import Target
from bot.render import text
from bot.updates.handling import is_gone


async def edit(bot: Bot, chat: int, message: int, words: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Let a message say something else, in plain words; raises TelegramError."""
    try:
        await bot.edit_message_text(text(words), chat, message, reply_markup=keyboard)
    except BadRequest as error:
        if "not modified" not in error.message.lower():  # it says so already
            raise


async def edit_or_send(
    bot: Bot, chat: int, message: int, words: str, keyboard: InlineKeyboardMarkup | None = None
) -> int:
    """Say it in a new message if the one to be edited is gone; returns which message says it. Raises TelegramError."""
    try:
        await edit(bot, chat, message, words, keyboard)
        return message
    except BadRequest:
        return (await Target(chat).send(bot, text(words), keyboard)).message_id


async def tell(query: CallbackQuery, words: str | None = None, alert: bool = True) -> None:
    """Answer a press, so that the button stops to wait; one that is too old waits no more."""
    try:
        await query.answer(words and words[:200], show_alert=bool(words) and alert)
    except BadRequest as error:
        if not is_gone(error):
            raise

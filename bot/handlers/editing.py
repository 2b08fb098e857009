"""Messages of the bot's that come to say something else."""

from __future__ import annotations

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.handlers.desk import Target
from bot.render import text


async def edit(bot: Bot, chat: int, message: int, words: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Let a message say something else, in plain words; raises TelegramError."""
    try:
        await bot.edit_message_text(text(words), chat, message, reply_markup=keyboard)
    except BadRequest as error:
        if "not modified" not in error.message.lower():  # it says so already
            raise


async def edit_or_send(
    bot: Bot, chat: int, message: int, words: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    """Say it in a new message if the one to be edited is gone; raises TelegramError."""
    try:
        await edit(bot, chat, message, words, keyboard)
    except BadRequest:
        await Target(chat).send(bot, text(words), keyboard)

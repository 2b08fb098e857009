"""Ways to say something without a new message: editing one of the bot's, or answering the press of a button."""

from __future__ import annotations

from telegram import Bot, CallbackQuery, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.handlers.target import Target
from bot.render import text
from bot.updates.handling import is_gone


async def edit(bot: Bot, chat: int, message: int, words: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Replace the text of a message by plain words; raise TelegramError."""
    try:
        await bot.edit_message_text(text(words), chat, message, reply_markup=keyboard)
    except BadRequest as error:
        if "not modified" not in error.message.lower():  # else the message says so already
            raise


async def edit_or_send(
    bot: Bot, chat: int, message: int, words: str, keyboard: InlineKeyboardMarkup | None = None
) -> int:
    """Edit a message, or send a new one if it is gone; return the number of the message. Raise TelegramError."""
    try:
        await edit(bot, chat, message, words, keyboard)
        return message
    except BadRequest:
        return (await Target(chat).send(bot, text(words), keyboard)).message_id


async def tell(query: CallbackQuery, words: str | None = None, alert: bool = True) -> None:
    """Answer the press of a button, which ends its progress indicator; do nothing if the press is too old."""
    try:
        await query.answer(words and words[:200], show_alert=bool(words) and alert)
    except BadRequest as error:
        if not is_gone(error):
            raise

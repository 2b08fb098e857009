"""Whether a message in a group speaks to the bot, and what it says. Pure."""

from __future__ import annotations

import re

from telegram import Bot, Message, MessageEntity
from telegram.ext import filters

ANYWHERE = filters.UpdateType.MESSAGE & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)
EDITED = filters.UpdateType.EDITED_MESSAGE & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)
PRIVATE = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE

_KINDS = (MessageEntity.MENTION, MessageEntity.TEXT_MENTION)


def addressed(message: Message, bot: Bot) -> bool:
    """Whether a message names the bot, or replies to it."""
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == bot.id:
        return True
    return bool(_mentions(message, bot))


def without_mentions(message: Message, bot: Bot) -> str:
    """The words of a message without the bot's name."""
    words = message.text or message.caption or ""
    mentions = _mentions(message, bot)
    for mention in mentions:
        words = re.sub(rf"\s*{re.escape(mention)}\s*", " ", words)
    return words.strip(" ,:;\n\t") if mentions else words.strip()


def _mentions(message: Message, bot: Bot) -> list[str]:
    """The bot's name as it is written in a message, wherever Telegram sees it."""
    found = message.parse_entities([*_KINDS]) if message.text else message.parse_caption_entities([*_KINDS])
    return [
        words
        for entity, words in found.items()
        if (entity.user and entity.user.id == bot.id) or words.lower() == f"@{bot.username.lower()}"
    ]

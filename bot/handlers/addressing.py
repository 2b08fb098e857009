"""Whether a message in a group addresses the bot, and the words in it and around it that a question is made of."""

from __future__ import annotations

from functools import cache

from telegram import Bot, Message, MessageEntity, Update
from telegram.ext import filters

from bot.handlers.condition_filter import ConditionFilter
from bot.messages import languages, texts_for

ANYWHERE = filters.UpdateType.MESSAGE & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)
EDITED = filters.UpdateType.EDITED_MESSAGE & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)
PRIVATE = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE

# A caption asks as a text does, unless it begins with a command or belongs to a file, which may be one to add.
WORDS = filters.TEXT | (filters.CAPTION & ~filters.Document.ALL & ~filters.CaptionRegex(r"\A/\w"))

_AROUND_HELP = " /!?.…"
_CLOSING = ".,:;?!…)\n"  # characters that no space precedes
_KINDS = (MessageEntity.MENTION, MessageEntity.TEXT_MENTION)
_QUOTES = (MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE)


def addressed(message: Message, bot: Bot) -> bool:
    """Return whether a message mentions the bot or replies to it."""
    return is_from(message.reply_to_message, bot) or bool(_mentions(message, bot))


def is_from(message: Message | None, bot: Bot) -> bool:
    """Return whether there is a message and the bot sent it."""
    return message is not None and message.from_user is not None and message.from_user.id == bot.id


def is_result(message: Message, bot: Bot) -> bool:
    """Return whether a message was picked from the bot's inline results, which is no question."""
    return message.via_bot is not None and message.via_bot.id == bot.id


def words_of(message: Message) -> str:
    """Return the text or caption of a message, "" if it has neither."""
    return message.text or message.caption or ""


def without_mentions(message: Message, bot: Bot) -> str:
    """Return the words of a message without mentions of the bot."""
    words = words_of(message)
    mentions = _mentions(message, bot)
    for mention in sorted(mentions, key=lambda mention: -mention.offset):  # from the last, so that offsets stay valid
        before, after = _around(words, mention)
        words = before + after if after[:1] in _CLOSING else f"{before} {after}"
    return words.strip(" ,:;\n\t") if mentions else words.strip()


def replied_words(message: Message, bot: Bot) -> str:
    """Return the words of the message that one replies to, or the part that it quotes; "" if the bot wrote them."""
    replied = message.reply_to_message
    if is_from(replied, bot):
        return ""
    return quoted_words(message) or (words_of(replied) if replied else "")


def quoted_words(message: Message) -> str:
    """Return the part of another message that a message quotes, even from another chat."""
    return message.quote.text if message.quote else ""


def followed_words(message: Message, bot: Bot) -> str:
    """Return the words of the message that one replies to; of the bot's own, only a single quote in it."""
    replied = message.reply_to_message
    if replied is None or not is_from(replied, bot):
        return words_of(replied) if replied else ""
    quotes = list(replied.parse_entities([*_QUOTES]).values()) if replied.text else []
    return quotes[0] if len(quotes) == 1 else ""


def _mentions(message: Message, bot: Bot) -> list[MessageEntity]:
    """Return the entities that mention the bot in a message or its caption."""
    found = message.parse_entities([*_KINDS]) if message.text else message.parse_caption_entities([*_KINDS])
    return [
        entity
        for entity, words in found.items()
        if (entity.user and entity.user.id == bot.id) or words.lower() == f"@{bot.username.lower()}"
    ]


def _around(words: str, entity: MessageEntity) -> tuple[str, str]:
    """Return the text before and after an entity, whose offset and length are in UTF-16 units."""
    encoded, end = words.encode("utf-16-le"), entity.offset + entity.length
    before, after = encoded[: 2 * entity.offset].decode("utf-16-le"), encoded[2 * end :].decode("utf-16-le")
    return before.rstrip(" "), after.lstrip(" ")


def _asks_for_help(update: Update) -> bool:
    message = update.message
    if message is None or not message.text:
        return False
    words = (
        message.text.casefold().strip().removesuffix(f"@{message.get_bot().username.casefold()}").strip(_AROUND_HELP)
    )
    return words in _help_words()


@cache
def _help_words() -> frozenset[str]:
    return frozenset(word for code in languages() for word in texts_for(code, code)("help-words").splitlines())


HELP = PRIVATE & ConditionFilter(_asks_for_help)  # a word that asks for help, without being a command

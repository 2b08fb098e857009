"""Whether a message in a group speaks to the bot, what it says, and about what. Pure."""

from __future__ import annotations

from functools import cache

from telegram import Bot, Message, MessageEntity, Update
from telegram.ext import filters

from bot.handlers.condition_filter import Only
from bot.texts import languages, texts_for

ANYWHERE = filters.UpdateType.MESSAGE & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)
EDITED = filters.UpdateType.EDITED_MESSAGE & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)
PRIVATE = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE

# What is written above a picture or a recording asks as well as a text does; a file is more than its caption.
WORDS = filters.TEXT | (filters.CAPTION & ~filters.Document.ALL & ~filters.CaptionRegex(r"\A/\w"))

_AROUND_HELP = " /!?.…"
_CLOSING = ".,:;?!…)\n"  # what no space stands before
_KINDS = (MessageEntity.MENTION, MessageEntity.TEXT_MENTION)
_QUOTES = (MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE)


def addressed(message: Message, bot: Bot) -> bool:
    """Whether a message names the bot, or replies to it."""
    return is_from(message.reply_to_message, bot) or bool(_mentions(message, bot))


def is_from(message: Message | None, bot: Bot) -> bool:
    """Whether a message is there, and the bot sent it."""
    return message is not None and message.from_user is not None and message.from_user.id == bot.id


def is_result(message: Message, bot: Bot) -> bool:
    """Whether it is what somebody picked from the bot's inline results, which asks nothing."""
    return message.via_bot is not None and message.via_bot.id == bot.id


def words_of(message: Message) -> str:
    """What is written in a message, or above what it shows."""
    return message.text or message.caption or ""


def without_mentions(message: Message, bot: Bot) -> str:
    """The words of a message without the bot's name, wherever in it that stands."""
    words = words_of(message)
    mentions = _mentions(message, bot)
    for mention in sorted(mentions, key=lambda mention: -mention.offset):  # the last one first, so that places stay
        before, after = _around(words, mention)
        words = before + after if after[:1] in _CLOSING else f"{before} {after}"
    return words.strip(" ,:;\n\t") if mentions else words.strip()


def replied_words(message: Message, bot: Bot) -> str:
    """What a message without words of its own asks about: those that it replies to, unless they are the bot's.

    If it quotes a part of them, that part.
    """
    replied = message.reply_to_message
    if is_from(replied, bot):
        return ""
    return quoted_words(message) or (words_of(replied) if replied else "")


def quoted_words(message: Message) -> str:
    """The part of another message that one quotes, which may be of another chat."""
    return message.quote.text if message.quote else ""


def followed_words(message: Message, bot: Bot) -> str:
    """What is said in the message that one replies to; of the bot's own, only the quote in it, if it has just one."""
    replied = message.reply_to_message
    if replied is None or not is_from(replied, bot):
        return words_of(replied) if replied else ""
    quotes = list(replied.parse_entities([*_QUOTES]).values()) if replied.text else []
    return quotes[0] if len(quotes) == 1 else ""


def _mentions(message: Message, bot: Bot) -> list[MessageEntity]:
    """The bot's name in a message, wherever Telegram sees it."""
    found = message.parse_entities([*_KINDS]) if message.text else message.parse_caption_entities([*_KINDS])
    return [
        entity
        for entity, words in found.items()
        if (entity.user and entity.user.id == bot.id) or words.lower() == f"@{bot.username.lower()}"
    ]


def _around(words: str, entity: MessageEntity) -> tuple[str, str]:
    """What stands before and after an entity, whose place is counted in UTF-16 units."""
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


HELP = PRIVATE & Only(_asks_for_help)  # without the command that Telegram marks

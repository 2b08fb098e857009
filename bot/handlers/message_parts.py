"""What handlers read from a message: who sent it, a command's argument, and whether its chat is private."""

from __future__ import annotations

from telegram import Chat, Message, Update

from bot.handlers.addressing import words_of


def message_of(update: Update) -> Message:
    """Return the new or edited message of an update; the filters of a handler ensure that there is one."""
    message = update.message or update.edited_message
    assert message is not None
    return message


def person_of(message: Message) -> int:
    """Return the id of the sender: a user, or the group or channel in whose name a user writes; 0 if unknown."""
    sender = message.sender_chat or message.from_user
    return sender.id if sender else 0


def argument_of(message: Message) -> str:
    """Return the command's argument: the text after its first word."""
    return "".join(words_of(message).split(maxsplit=1)[1:]).strip()


def is_private(message: Message) -> bool:
    """Return whether a message was sent in a private chat with the bot."""
    return message.chat.type == Chat.PRIVATE

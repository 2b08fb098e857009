"""The place that a message is sent to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

Keyboard: TypeAlias = InlineKeyboardMarkup | ReplyKeyboardMarkup | None


@dataclass(frozen=True, slots=True)
class Target:
    """A chat, the message in it to reply to, and the topic of the chat."""

    chat: int
    reply_to: int | None = None
    thread: int | None = None
    quiet: bool = False  # without a sound

    @classmethod
    def of(cls, message: Message) -> Target:
        """Return the target of a reply to a message."""
        return cls(message.chat.id, message.message_id, message.message_thread_id if message.is_topic_message else None)

    @classmethod
    def below(cls, message: MaybeInaccessibleMessage) -> Target:
        """Return the target of a reply to a message with a button; Telegram tells only the ids of an old one."""
        return cls.of(message) if isinstance(message, Message) else cls(message.chat.id, message.message_id)

    async def send(self, bot: Bot, html: str, keyboard: Keyboard = None) -> Message:
        """Send a message and return it; raise TelegramError once the rate limiter gives up on retries."""
        reply = ReplyParameters(self.reply_to, allow_sending_without_reply=True) if self.reply_to else None
        return await bot.send_message(
            self.chat,
            html,
            reply_parameters=reply,
            message_thread_id=self.thread,
            reply_markup=keyboard,
            disable_notification=self.quiet,
        )

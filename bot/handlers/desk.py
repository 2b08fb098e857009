"""What all handlers work with, and what they ask of an update: who, where, in which language."""

from __future__ import annotations

import sqlite3
from collections import deque
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from telegram import (
    Bot,
    Chat,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.ext import Application, ContextTypes

from bot.answer_worker import AnswerWorker
from bot.clipping import cut
from bot.handlers.addressing import followed_words, quoted_words, words_of
from bot.memory.chats import ChatFilters, Chats
from bot.memory.feedback import Feedback
from bot.memory.sent_answers import SentAnswer, SentAnswers
from bot.memory.watches import Watches
from bot.monitor.metrics import Metrics
from bot.question_limits import QuestionLimits
from bot.settings import BotSettings
from bot.texts import Texts, texts_for

App: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"
Context: TypeAlias = ContextTypes.DEFAULT_TYPE
Keyboard: TypeAlias = InlineKeyboardMarkup | ReplyKeyboardMarkup | None

_ALBUMS = 100
_INLINE_TIMES = 3  # as many inline queries are answered as questions
_FOLLOWED = 300  # UTF-16 units of a message that is followed up


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that handlers share."""

    settings: BotSettings
    answering: AnswerWorker
    given: SentAnswers
    chats: Chats
    feedback: Feedback
    watches: Watches
    limits: QuestionLimits
    metrics: Metrics
    # Inline queries come letter by letter; they use up nothing of what is asked in chats.
    inline_limits: QuestionLimits = field(default_factory=lambda: QuestionLimits(_INLINE_TIMES))
    albums: deque[str] = field(default_factory=lambda: deque(maxlen=_ALBUMS))  # of which something was said

    @classmethod
    def open(
        cls, connection: sqlite3.Connection, settings: BotSettings, answering: AnswerWorker, metrics: Metrics
    ) -> Desk:
        """A desk whose memory is in a file."""
        return cls(
            settings,
            answering,
            SentAnswers(connection),
            Chats(connection),
            Feedback(connection),
            Watches(connection),
            QuestionLimits(settings.questions_per_minute),
            metrics,
            inline_limits=QuestionLimits(_INLINE_TIMES * settings.questions_per_minute),
        )

    def texts(self, update: Update) -> Texts:
        """What the bot says, in the language of whoever caused an update."""
        user = update.effective_user
        return texts_for(user.language_code if user else None, self.settings.language)

    def texts_of_chat(self, chat: int) -> Texts:
        """What the bot says in a chat by itself, in the language that was last used there."""
        return texts_for(self.chats.language(chat), self.settings.language)

    def examples(self, texts: Texts) -> list[str]:
        """Return example questions, at least one: those of the configuration, else those of the catalogue."""
        return self.settings.examples or texts("examples").splitlines()

    def replied(self, message: Message) -> SentAnswer | None:
        """The answer that a message replies to."""
        replied = message.reply_to_message
        return self.given.of_reply(message.chat.id, replied.message_id) if replied else None

    def earlier(self, message: Message) -> str | None:
        """What a message may follow up, as the next question's `earlier` has it.

        That is what it quotes, else the answer that it replies to or, if that is none, the words there; else what its
        person asked last.
        """
        given, chat, replied = self.given, message.chat.id, message.reply_to_message
        if quoted := _subject(quoted_words(message)):
            return quoted
        answered = self.replied(message) or (given.of_message(chat, replied.message_id) if replied else None)
        words = answered.subject if answered else None
        return words or _subject(followed_words(message, message.get_bot())) or given.subject(person_of(message), chat)

    def filters(self, message: Message) -> ChatFilters:
        """The filters of a message's chat."""
        return self.chats.filters(message.chat.id)

    def spoken_of(self, message: Message) -> None:
        """Note that a message was answered, so that the other pictures of its album need no answer of their own."""
        if message.media_group_id:
            self.albums.append(message.media_group_id)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: a chat, the message that it replies to, and a topic of the chat."""

    chat: int
    reply_to: int | None = None
    thread: int | None = None
    quiet: bool = False  # without a sound

    @classmethod
    def of(cls, message: Message) -> Target:
        """The place of a reply to a message."""
        return cls(message.chat.id, message.message_id, message.message_thread_id if message.is_topic_message else None)

    @classmethod
    def below(cls, message: MaybeInaccessibleMessage) -> Target:
        """Return the place of a reply to a message with a button, of which little is known once it is old."""
        return cls.of(message) if isinstance(message, Message) else cls(message.chat.id, message.message_id)

    async def send(self, bot: Bot, html: str, keyboard: Keyboard = None) -> Message:
        """Send a message there; raises TelegramError as the library does, once trying again is of no use."""
        reply = ReplyParameters(self.reply_to, allow_sending_without_reply=True) if self.reply_to else None
        return await bot.send_message(
            self.chat,
            html,
            reply_parameters=reply,
            message_thread_id=self.thread,
            reply_markup=keyboard,
            disable_notification=self.quiet,
        )


def message_of(update: Update) -> Message:
    """The message of an update that has one, as the filters of its handler ask for."""
    message = update.message or update.edited_message
    assert message is not None
    return message


def person_of(message: Message) -> int:
    """Who wrote: a user, or a group or channel in whose name somebody does."""
    sender = message.sender_chat or message.from_user
    return sender.id if sender else 0


def argument_of(message: Message) -> str:
    """What stands behind a command."""
    return "".join(words_of(message).split(maxsplit=1)[1:]).strip()


def _subject(words: str) -> str | None:
    """Words as the subject of what follows them: one line, not too long; None if they say nothing."""
    line = " ".join(words.split())
    return line[: cut(line, _FOLLOWED)].rstrip() if any(map(str.isalnum, line)) else None


def is_private(message: Message) -> bool:
    """Whether it stands in a chat of the bot with one person."""
    return message.chat.type == Chat.PRIVATE

"""What the bot does with each kind of message: one short coroutine each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from bot import render, texts
from bot.subjects import Subjects
from retrieval.types import Answer, Question

log = logging.getLogger(__name__)

App: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"
Context: TypeAlias = ContextTypes.DEFAULT_TYPE
Ask: TypeAlias = Callable[[Question], Awaitable[Answer]]

_TYPING_EVERY = 4.0  # seconds; Telegram shows it for five
_PAUSES = (1.0, 2.0, 4.0)  # seconds before a lost message is sent again

_PRIVATE = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
_ANYWHERE = filters.UpdateType.MESSAGE & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)


class Handlers:
    """The coroutines that answer messages, with the questions' way to the answers."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._of_people = Subjects()  # by chat and person: what each asked last
        self._of_replies = Subjects()  # by chat and message: what the bot's last messages answer

    def add_to(self, application: App) -> None:
        """Register one for every kind of message; the first that fits takes it."""
        application.add_handler(CommandHandler(["start", "help"], self.help, _ANYWHERE))
        application.add_handler(CommandHandler("ask", self.ask, _ANYWHERE))
        application.add_handler(MessageHandler(_ANYWHERE & filters.COMMAND, self.unknown))
        application.add_handler(MessageHandler(_PRIVATE & filters.TEXT, self.question))
        application.add_handler(MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, self.not_text))

    async def help(self, update: Update, context: Context) -> None:
        """Say what the bot does, with examples."""
        message = _message(update)
        if _is_addressed(message, context):
            await reply(message, render.text(f"{texts.HELP}\n\n{texts.IN_GROUPS}").html)

    async def ask(self, update: Update, _context: Context) -> None:
        """Answer what stands after the command."""
        message = _message(update)
        _, *rest = (message.text or "").split(maxsplit=1)
        if rest:
            await self._answer(message, rest[0])
        else:
            await reply(message, render.text(texts.NO_QUESTION).html)

    async def question(self, update: Update, _context: Context) -> None:
        """Answer a plain message."""
        message = _message(update)
        await self._answer(message, message.text or "")

    async def unknown(self, update: Update, context: Context) -> None:
        """Name /help."""
        message = _message(update)
        if _is_addressed(message, context):
            await reply(message, render.text(texts.UNKNOWN).html)

    async def not_text(self, update: Update, _context: Context) -> None:
        """Ask for text."""
        await reply(_message(update), render.text(texts.NOT_TEXT).html)

    async def _answer(self, message: Message, question: str) -> None:
        async with _typing(message):
            answer = await self._ask(Question(question.strip(), message.date, earlier=self._earlier(message)))
        log.info("%s with %d quotes in %.0f ms", answer.status, len(answer.quotes), answer.took_ms)
        self._of_people.keep((message.chat.id, _person(message)), answer.subject)
        for html in render.render_answer(answer):
            sent = await reply(message, html)
            self._of_replies.keep((message.chat.id, sent.message_id), answer.subject)

    def _earlier(self, message: Message) -> str | None:
        """What the message may follow up: the answer that it replies to, else what the person asked last."""
        answered = message.reply_to_message
        subject = self._of_replies.get((message.chat.id, answered.message_id)) if answered else None
        return subject or self._of_people.get((message.chat.id, _person(message)))


async def reply(message: Message, html: str) -> Message:
    """The reply to a message, sent; what the network may have lost is sent again, since twice is better than never."""
    for pause in _PAUSES:
        try:
            return await message.reply_text(html)
        except BadRequest:  # a NetworkError by name only
            raise
        except NetworkError as error:
            log.warning("a reply is sent again in %.0f s: %s", pause, error)
            await asyncio.sleep(pause)
    return await message.reply_text(html)


@asynccontextmanager
async def _typing(message: Message) -> AsyncIterator[None]:
    async def keep_typing() -> None:
        while True:
            with suppress(TelegramError):
                await message.reply_chat_action(ChatAction.TYPING)
            await asyncio.sleep(_TYPING_EVERY)

    typing = asyncio.create_task(keep_typing())
    try:
        yield
    finally:
        typing.cancel()


def _message(update: Update) -> Message:
    assert update.message is not None  # as every filter above asks for
    return update.message


def _person(message: Message) -> int:
    """Who wrote: a user, or a group or channel in whose name an administrator does."""
    sender = message.sender_chat or message.from_user
    return sender.id if sender else 0


def _is_addressed(message: Message, context: Context) -> bool:
    """Whether a command is for this bot: all are in a private chat, in a group those that end with its name."""
    command = (message.text or "").split(maxsplit=1)[0].lower()
    return message.chat.type == message.chat.PRIVATE or command.endswith(f"@{context.bot.username.lower()}")

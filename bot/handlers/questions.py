"""Questions: plain ones, /ask, mentions and replies in groups, and those that are edited."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram import Bot, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.clipping import units
from bot.handlers.addressing import ANYWHERE, EDITED, HELP, WORDS, addressed, is_result, replied_words, without_mentions
from bot.handlers.desk import App, Context, Desk, Target, is_private, message_of, person_of
from bot.handlers.replies import LONGEST, Replies, given_of
from bot.monitor.metrics import Kind
from bot.render import render_answer
from retrieval.presentation.display import arranged
from retrieval.types import Question

_TYPING_AFTER = 0.3  # seconds; most answers are there by then
_TYPING_EVERY = 4.0  # seconds; Telegram shows it for five
_under_way: set[asyncio.Task[None]] = set()  # the loop itself holds a task but weakly


class Questions:
    """What asks for an answer."""

    def __init__(self, desk: Desk, replies: Replies) -> None:
        self._desk = desk
        self._replies = replies

    def add_to(self, application: App) -> None:
        """Register the handlers; the one for plain text comes last of all."""
        application.add_handler(CommandHandler("ask", self.ask, ANYWHERE | EDITED))
        application.add_handler(MessageHandler(EDITED & filters.COMMAND, self.no_question_any_more))
        application.add_handler(MessageHandler((ANYWHERE | EDITED) & WORDS & ~filters.COMMAND & ~HELP, self.plain))

    async def ask(self, update: Update, context: Context) -> None:
        """Answer what stands after the command; without anything there, what the command replies to."""
        message = message_of(update)
        words = "".join(without_mentions(message, context.bot).split(maxsplit=1)[1:])
        await self._answer_if_any(update, context.bot, words)

    async def plain(self, update: Update, context: Context) -> None:
        """Answer a message, in a group only one that speaks to the bot, or whose name alone replies to a question."""
        message, bot = message_of(update), context.bot
        if is_result(message, bot) or not (is_private(message) or addressed(message, bot)):
            return
        await self._answer_if_any(update, bot, without_mentions(message, bot))
        self._desk.spoken_of(message)

    async def no_question_any_more(self, update: Update, context: Context) -> None:
        """Take back the answer to a question that was edited into a command; that is done only when it is sent."""
        message = message_of(update)
        before = self._desk.given.of_message(message.chat.id, message.message_id)
        if before and before.question.text and not before.first:  # else it was /latest or /more, and still may be
            await self._replies.say_instead(update, context.bot, before, "edited-to-command")

    async def _answer_if_any(self, update: Update, bot: Bot, own: str) -> None:
        """Answer a message's own words or, if it has none, those that it replies to, which it does not follow then."""
        message = message_of(update)
        if words := own or replied_words(message, bot):
            last = self._desk.given.subject(person_of(message), message.chat.id)
            await self.answer(update, bot, words, self._desk.earlier(message) if own else last)
        elif update.message:
            await self._replies.say(
                update, bot, "no-question", example=self._desk.examples(self._desk.texts(update))[0]
            )

    async def answer(self, update: Update, bot: Bot, words: str, earlier: str | None) -> None:
        """Answer a question that may follow up another, or edit the answer to what it was before."""
        began = time.perf_counter()
        desk, message, texts = self._desk, message_of(update), self._desk.texts(update)
        person, chat = person_of(message), message.chat.id
        before = desk.given.of_message(chat, message.message_id)
        if before and before.delivered and before.question.text == words:
            return  # it was handled before, or what has changed is something else about the message
        if units(words) > LONGEST:
            await self._replies.say_instead(update, bot, before, "too-long", limit=LONGEST)
            return
        if not await self._replies.may_ask(update, bot):
            return
        set_up = desk.filters(message)
        earlier = before.question.earlier if before else earlier
        question = Question(words, message.date, since=set_up.since, source=set_up.source, earlier=earlier)
        async with _typing(bot, Target.of(message)), desk.limits.turn(person):
            answer = arranged(await desk.answering.answer(question))
        kind: Kind = "private" if is_private(message) else "group"
        desk.metrics.answered(kind, answer, time.perf_counter() - began)
        key = before.key if before else desk.given.new_key()
        given = given_of(answer, key, chat, message.message_id, person)
        pages = render_answer(answer, texts)
        await self._replies.send(bot, given, answer, pages, Target.of(message), texts)


@asynccontextmanager
async def _typing(bot: Bot, target: Target) -> AsyncIterator[None]:
    """Show that an answer is on its way, as soon as it takes long enough to be worth a call.

    No call is cancelled: that would take its connection out of the pool of httpcore, which would be empty one day.
    """
    over = asyncio.Event()

    async def keep_typing() -> None:
        pause = _TYPING_AFTER
        while not await _is_set_within(over, pause):
            with suppress(TelegramError):
                await bot.send_chat_action(target.chat, ChatAction.TYPING, message_thread_id=target.thread)
            pause = _TYPING_EVERY

    typing = asyncio.create_task(keep_typing())
    _under_way.add(typing)
    typing.add_done_callback(_under_way.discard)
    try:
        yield
    finally:
        over.set()


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True

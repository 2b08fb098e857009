"""Questions: plain ones, /ask, mentions and replies in groups, and those that are edited."""

from __future__ import annotations

import asyncio
import hashlib
import math
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from telegram import Bot, Message, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.cut import units
from bot.handlers.asked import ANYWHERE, EDITED, WORDS, addressed, is_result, replied_words, without_mentions
from bot.handlers.delivery import deliver
from bot.handlers.desk import App, Context, Desk, Target, is_private, message_of, person_of
from bot.handlers.presses import Press, keyboard
from bot.memory.answers import Given
from bot.render import Page, render_answer, render_more, text
from bot.texts import Texts
from retrieval.display import caption, plainly
from retrieval.types import Answer, Question

LONGEST = 1000  # UTF-16 units of a question
_TYPING_EVERY = 4.0  # seconds; Telegram shows it for five
_REMEMBERED = 1000  # updates that were admitted, and may be handled again if something goes wrong


class Questions:
    """What asks for an answer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._admitted: deque[int] = deque(maxlen=_REMEMBERED)  # ids of updates

    def add_to(self, application: App) -> None:
        """Register the handlers; the one for plain text comes last of all."""
        application.add_handler(CommandHandler("ask", self.ask, ANYWHERE | EDITED))
        application.add_handler(CommandHandler("more", self.more, ANYWHERE))
        application.add_handler(MessageHandler((ANYWHERE | EDITED) & WORDS & ~filters.COMMAND, self.plain))

    async def ask(self, update: Update, context: Context) -> None:
        """Answer what stands after the command; without anything there, what the command replies to."""
        message = message_of(update)
        question = "".join(without_mentions(message, context.bot).split(maxsplit=1)[1:])
        await self._answer_if_any(update, context.bot, question or replied_words(message, context.bot))

    async def plain(self, update: Update, context: Context) -> None:
        """Answer a message, in a group only one that speaks to the bot, or whose name alone replies to a question."""
        message, bot = message_of(update), context.bot
        if is_result(message, bot) or not (is_private(message) or addressed(message, bot)):
            return
        await self._answer_if_any(update, bot, without_mentions(message, bot) or replied_words(message, bot))
        self._desk.spoken_of(message)

    async def _answer_if_any(self, update: Update, bot: Bot, question: str) -> None:
        if question:
            await self.answer(update, bot, question)
        elif update.message:
            await self.say(update, bot, "no-question", example=self._desk.examples(self._desk.texts(update))[0])

    async def answer(self, update: Update, bot: Bot, words: str) -> None:
        """Answer a question, or edit the answer to what it was before."""
        desk, message, texts = self._desk, message_of(update), self._desk.texts(update)
        person, chat = person_of(message), message.chat.id
        before = desk.given.of_message(chat, message.message_id)
        if before and before.delivered and before.question.text == words:
            return  # it was handled before, or what has changed is something else about the message
        if units(words) > LONGEST:
            await self.say(update, bot, "too-long", limit=LONGEST)
            return
        if not await self.may_ask(update, bot):
            return
        set_up = desk.chats.filters(chat)
        earlier = before.question.earlier if before else self._earlier(message, person)
        question = Question(words, message.date, since=set_up.since, source=set_up.source, earlier=earlier)
        async with _typing(bot, Target.of(message)), desk.limits.turn(person):
            answer = await desk.answering.answer(question)
        desk.metrics.answered("private" if is_private(message) else "group", answer)
        key = before.key if before else desk.given.new_key()
        given = given_of(answer, key, chat, message.message_id, person)
        pages = render_answer(answer, texts)
        await self.send(bot, given, answer, pages, Target.of(message), texts)

    async def more(self, update: Update, context: Context) -> None:
        """Show further quotes of the answer that is replied to, else of the last one."""
        desk, message = self._desk, message_of(update)
        person, replied = person_of(message), message.reply_to_message
        done = desk.given.of_message(message.chat.id, message.message_id)
        if done and done.delivered:
            return
        last = desk.given.of_reply(message.chat.id, replied.message_id) if replied else None
        # What /more itself has given, before a crash, is not the answer that it asks more of.
        last = last or desk.given.last(person, message.chat.id, but=done.key if done else None)
        if last is None:
            await self.say(update, context.bot, "nothing-asked")
        elif await self.may_ask(update, context.bot) and not await self.send_more(
            context.bot, last, Target.of(message), desk.texts(update), person, message, done.key if done else None
        ):
            await self.say(update, context.bot, "nothing-more")

    async def send_more(
        self,
        bot: Bot,
        last: Given,
        target: Target,
        texts: Texts,
        person: int,
        message: Message | None = None,
        key: str | None = None,
    ) -> bool:
        """Send the next quotes after those of an answer to a person; returns whether there are any."""
        desk = self._desk
        if not (last.answered or last.is_latest):
            return False
        async with desk.limits.turn(person):
            answer = await self._answer_after(last)
        if answer.quotes:
            number = message.message_id if message else None
            key = key or (desk.given.new_key() if message else _key_after(last))
            given = given_of(answer, key, target.chat, number, person, last.answered)
            given = replace(given, quotes=last.quotes + given.quotes, first=len(last.quotes), subject=last.subject)
            await self.send(bot, given, answer, render_more(answer, texts, given.first), target, texts)
        desk.given.no_more(last)
        return bool(answer.quotes)

    async def _answer_after(self, last: Given) -> Answer:
        question, answering = last.question, self._desk.answering
        if not last.is_latest:
            return await answering.more(question, last.quotes)
        answer = await answering.latest(question.asked, question.since, question.source, last.quotes)
        return replace(answer, quotes=tuple(map(plainly, answer.quotes)))

    async def send(
        self, bot: Bot, given: Given, answer: Answer, pages: list[Page], target: Target, texts: Texts
    ) -> None:
        """Send an answer's pages, each with the buttons of its quotes."""
        quotes = answer.quotes or answer.closest

        def buttons(page: Page) -> object:
            if not page.quotes:
                return None
            first, last = page.quotes[0], page.quotes[-1]
            url = caption(quotes[first - given.first - 1].article).url
            return keyboard(given, Press("select", given.key, first, first, last), texts, url)

        await deliver(bot, self._desk.given, given, pages, target, buttons)  # type: ignore[arg-type]

    async def may_ask(self, update: Update, bot: Bot) -> bool:
        """Whether a person may ask now; if not, they are told when, once."""
        desk, message = self._desk, message_of(update)
        person, moment = person_of(message), (message.edit_date or message.date).timestamp()
        if update.update_id in self._admitted:
            return True
        wait = desk.limits.admit(person, moment)
        if wait and desk.limits.should_tell(person, moment):
            await self.say(update, bot, "too-many-questions", seconds=math.ceil(wait))
        if not wait:
            self._admitted.append(update.update_id)
        return not wait

    async def say(self, update: Update, bot: Bot, id: str, **values: str | int) -> None:
        """Reply with one of the bot's texts."""
        await Target.of(message_of(update)).send(bot, text(self._desk.texts(update)(id, **values)))

    def _earlier(self, message: Message, person: int) -> str | None:
        """What the message may follow up: the answer that it replies to, else what the person asked last."""
        replied, given = message.reply_to_message, self._desk.given
        answered = given.of_reply(message.chat.id, replied.message_id) if replied else None
        return (answered.subject if answered else None) or given.subject(person, message.chat.id)


def given_of(answer: Answer, key: str, chat: int, message: int | None, person: int, answered: bool = True) -> Given:
    """What is kept of an answer; `answered` says whether its quotes, if there are any, answer what was asked."""
    quotes = tuple(quote.id for quote in answer.quotes or answer.closest)
    more = answer.more if answer.quotes else 0
    return Given(
        key,
        chat,
        message,
        person,
        answer.question,
        answer.subject,
        answer.generation,
        answered and bool(answer.quotes),
        quotes,
        more=more,
        small_talk=answer.small_talk is not None,
    )


def _key_after(last: Given) -> str:
    """The key of what a button gives after an answer: the same if it is pressed again before that is sent."""
    digest = hashlib.sha256(" ".join([last.key, *last.quotes]).encode()).digest()
    return urlsafe_b64encode(digest[:9]).decode()


@asynccontextmanager
async def _typing(bot: Bot, target: Target) -> AsyncIterator[None]:
    async def keep_typing() -> None:
        while True:
            with suppress(TelegramError):
                await bot.send_chat_action(target.chat, ChatAction.TYPING, message_thread_id=target.thread)
            await asyncio.sleep(_TYPING_EVERY)

    typing = asyncio.create_task(keep_typing())
    try:
        yield
    finally:
        typing.cancel()

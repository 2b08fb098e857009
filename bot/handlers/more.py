"""/more, and the button that does the same: the quotes after those of an answer."""

from __future__ import annotations

from dataclasses import replace

from telegram import Bot, Message, Update
from telegram.ext import CommandHandler

from bot.handlers.addressing import ANYWHERE
from bot.handlers.desk import App, Context, Desk, Target, message_of, person_of
from bot.handlers.replies import Replies, given_of
from bot.memory.sent_answers import SentAnswer
from bot.render import render_more
from bot.texts import Texts
from index.keys import hash_key
from retrieval.presentation.display import arranged, plainly
from retrieval.types import Answer

_KEY = 13  # symbols of the key of what follows an answer


class More:
    """What follows an answer."""

    def __init__(self, desk: Desk, replies: Replies) -> None:
        self._desk = desk
        self._replies = replies

    def add_to(self, application: App) -> None:
        """Register the handler."""
        application.add_handler(CommandHandler("more", self.more, ANYWHERE))

    async def more(self, update: Update, context: Context) -> None:
        """Show further quotes of the answer that is replied to, else of the last one."""
        desk, message = self._desk, message_of(update)
        person = person_of(message)
        done = desk.given.of_message(message.chat.id, message.message_id)
        if done and done.delivered:
            return
        # What /more itself has given, before a crash, is not the answer that it asks more of.
        last = desk.replied(message) or desk.given.last(person, message.chat.id, but=done.key if done else None)
        if last is None:
            await self._replies.say(update, context.bot, "nothing-asked")
        elif await self._replies.may_ask(update, context.bot) and not await self.after(
            context.bot, last, Target.of(message), desk.texts(update), person, message, done.key if done else None
        ):
            await self._replies.say(update, context.bot, "nothing-more")

    async def after(
        self,
        bot: Bot,
        last: SentAnswer,
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
            await self._replies.send(bot, given, answer, render_more(answer, texts, given.first), target, texts)
        desk.given.no_more(last)
        return bool(answer.quotes)

    async def _answer_after(self, last: SentAnswer) -> Answer:
        question, answering = last.question, self._desk.answering
        if not last.is_latest:
            return arranged(await answering.more(question, last.quotes))
        answer = await answering.latest(question.asked, question.since, question.source, last.quotes)
        return replace(answer, quotes=tuple(map(plainly, answer.quotes)))


def _key_after(last: SentAnswer) -> str:
    """The key of what a button gives after an answer: the same if it is pressed again before that is sent."""
    return hash_key(" ".join([last.key, *last.quotes]), _KEY)

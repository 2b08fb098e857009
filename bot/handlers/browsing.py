"""/context, /sources and /latest: looking around in the articles."""

from __future__ import annotations

from telegram import Update

from bot.handlers.asking import Asking
from bot.handlers.conversations import Conversations
from bot.handlers.message_parts import argument_of, message_of, person_of
from bot.handlers.replies import Replies, sent_answer_of
from bot.handlers.target import Target
from bot.memory.sent_answers import SentAnswers
from bot.render import render_context, render_latest, render_sources
from bot.telegram_types import Context


class BrowsingCommands:
    """The commands that show articles without a question."""

    def __init__(self, replies: Replies, asking: Asking, conversations: Conversations) -> None:
        self._replies = replies
        self._asking = asking
        self._conversations = conversations

    async def context(self, update: Update, context: Context) -> None:
        """Show the text around a quote, by its number in the answer that is replied to, else in the last one."""
        message, bot = message_of(update), context.bot
        last = self._conversations.last_answer(message)
        number = argument_of(message) or str(last.first + 1 if last else 1)
        if last is None or not last.quotes:
            await self._replies.say(update, bot, "nothing-asked")
        elif not (number.isdecimal() and 1 <= int(number) <= len(last.quotes)):
            await self._replies.say(update, bot, "context-which", count=len(last.quotes))
        elif wait := self._asking.must_wait(update):
            await self._replies.explain(update, bot, wait)
        elif located := await self._asking.look_up(update, last.quotes[int(number) - 1]):
            await Target.of(message).send(bot, render_context(located, self._replies.texts(update)))
        else:
            await self._replies.say(update, bot, "article-gone")

    async def sources(self, update: Update, context: Context) -> None:
        """List the outlets, and the days of their articles."""
        if wait := self._asking.must_wait(update):
            await self._replies.explain(update, context.bot, wait)
            return
        summary = await self._asking.run(update, lambda answers: answers.summary())
        html = render_sources(summary, self._replies.texts(update))
        await Target.of(message_of(update)).send(context.bot, html)

    async def latest(self, update: Update, context: Context) -> None:
        """Show the beginnings of the newest articles."""
        message = message_of(update)
        before = self._conversations.answer_to(message)
        if before and before.delivered:
            return
        if wait := self._asking.must_wait(update):
            await self._replies.explain(update, context.bot, wait)
            return
        person, filters = person_of(message), self._conversations.filters(message)
        answer = await self._asking.run_in_turn(
            update, person, lambda answers: answers.latest(message.date, filters.since, filters.source)
        )
        key = before.key if before else SentAnswers.new_key()
        sent = sent_answer_of(answer, key, message.chat.id, message.message_id, person, answered=False)
        texts = self._replies.texts(update)
        await self._replies.send(context.bot, sent, answer, render_latest(answer, texts), Target.of(message), texts)

"""/context, /sources and /latest: what there is to read beside answers."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CommandHandler

from bot.handlers.addressing import ANYWHERE
from bot.handlers.desk import App, Context, Desk, Target, argument_of, message_of, person_of
from bot.handlers.replies import Replies, given_of
from bot.render import render_context, render_latest, render_sources
from retrieval.quote_ids import QuoteId


class Browsing:
    """The commands that look around in the articles."""

    def __init__(self, desk: Desk, replies: Replies) -> None:
        self._desk = desk
        self._replies = replies

    def add_to(self, application: App) -> None:
        """Register the handlers."""
        for name, handler in (("context", self.context), ("sources", self.sources), ("latest", self.latest)):
            application.add_handler(CommandHandler(name, handler, ANYWHERE))

    async def context(self, update: Update, context: Context) -> None:
        """Show the text around a quote, by its number, of the answer that is replied to, or of the last one."""
        desk, message = self._desk, message_of(update)
        given = desk.replied(message) or desk.given.last(person_of(message), message.chat.id)
        number = argument_of(message) or str(given.first + 1 if given else 1)
        if given is None or not given.quotes:
            await self._replies.say(update, context.bot, "nothing-asked")
        elif not (number.isdecimal() and 1 <= int(number) <= len(given.quotes)):
            await self._replies.say(update, context.bot, "context-which", count=len(given.quotes))
        elif await self._replies.may_ask(update, context.bot):
            standing = await desk.answering.look_up(QuoteId.parse(given.quotes[int(number) - 1]))
            if standing is None:
                await self._replies.say(update, context.bot, "article-gone")
                return
            await Target.of(message).send(context.bot, render_context(standing, desk.texts(update)))

    async def sources(self, update: Update, context: Context) -> None:
        """Say which outlets there are, and of which days."""
        if not await self._replies.may_ask(update, context.bot):
            return
        summary = await self._desk.answering.summary()
        html = render_sources(summary, self._desk.texts(update))
        await Target.of(message_of(update)).send(context.bot, html)

    async def latest(self, update: Update, context: Context) -> None:
        """Show the beginnings of the newest articles."""
        desk, message, texts = self._desk, message_of(update), self._desk.texts(update)
        before = desk.given.of_message(message.chat.id, message.message_id)
        if (before and before.delivered) or not await self._replies.may_ask(update, context.bot):
            return
        person, set_up = person_of(message), desk.filters(message)
        async with desk.limits.turn(person):
            answer = await desk.answering.latest(message.date, set_up.since, set_up.source)
        key = before.key if before else desk.given.new_key()
        given = given_of(answer, key, message.chat.id, message.message_id, person, answered=False)
        pages = render_latest(answer, texts)
        await self._replies.send(context.bot, given, answer, pages, Target.of(message), texts)

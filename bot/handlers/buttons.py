"""Buttons under answers: they work after a restart, on old messages, and for whoever asked."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import replace

from telegram import Bot, CallbackQuery, MaybeInaccessibleMessage, Message, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler

from bot.handlers.desk import App, Context, Desk, Target
from bot.handlers.editing import tell
from bot.handlers.more import More
from bot.handlers.presses import Press, keyboard
from bot.memory.answers import Given
from bot.render import render_context
from bot.texts import Texts
from index.types import Span
from retrieval.display import caption
from retrieval.feedback import Verdict
from retrieval.quote_ids import QuoteId
from retrieval.standing import Standing


class Buttons:
    """What happens when a button under an answer is pressed."""

    def __init__(self, desk: Desk, more: More) -> None:
        self._desk = desk
        self._further = more

    def add_to(self, application: App) -> None:
        """Register the handler; it takes every button, so that those of others come before."""
        application.add_handler(CallbackQueryHandler(self.press))

    async def press(self, update: Update, context: Context) -> None:
        """Do what the button says, or say why not."""
        query, texts = update.callback_query, self._desk.texts(update)
        assert query is not None
        press = Press.parse(query.data)
        given = self._desk.given.get(press.key) if press else None
        if press is None or given is None or query.message is None or not press.is_of(given):
            await tell(query, texts("answer-gone"))
        elif given.person > 0 and given.person != query.from_user.id:  # a group or channel has nobody to press them
            await tell(query, texts("not-your-button"))
        elif press.action == "more":
            await self._more(query, query.message, context.bot, given, press, texts)
        else:
            await self._of_quote(query, query.message, context.bot, given, press, texts)

    async def _of_quote(
        self,
        query: CallbackQuery,
        message: MaybeInaccessibleMessage,
        bot: Bot,
        given: Given,
        press: Press,
        texts: Texts,
    ) -> None:
        standing = await self._desk.answering.standing(QuoteId.parse(given.quotes[press.quote - 1]))
        if press.action == "retract":
            self._desk.feedback.retract(query.from_user.id, given.question.text, given.quotes[press.quote - 1])
            await tell(query, texts("feedback-retracted"), alert=False)
            await self._lay_out(bot, query, message, given, press, standing, texts)
        elif standing is None:
            await tell(query, texts("article-gone"))
        elif press.action == "context":
            await tell(query)
            for page in render_context(standing, texts):
                await _beside(message).send(bot, page)
        elif press.action == "select":
            await tell(query)
            await self._lay_out(bot, query, message, given, press, standing, texts)
        elif standing.status == "changed" or standing.span is None:
            await tell(query, texts("article-changed"))  # what there is now was not judged
        else:
            self._keep_verdict(query.from_user.id, given, press, standing, standing.span)
            await tell(query, texts("feedback-thanks"), alert=False)
            await self._lay_out(bot, query, message, given, press, standing, texts)

    def _keep_verdict(self, person: int, given: Given, press: Press, standing: Standing, span: Span) -> None:
        helpful = press.action == "helpful"
        verdict = Verdict(
            person,
            given.question,
            given.quotes[press.quote - 1],
            standing.article.id,
            span.start,
            span.end,
            standing.article.text[slice(*span)],
            helpful,
            given.generation,
            time.time(),
        )
        self._desk.feedback.put(verdict)
        self._desk.metrics.judged("helpful" if helpful else "not_helpful")

    async def _more(
        self,
        query: CallbackQuery,
        message: MaybeInaccessibleMessage,
        bot: Bot,
        given: Given,
        press: Press,
        texts: Texts,
    ) -> None:
        found = True
        if given.more:  # else they were given, and the button is pressed again before it has gone
            if wait := self._desk.limits.admit(query.from_user.id):
                self._desk.metrics.turned_away.inc()
                await tell(query, texts("too-many-questions", seconds=math.ceil(wait)))
                return
            found = await self._further.after(bot, given, _beside(message), texts, given.person)
        await tell(query, None if found else texts("nothing-more"))
        standing = await self._desk.answering.standing(QuoteId.parse(given.quotes[press.quote - 1]))
        await self._lay_out(bot, query, message, replace(given, more=0), press, standing, texts)

    async def _lay_out(
        self,
        bot: Bot,
        query: CallbackQuery,
        message: MaybeInaccessibleMessage,
        given: Given,
        press: Press,
        standing: Standing | None,
        texts: Texts,
    ) -> None:
        """Put the buttons under a message anew, for the quote that is chosen now."""
        url = caption(standing.article).url if standing else None
        verdict = self._desk.feedback.verdict(query.from_user.id, given.question.text, given.quotes[press.quote - 1])
        with suppress(BadRequest):  # nothing has changed, or the message is gone
            await bot.edit_message_reply_markup(
                message.chat.id, message.message_id, reply_markup=keyboard(given, press, texts, url, verdict)
            )


def _beside(message: MaybeInaccessibleMessage) -> Target:
    """The place of a reply to the message with the button, of which little is known once it is old."""
    return Target.of(message) if isinstance(message, Message) else Target(message.chat.id, message.message_id)

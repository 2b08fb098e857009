"""Buttons under answers: they work after a restart, on old messages, and for whoever asked."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import dataclass, replace

from telegram import Bot, CallbackQuery, MaybeInaccessibleMessage, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler

from bot.handlers.callback_data import Press, keyboard
from bot.handlers.desk import App, Context, Desk, Target
from bot.handlers.editing import tell
from bot.handlers.more import More
from bot.memory.sent_answers import SentAnswer
from bot.render import render_context
from bot.texts import Texts
from index.types import Article, Span
from retrieval.feedback_rows import Verdict
from retrieval.presentation.display import caption
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote


@dataclass(frozen=True, slots=True)
class _Pressed:
    """A button that was pressed under an answer, in the language of whoever did."""

    query: CallbackQuery
    message: MaybeInaccessibleMessage
    press: Press
    given: SentAnswer
    texts: Texts

    @property
    def quote(self) -> str:
        """The id of the quote that it is of."""
        return self.given.quotes[self.press.quote - 1]


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
        else:
            pressed = _Pressed(query, query.message, press, given, texts)
            await (self._more if press.action == "more" else self._of_quote)(context.bot, pressed)

    async def _of_quote(self, bot: Bot, pressed: _Pressed) -> None:
        query, texts, action = pressed.query, pressed.texts, pressed.press.action
        standing = await self._desk.answering.look_up(QuoteId.parse(pressed.quote))
        if action == "retract":
            self._desk.feedback.retract(query.from_user.id, pressed.given.question.text, pressed.quote)
            await tell(query, texts("feedback-retracted"), alert=False)
            await self._lay_out(bot, pressed, standing)
        elif standing is None:
            await tell(query, texts("article-gone"))
        elif action == "context":
            if await self._is_too_soon(pressed):
                return
            await tell(query)
            await Target.below(pressed.message).send(bot, render_context(standing, texts))
        elif action == "select":
            await tell(query)
            await self._lay_out(bot, pressed, standing)
        elif standing.status == "changed" or standing.span is None:
            await tell(query, texts("article-changed"))  # what there is now was not judged
        else:
            self._keep_verdict(pressed, standing.article, standing.span)
            await tell(query, texts("feedback-thanks"), alert=False)
            await self._lay_out(bot, pressed, standing)

    def _keep_verdict(self, pressed: _Pressed, article: Article, span: Span) -> None:
        given, helpful = pressed.given, pressed.press.action == "helpful"
        verdict = Verdict(
            person=pressed.query.from_user.id,
            question=given.question,
            quote=pressed.quote,
            article=article.id,
            start=span.start,
            end=span.end,
            words=article.text[slice(*span)],
            helpful=helpful,
            generation=given.generation,
            given=time.time(),
        )
        self._desk.feedback.put(verdict)
        self._desk.metrics.judged("helpful" if helpful else "not_helpful")

    async def _more(self, bot: Bot, pressed: _Pressed) -> None:
        query, given, texts = pressed.query, pressed.given, pressed.texts
        found = True
        if given.more:  # else they were given, and the button is pressed again before it has gone
            if await self._is_too_soon(pressed):
                return
            found = await self._further.after(bot, given, Target.below(pressed.message), texts, given.person)
        await tell(query, None if found else texts("nothing-more"))
        standing = await self._desk.answering.look_up(QuoteId.parse(pressed.quote))
        await self._lay_out(bot, replace(pressed, given=replace(given, more=0)), standing)

    async def _is_too_soon(self, pressed: _Pressed) -> bool:
        """Whether a person has to wait before they may ask for more, which they are told."""
        wait = self._desk.limits.admit(pressed.query.from_user.id)
        if wait:
            self._desk.metrics.turned_away.inc()
            await tell(pressed.query, pressed.texts("too-many-questions", seconds=math.ceil(wait)))
        return wait > 0

    async def _lay_out(self, bot: Bot, pressed: _Pressed, standing: LocatedQuote | None) -> None:
        """Put the buttons under a message anew, for the quote that is chosen now."""
        given, message = pressed.given, pressed.message
        url = caption(standing.article).url if standing else None
        verdict = self._desk.feedback.verdict(pressed.query.from_user.id, given.question.text, pressed.quote)
        buttons = keyboard(given, pressed.press, pressed.texts, url, verdict)
        with suppress(BadRequest):  # nothing has changed, or the message is gone
            await bot.edit_message_reply_markup(message.chat.id, message.message_id, reply_markup=buttons)

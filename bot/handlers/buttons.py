"""Buttons under answers, which work after a restart, on old messages, and for whoever asked."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, replace

from telegram import Bot, CallbackQuery, MaybeInaccessibleMessage, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler

from bot.handlers.asking import Asking
from bot.handlers.callback_data import Press, keyboard
from bot.handlers.conversations import Conversations
from bot.handlers.editing import tell
from bot.handlers.localizer import Localizer
from bot.handlers.more import MoreCommand
from bot.handlers.target import Target
from bot.handlers.verdicts import Verdicts
from bot.memory.sent_answers import SentAnswer
from bot.render import render_context
from bot.telegram_types import App, Context
from retrieval.presentation.answer_parts import caption
from retrieval.presentation.texts import Texts
from retrieval.quote_lookup import LocatedQuote


@dataclass(frozen=True, slots=True)
class _Pressed:
    """A button under an answer that was pressed, and the texts in the language of the person who pressed it."""

    update: Update
    query: CallbackQuery
    message: MaybeInaccessibleMessage
    press: Press
    sent: SentAnswer
    texts: Texts

    @property
    def quote(self) -> str:
        """Return the id of the quote that the button is for."""
        return self.sent.quotes[self.press.quote - 1]

    @property
    def person(self) -> int:
        """Return the id of the person who pressed."""
        return self.query.from_user.id


class AnswerButtons:
    """Handles presses of the buttons under answers."""

    def __init__(
        self, localizer: Localizer, asking: Asking, conversations: Conversations, verdicts: Verdicts, more: MoreCommand
    ) -> None:
        self._localizer = localizer
        self._asking = asking
        self._conversations = conversations
        self._verdicts = verdicts
        self._more = more

    def add_to(self, application: App) -> None:
        """Register the handler, after those of all other buttons, since it takes every press."""
        application.add_handler(CallbackQueryHandler(self.press))

    async def press(self, update: Update, context: Context) -> None:
        """Do what the button says, or say why not."""
        query, texts = update.callback_query, self._localizer.texts(update)
        assert query is not None
        press = Press.parse(query.data)
        sent = self._conversations.answer_with_key(press.key) if press else None
        if press is None or sent is None or query.message is None or not press.is_of(sent):
            await tell(query, texts("answer-gone"))
        elif sent.person > 0 and sent.person != query.from_user.id:  # a group's or channel's buttons are for everybody
            await tell(query, texts("not-your-button"))
        else:
            pressed = _Pressed(update, query, query.message, press, sent, texts)
            await (self._send_more if press.action == "more" else self._act_on_quote)(context.bot, pressed)

    async def _act_on_quote(self, bot: Bot, pressed: _Pressed) -> None:
        query, texts, action = pressed.query, pressed.texts, pressed.press.action
        located = await self._asking.look_up(pressed.update, pressed.quote)
        if action == "retract":
            self._verdicts.retract(pressed.person, pressed.sent, pressed.quote)
            await tell(query, texts("feedback-retracted"), alert=False)
            await self._lay_out(bot, pressed, located)
        elif located is None:
            await tell(query, texts("article-gone"))
        elif action == "context":
            if await self._refuse_if_too_soon(pressed):
                return
            await tell(query)
            await Target.below(pressed.message).send(bot, render_context(located, texts))
        elif action == "select":
            await tell(query)
            await self._lay_out(bot, pressed, located)
        elif located.status == "changed" or located.span is None:
            await tell(query, texts("article-changed"))  # the person judged words that are no longer there
        else:
            helpful = action == "helpful"
            self._verdicts.put(pressed.person, pressed.sent, pressed.quote, located.article, located.span, helpful)
            await tell(query, texts("feedback-thanks"), alert=False)
            await self._lay_out(bot, pressed, located)

    async def _send_more(self, bot: Bot, pressed: _Pressed) -> None:
        query, sent = pressed.query, pressed.sent
        found = True
        if sent.more:  # else they were sent, and the button is pressed again before it is removed
            if await self._refuse_if_too_soon(pressed):
                return
            found = await self._more.send_after(pressed.update, bot, sent, Target.below(pressed.message), sent.person)
        await tell(query, None if found else pressed.texts("nothing-more"))
        located = await self._asking.look_up(pressed.update, pressed.quote)
        await self._lay_out(bot, replace(pressed, sent=replace(sent, more=0)), located)

    async def _refuse_if_too_soon(self, pressed: _Pressed) -> bool:
        """Return whether a person has to wait before they may ask, after telling them."""
        wait = self._asking.seconds_to_wait(pressed.person)
        if wait:
            await tell(pressed.query, pressed.texts("too-many-questions", seconds=math.ceil(wait)))
        return wait > 0

    async def _lay_out(self, bot: Bot, pressed: _Pressed, located: LocatedQuote | None) -> None:
        """Replace the buttons of a message by those for the quote that is chosen now."""
        message = pressed.message
        url = caption(located.article).url if located else None
        verdict = self._verdicts.get(pressed.person, pressed.sent, pressed.quote)
        buttons = keyboard(pressed.sent, pressed.press, pressed.texts, url, verdict)
        with suppress(BadRequest):  # nothing has changed, or the message is gone
            await bot.edit_message_reply_markup(message.chat.id, message.message_id, reply_markup=buttons)

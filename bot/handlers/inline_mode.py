"""Quotes for other chats: inline mode, `@bot question`, and guest mode, where the bot is called into a chat by name."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from datetime import UTC, datetime

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.ext import InlineQueryHandler, MessageHandler, filters

from bot.clipping import units
from bot.handlers.addressing import replied_words, without_mentions
from bot.handlers.desk import App, Context, Desk, person_of
from bot.handlers.replies import LONGEST
from bot.render import inline_result, render_answer, text
from bot.texts import Texts
from retrieval.presentation.display import caption
from retrieval.types import Answer, Question, Quote

_SHORTEST = 3  # characters: before that, people are still typing
_CACHED = 60  # seconds for which Telegram may give the same person the same answer
_OFFERED = 10


class InlineMode:
    """What is answered without a chat of the bot's own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, application: App) -> None:
        """Register the handlers."""
        application.add_handler(InlineQueryHandler(self.offer))
        application.add_handler(MessageHandler(filters.UpdateType.GUEST_MESSAGE, self.guest))

    async def offer(self, update: Update, _context: Context) -> None:
        """Offer quotes that answer what is typed behind the bot's name."""
        began = time.perf_counter()
        query, desk, texts = update.inline_query, self._desk, self._desk.texts(update)
        assert query is not None
        words, results, hint, cached = query.query.strip(), [], texts("inline-button"), _CACHED
        is_question = len(words) >= _SHORTEST and units(words) <= LONGEST
        if is_question and (wait := desk.inline_limits.admit(query.from_user.id)):
            desk.metrics.turned_away.inc()
            hint, cached = texts("too-many-questions", seconds=math.ceil(wait)), 0
        elif is_question:
            async with desk.inline_limits.turn(query.from_user.id):
                answer = await desk.answering.answer(Question(words, datetime.now(UTC)), _OFFERED)
            desk.metrics.answered("inline", answer, time.perf_counter() - began)
            results = [_result(quote, texts) for quote in answer.quotes]
            hint = hint if results else texts("inline-empty")
        await query.answer(  # or it is too old, since something else was typed
            results,
            cache_time=cached,
            is_personal=True,  # they are in the person's language
            button=InlineQueryResultsButton(hint, start_parameter="inline"),
        )

    async def guest(self, update: Update, context: Context) -> None:
        """Answer a message in a chat that the bot is not a member of, once, with the best quote."""
        began = time.perf_counter()
        message, desk, texts = update.guest_message, self._desk, self._desk.texts(update)
        if message is None or not message.guest_query_id:
            return
        own = without_mentions(message, context.bot)
        words = own or replied_words(message, context.bot)
        person = person_of(message)
        if not words or units(words) > LONGEST:
            result = plain_result(texts("about" if not words else "too-long", limit=LONGEST), texts)
        elif wait := desk.limits.admit(person, message.date.timestamp()):
            desk.metrics.turned_away.inc()
            result = plain_result(texts("too-many-questions", seconds=math.ceil(wait)), texts)
        else:
            async with desk.limits.turn(person):
                earlier = desk.earlier(message) if own else None
                answer = await desk.answering.answer(Question(words, message.date, earlier=earlier), 1)
            desk.metrics.answered("guest", answer, time.perf_counter() - began)
            result = _in_one_message(answer, texts)
        await context.bot.answer_guest_query(message.guest_query_id, result)


def _result(quote: Quote, texts: Texts) -> InlineQueryResultArticle:
    offered = inline_result(quote, texts)
    title, description, html = offered.title, offered.description, offered.html
    return InlineQueryResultArticle(
        quote.id, title, _content(html), url=caption(quote.article).url, description=description
    )


def plain_result(words: str, texts: Texts) -> InlineQueryResultArticle:
    """One of the bot's texts, to be posted as it is."""
    return InlineQueryResultArticle("0", texts("inline-button"), _content(text(words)))


def _in_one_message(answer: Answer, texts: Texts) -> InlineQueryResultArticle:
    """An answer of one quote at most, to be posted as it is, without what it can only show in a chat of its own."""
    perhaps = answer.closest if answer.status == "perhaps" else ()
    [page] = render_answer(replace(answer, more=0, closest=perhaps), texts)
    return InlineQueryResultArticle("0", texts("inline-button"), _content(page.html))


def _content(html: str) -> InputTextMessageContent:
    return InputTextMessageContent(html)  # in the format, and with the previews, that are the bot's defaults

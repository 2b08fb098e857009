"""Quotes for other chats: inline mode, `@bot question`, and guest mode, where the bot is called into a chat by name."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.ext import InlineQueryHandler, MessageHandler, filters

from bot.handlers.addressing import replied_words, without_mentions
from bot.handlers.asking import Asking
from bot.handlers.conversations import Conversations
from bot.handlers.localizer import Localizer
from bot.handlers.message_parts import person_of
from bot.handlers.replies import LONGEST
from bot.render import inline_result, render_answer, text
from bot.telegram_types import App, Context
from retrieval.presentation.answer_parts import caption
from retrieval.presentation.clipping import units
from retrieval.presentation.texts import Texts
from retrieval.types import Answer, Question, Quote

_SHORTEST = 3  # characters of a query that is answered; a shorter one is still being typed
_CACHED = 60  # seconds for which Telegram may show the same person the same results
_OFFERED = 10  # results


class InlineMode:
    """Answers where the bot has no chat of its own."""

    def __init__(
        self, localizer: Localizer, asking: Asking, inline_asking: Asking, conversations: Conversations
    ) -> None:
        """`inline_asking` has limits of its own, so that letters that are typed use up no questions."""
        self._localizer = localizer
        self._asking = asking
        self._inline_asking = inline_asking
        self._conversations = conversations

    def add_to(self, application: App) -> None:
        """Register the handlers."""
        application.add_handler(InlineQueryHandler(self.offer))
        application.add_handler(MessageHandler(filters.UpdateType.GUEST_MESSAGE, self.guest))

    async def offer(self, update: Update, _context: Context) -> None:
        """Offer quotes that answer what is typed after the bot's name."""
        query, texts, asking = update.inline_query, self._localizer.texts(update), self._inline_asking
        assert query is not None
        words, person = query.query.strip(), query.from_user.id
        results, hint, cached = [], texts("inline-button"), _CACHED
        is_question = len(words) >= _SHORTEST and units(words) <= LONGEST
        if is_question and (wait := asking.seconds_to_wait(person)):
            hint, cached = texts("too-many-questions", seconds=math.ceil(wait)), 0
        elif is_question:
            answer = await asking.answer(update, person, Question(words, datetime.now(UTC)), "inline", _OFFERED)
            results = [_result(quote, texts) for quote in answer.quotes]
            hint = hint if results else texts("inline-empty")
        await query.answer(  # which fails if the query is too old, as when more was typed
            results,
            cache_time=cached,
            is_personal=True,  # since they are in the person's language
            button=InlineQueryResultsButton(hint, start_parameter="inline"),
        )

    async def guest(self, update: Update, context: Context) -> None:
        """Answer a message in a chat that the bot is not a member of, with the best quote in one message."""
        message, texts = update.guest_message, self._localizer.texts(update)
        if message is None or not message.guest_query_id:
            return
        own = without_mentions(message, context.bot)
        words = own or replied_words(message, context.bot)
        person = person_of(message)
        if not words or units(words) > LONGEST:
            result = plain_result(texts("about" if not words else "too-long", limit=LONGEST), texts)
        elif wait := self._asking.seconds_to_wait(person, message.date.timestamp()):
            result = plain_result(texts("too-many-questions", seconds=math.ceil(wait)), texts)
        else:
            earlier = self._conversations.earlier(message) if own else None
            question = Question(words, message.date, earlier=earlier)
            result = _in_one_message(await self._asking.answer(update, person, question, "guest", 1), texts)
        await context.bot.answer_guest_query(message.guest_query_id, result)


def plain_result(words: str, texts: Texts) -> InlineQueryResultArticle:
    """Return one of the bot's texts as a result that is posted as it is."""
    return InlineQueryResultArticle("0", texts("inline-button"), _content(text(words)))


def _result(quote: Quote, texts: Texts) -> InlineQueryResultArticle:
    offered = inline_result(quote, texts)
    title, description, html = offered.title, offered.description, offered.html
    return InlineQueryResultArticle(
        quote.id, title, _content(html), url=caption(quote.article).url, description=description
    )


def _in_one_message(answer: Answer, texts: Texts) -> InlineQueryResultArticle:
    """Return an answer of at most one quote as a result, without what needs further messages or buttons."""
    perhaps = answer.closest if answer.status == "perhaps" else ()
    [page] = render_answer(replace(answer, more=0, closest=perhaps), texts)
    return InlineQueryResultArticle("0", texts("inline-button"), _content(page.html))


def _content(html: str) -> InputTextMessageContent:
    return InputTextMessageContent(html)  # its format and link preview are the bot's defaults

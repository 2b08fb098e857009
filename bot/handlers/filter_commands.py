"""/since, /source and /reset: the filters that limit which articles answer in a chat."""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import date, datetime, timedelta

from telegram import Message, Update

from bot.handlers.asking import Asking
from bot.handlers.message_parts import argument_of, message_of
from bot.handlers.replies import Replies
from bot.memory.chats import ChatFilters, Chats
from bot.telegram_types import Context
from retrieval.query.periods import find_period

_SUGGESTIONS = 3
_LEAST_SIMILARITY = 0.5  # of a suggestion, as difflib measures it
_EASTERNMOST = timedelta(hours=14)  # ahead of UTC: the day that has begun there is today for somebody


class FilterCommands:
    """The commands that set the filters of a chat."""

    def __init__(self, replies: Replies, asking: Asking, chats: Chats) -> None:
        self._replies = replies
        self._asking = asking
        self._chats = chats

    async def since(self, update: Update, context: Context) -> None:
        """Limit answers to articles of a day and later."""
        message, texts = message_of(update), self._replies.texts(update)
        day = read_day(argument_of(message), message.date)
        if day is None:
            await self._replies.say(update, context.bot, "bad-date")
        elif day > (message.date + _EASTERNMOST).date():
            await self._replies.say(update, context.bot, "filter-since-future", day=texts.day(day))
        else:
            self._set(message, replace(self._chats.filters(message.chat.id), since=day))
            await self._replies.say(update, context.bot, "filter-since-set", day=texts.day(day))

    async def source(self, update: Update, context: Context) -> None:
        """Limit answers to the articles of an outlet."""
        message, texts = message_of(update), self._replies.texts(update)
        wanted = " ".join(argument_of(message).split())
        summary = await self._asking.run(update, lambda answers: answers.summary())
        outlets = {name.casefold(): name for name, _ in summary.outlets}
        if not wanted:
            await self._replies.say(update, context.bot, "bad-source", example=next(iter(outlets.values()), "TASS"))
        elif name := outlets.get(wanted.casefold()):
            self._set(message, replace(self._chats.filters(message.chat.id), source=name))
            await self._replies.say(update, context.bot, "filter-source-set", source=name)
        else:
            words = texts("filter-unknown-source", source=wanted)
            if similar := difflib.get_close_matches(wanted.casefold(), outlets, _SUGGESTIONS, _LEAST_SIMILARITY):
                suggested = ", ".join(outlets[name] for name in similar)
                words += f" {texts('filter-suggestions', sources=suggested)}"
            await self._replies.reply(update, context.bot, words)

    async def reset(self, update: Update, context: Context) -> None:
        """Remove the filters."""
        message = message_of(update)
        had = self._chats.filters(message.chat.id)
        self._set(message, ChatFilters())
        await self._replies.say(update, context.bot, "filters-cleared" if had else "no-filters")

    def _set(self, message: Message, filters: ChatFilters) -> None:
        self._chats.set_filters(message.chat.id, filters)


def read_day(words: str, now: datetime) -> date | None:
    """Return the day that words name, in ISO 8601 or as in a question: "last week", "5 марта 2022".

    A period is its first day. Return None if the words name no day.

    >>> read_day("2022-03-01", datetime(2022, 4, 3)), read_day("March 2022", datetime(2022, 4, 3))
    (datetime.date(2022, 3, 1), datetime.date(2022, 3, 1))
    """
    try:
        return date.fromisoformat(words)
    except ValueError:
        pass
    for phrase in (words, f"in {words}", f"on {words}", f"since {words}", f"с {words}"):
        period = find_period(phrase, now) if words else None
        if period and period.since:
            return period.since
    return None

"""/since, /source and /reset: which articles answers in a chat are limited to."""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import date, datetime, timedelta

from telegram import Message, Update
from telegram.ext import CommandHandler

from bot.handlers.addressing import ANYWHERE
from bot.handlers.desk import App, Context, Desk, Target, argument_of, message_of
from bot.handlers.replies import Replies
from bot.memory.chats import ChatFilters
from bot.render import text
from retrieval.query.periods import find_period

_SUGGESTIONS = 3
_EASTERNMOST = timedelta(hours=14)  # from UTC: the day has begun there that is today for somebody


class FilterCommands:
    """The commands that set the filters of a chat."""

    def __init__(self, desk: Desk, replies: Replies) -> None:
        self._desk = desk
        self._say = replies.say

    def add_to(self, application: App) -> None:
        """Register the handlers."""
        for name, handler in (("since", self.since), ("source", self.source), ("reset", self.reset)):
            application.add_handler(CommandHandler(name, handler, ANYWHERE))

    async def since(self, update: Update, context: Context) -> None:
        """Limit answers to articles of a day and later."""
        message, texts = message_of(update), self._desk.texts(update)
        day = read_day(argument_of(message), message.date)
        if day is None:
            await self._say(update, context.bot, "bad-date")
            return
        if day > (message.date + _EASTERNMOST).date():
            await self._say(update, context.bot, "filter-since-future", day=texts.day(day))
            return
        self._set(message, replace(self._desk.filters(message), since=day))
        await self._say(update, context.bot, "filter-since-set", day=texts.day(day))

    async def source(self, update: Update, context: Context) -> None:
        """Limit answers to the articles of an outlet."""
        message, texts = message_of(update), self._desk.texts(update)
        wanted = " ".join(argument_of(message).split())
        outlets = {name.casefold(): name for name, _ in (await self._desk.answering.summary()).outlets}
        if not wanted:
            await self._say(update, context.bot, "bad-source", example=next(iter(outlets.values()), "TASS"))
        elif wanted.casefold() in outlets:
            name = outlets[wanted.casefold()]
            self._set(message, replace(self._desk.filters(message), source=name))
            await self._say(update, context.bot, "filter-source-set", source=name)
        else:
            near = difflib.get_close_matches(wanted.casefold(), outlets, _SUGGESTIONS, 0.5)
            lines = [texts("filter-unknown-source", source=wanted)]
            if near:
                lines.append(texts("filter-suggestions", sources=", ".join(outlets[name] for name in near)))
            await Target.of(message).send(context.bot, text(" ".join(lines)))

    async def reset(self, update: Update, context: Context) -> None:
        """Look at all articles again."""
        message = message_of(update)
        had = self._desk.filters(message)
        self._set(message, ChatFilters())
        await self._say(update, context.bot, "filters-cleared" if had else "no-filters")

    def _set(self, message: Message, filters: ChatFilters) -> None:
        self._desk.chats.filter(message.chat.id, filters)


def read_day(words: str, now: datetime) -> date | None:
    """The day that somebody writes, as ISO 8601 or in words, as questions may have them: "last week", "5 марта 2022".

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

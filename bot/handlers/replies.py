"""What handlers reply with: a line, or an answer with its buttons, to people who may ask now."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace

from telegram import Bot, InlineKeyboardMarkup, Update

from bot.handlers.asked import words_of
from bot.handlers.delivery import deliver
from bot.handlers.desk import Desk, Target, message_of, person_of
from bot.handlers.presses import Press, keyboard
from bot.memory.answers import Given
from bot.render import Page, text
from bot.texts import Texts
from retrieval.display import caption
from retrieval.types import Answer

LONGEST = 1000  # UTF-16 units of a question
_REMEMBERED = 1000  # updates that may be handled again if something goes wrong


class Replies:
    """Sends what others have found."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._admitted: deque[int] = deque(maxlen=_REMEMBERED)  # ids of updates
        self._told: deque[int] = deque(maxlen=_REMEMBERED)  # that they came too soon, as far as that arrived

    async def say(self, update: Update, bot: Bot, id: str, **values: str | int) -> None:
        """Reply with one of the bot's texts."""
        await Target.of(message_of(update)).send(bot, text(self._desk.texts(update)(id, **values)))

    async def say_instead(self, update: Update, bot: Bot, before: Given | None, id: str, **values: str | int) -> None:
        """Let the answer that a message had say one of the bot's texts, or reply with that if it had none."""
        if before is None:
            await self.say(update, bot, id, **values)
            return
        question = replace(before.question, text=words_of(message_of(update)))
        nothing = replace(
            before, question=question, subject=None, answered=False, quotes=(), more=0, small_talk=True, delivered=False
        )
        pages = [Page(text(self._desk.texts(update)(id, **values)))]
        await deliver(bot, self._desk.given, nothing, pages, Target.of(message_of(update)), lambda _: None)

    async def may_ask(self, update: Update, bot: Bot) -> bool:
        """Whether a person may ask now; if not, they are told when, once."""
        desk, message = self._desk, message_of(update)
        person, moment = person_of(message), (message.edit_date or message.date).timestamp()
        if update.update_id in self._admitted:
            return True
        wait = desk.limits.admit(person, moment)
        if wait and (update.update_id in self._told or desk.limits.should_tell(person, moment)):
            self._told.append(update.update_id)
            await self.say(update, bot, "too-many-questions", seconds=math.ceil(wait))
        if not wait:
            self._admitted.append(update.update_id)
        return not wait

    async def send(
        self, bot: Bot, given: Given, answer: Answer, pages: list[Page], target: Target, texts: Texts
    ) -> None:
        """Send an answer's pages, each with the buttons of its quotes."""
        quotes = answer.quotes or answer.closest

        def buttons(page: Page) -> InlineKeyboardMarkup | None:
            if not page.quotes:
                return None
            first, last = page.quotes[0], page.quotes[-1]
            url = caption(quotes[first - given.first - 1].article).url
            return keyboard(given, Press("select", given.key, first, first, last), texts, url)

        await deliver(bot, self._desk.given, given, pages, target, buttons)


def given_of(answer: Answer, key: str, chat: int, message: int | None, person: int, answered: bool = True) -> Given:
    """What is kept of an answer; `answered` says whether its quotes, if there are any, answer what was asked."""
    quotes = tuple(quote.id for quote in answer.quotes or answer.closest)
    more = answer.more if answer.quotes else 0
    return Given(
        key,
        chat,
        message,
        person,
        answer.question,
        answer.subject,
        answer.generation,
        answered and bool(answer.quotes),
        quotes,
        more=more,
        small_talk=answer.small_talk is not None,
    )

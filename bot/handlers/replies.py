"""What handlers reply with: a line, or an answer with its buttons, to people who may ask now."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace

from telegram import Bot, InlineKeyboardMarkup, Update
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest

from bot.handlers.addressing import words_of
from bot.handlers.callback_data import Press, keyboard
from bot.handlers.delivery import deliver
from bot.handlers.desk import Desk, Target, is_private, message_of, person_of
from bot.memory.sent_answers import SentAnswer
from bot.render import Page, text
from bot.texts import Texts
from bot.updates.chat_queues import NotYetError
from retrieval.presentation.display import caption
from retrieval.types import Answer

LONGEST = 1000  # UTF-16 units of a question
_REMEMBERED = 1000  # updates that were admitted, or not yet, and may be handled again
_NOT_NOW = ReactionEmoji.SHRUG


class Replies:
    """Sends what others have found."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._admitted: deque[int] = deque(maxlen=_REMEMBERED)  # ids of updates
        self._held_up: deque[int] = deque(maxlen=_REMEMBERED)

    async def say(self, update: Update, bot: Bot, id: str, **values: str | int) -> None:
        """Reply with one of the bot's texts."""
        await Target.of(message_of(update)).send(bot, text(self._desk.texts(update)(id, **values)))

    async def say_instead(
        self, update: Update, bot: Bot, before: SentAnswer | None, id: str, **values: str | int
    ) -> None:
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
        """Whether a person may ask now; in a group, where others stand behind them, they are told if not.

        In private what they ask waits until they may, which they are told once: raises NotYetError till then.
        """
        desk, message = self._desk, message_of(update)
        person, moment = person_of(message), (message.edit_date or message.date).timestamp()
        if update.update_id in self._admitted:
            return True
        wait = desk.limits.admit(person, moment)
        if not wait:
            self._admitted.append(update.update_id)
            return True
        knows = desk.limits.knows(person, moment)
        if not is_private(message):
            desk.metrics.turned_away.inc()
            await self._refuse(update, bot, math.ceil(wait), by_words=not knows)
            desk.limits.told(person)  # only now, since what did not arrive is tried again
            return False
        if update.update_id not in self._held_up:
            self._held_up.append(update.update_id)
            desk.metrics.held_up.inc()
        if not knows:
            await self.say(update, bot, "one-moment", seconds=math.ceil(wait))
        desk.limits.told(person)
        raise NotYetError(wait)

    async def _refuse(self, update: Update, bot: Bot, seconds: int, by_words: bool) -> None:
        """Words for the first question of a wait, and for the others a sign, which disturbs nobody, where it may be."""
        message = message_of(update)
        if not by_words:
            try:
                await bot.set_message_reaction(message.chat.id, message.message_id, _NOT_NOW)
            except BadRequest:  # the group allows no reactions, or not this one
                by_words = True
        if by_words:
            await self.say(update, bot, "too-many-questions", seconds=seconds)

    async def send(
        self, bot: Bot, given: SentAnswer, answer: Answer, pages: list[Page], target: Target, texts: Texts
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


def given_of(
    answer: Answer, key: str, chat: int, message: int | None, person: int, answered: bool = True
) -> SentAnswer:
    """What is kept of an answer; `answered` says whether its quotes, if there are any, answer what was asked."""
    quotes = tuple(quote.id for quote in answer.quotes or answer.closest)
    more = answer.more if answer.quotes else 0
    return SentAnswer(
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

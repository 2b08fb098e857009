"""Replies to a message: one of the bot's texts, an answer with its buttons, or why a person must wait."""

from __future__ import annotations

import math
from dataclasses import replace

from telegram import Bot, InlineKeyboardMarkup, Message, Update
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest

from bot.handlers.addressing import words_of
from bot.handlers.asking import Wait
from bot.handlers.callback_data import Press, keyboard
from bot.handlers.delivery import deliver
from bot.handlers.localizer import Localizer
from bot.handlers.message_parts import message_of, person_of
from bot.handlers.target import Keyboard, Target
from bot.memory.sent_answers import SentAnswer, SentAnswers
from bot.question_limits import QuestionLimits
from bot.render import Page, text
from bot.updates.chat_queues import NotYetError
from retrieval.presentation.answer_parts import caption
from retrieval.presentation.texts import Texts
from retrieval.types import Answer

LONGEST = 1000  # UTF-16 units of a question
_NOT_NOW = ReactionEmoji.SHRUG


class Replies:
    """Sends replies in the language of the person, and keeps the answers that were sent."""

    def __init__(self, localizer: Localizer, sent_answers: SentAnswers, limits: QuestionLimits) -> None:
        """`limits` is where it is noted that a person knows of a wait."""
        self._localizer = localizer
        self._sent_answers = sent_answers
        self._limits = limits

    def texts(self, update: Update) -> Texts:
        """Return the texts in the language of the person who caused an update."""
        return self._localizer.texts(update)

    async def say(self, update: Update, bot: Bot, id: str, **values: str | int) -> None:
        """Reply with one of the bot's texts."""
        await self.reply(update, bot, self.texts(update)(id, **values))

    async def reply(self, update: Update, bot: Bot, words: str, keyboard: Keyboard = None) -> None:
        """Reply with plain words."""
        await Target.of(message_of(update)).send(bot, text(words), keyboard)

    async def say_instead(
        self, update: Update, bot: Bot, before: SentAnswer | None, id: str, **values: str | int
    ) -> None:
        """Edit the previous answer to say one of the bot's texts, or reply if there was none."""
        if before is None:
            await self.say(update, bot, id, **values)
            return
        message = message_of(update)
        question = replace(before.question, text=words_of(message))
        empty = replace(
            before, question=question, subject=None, answered=False, quotes=(), more=0, small_talk=True, delivered=False
        )
        pages = [Page(text(self.texts(update)(id, **values)))]
        await deliver(bot, self._sent_answers, empty, pages, Target.of(message), lambda _: None)

    async def explain(self, update: Update, bot: Bot, wait: Wait) -> None:
        """Tell the sender of a message that they must wait; raise NotYetError if the message is held back.

        Whoever is held back is told once. Of refused messages the first gets words, and the others a reaction, which
        disturbs nobody else in the group, or words where reactions are not allowed.
        """
        message, seconds = message_of(update), math.ceil(wait.seconds)
        if wait.is_refused:
            if not (wait.is_known and await _react(bot, message)):
                await self.say(update, bot, "too-many-questions", seconds=seconds)
        elif not wait.is_known:
            await self.say(update, bot, "one-moment", seconds=seconds)
        self._limits.mark_told(person_of(message))  # only now, since a notice that was not sent is tried again
        if not wait.is_refused:
            raise NotYetError(wait.seconds)

    async def send(
        self, bot: Bot, sent: SentAnswer, answer: Answer, pages: list[Page], target: Target, texts: Texts
    ) -> None:
        """Send an answer's pages, each with the buttons of its quotes, and keep the answer as `sent`."""
        quotes = answer.quotes or answer.closest

        def buttons(page: Page) -> InlineKeyboardMarkup | None:
            if not page.quotes:
                return None
            first, last = page.quotes[0], page.quotes[-1]
            url = caption(quotes[first - sent.first - 1].article).url
            return keyboard(sent, Press("select", sent.key, first, first, last), texts, url)

        await deliver(bot, self._sent_answers, sent, pages, target, buttons)


async def _react(bot: Bot, message: Message) -> bool:
    """React to a message with a shrug; return False if the group does not allow it."""
    try:
        await bot.set_message_reaction(message.chat.id, message.message_id, _NOT_NOW)
    except BadRequest:
        return False
    return True


def sent_answer_of(
    answer: Answer, key: str, chat: int, message: int | None, person: int, answered: bool = True
) -> SentAnswer:
    """Return the record to keep of an answer; `answered` is False if its quotes do not answer what was asked."""
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

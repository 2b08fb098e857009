"""An answer on its way to a chat, message by message, so that one that was cut short goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import TypeAlias

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.handlers.desk import Target
from bot.memory.answers import Given, GivenAnswers
from bot.render import Page

Buttons: TypeAlias = Callable[[Page], InlineKeyboardMarkup | None]


async def deliver(
    bot: Bot, answers: GivenAnswers, given: Given, pages: Sequence[Page], target: Target, buttons: Buttons
) -> None:
    """Send the pages of an answer, and keep which messages they are.

    What was already sent of the same answer stays; what was sent of another one to the same message, because that was
    edited, or because a new generation has come between, is edited to be this one.
    """
    before, sent = answers.get(given.key), answers.replies(given)
    is_same = before is not None and _shown(before) == _shown(given)
    answers.put(given)
    for page, message in zip_longest(pages, sent):
        if page is None:
            with suppress(BadRequest):  # it is gone already, or too old
                await bot.delete_message(given.chat, message)
            answers.drop_reply(given, message)
        elif message is None:
            await _send(bot, answers, given, page, target, buttons)
        elif not is_same and not await _edit(bot, given, page, message, buttons):
            answers.drop_reply(given, message)
            await _send(bot, answers, given, page, target, buttons)


async def _send(bot: Bot, answers: GivenAnswers, given: Given, page: Page, target: Target, buttons: Buttons) -> None:
    message = await target.send(bot, page.html, buttons(page))
    answers.add_reply(given, message.message_id)


async def _edit(bot: Bot, given: Given, page: Page, message: int, buttons: Buttons) -> bool:
    """Returns whether the message is there to be edited."""
    try:
        await bot.edit_message_text(page.html, given.chat, message, reply_markup=buttons(page))
    except BadRequest as error:
        return "not modified" in error.message.lower()
    return True


def _shown(given: Given) -> tuple[object, ...]:
    question = given.question
    return question.text, question.since, question.source, given.generation, given.quotes

"""An answer on its way to a chat, message by message, so that one that was cut short goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import TypeAlias

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.handlers.desk import Target
from bot.memory.sent_answers import SentAnswer, SentAnswers
from bot.render import Page
from index.keys import hash_key

_DIGEST = 26  # symbols: 130 bits

Buttons: TypeAlias = Callable[[Page], InlineKeyboardMarkup | None]


async def deliver(
    bot: Bot, answers: SentAnswers, given: SentAnswer, pages: Sequence[Page], target: Target, buttons: Buttons
) -> None:
    """Send the pages of an answer, and keep which messages they are.

    A message that was already sent stays if it shows its page. If it shows another one, because the question was
    edited or because a new generation has come between, it is edited, so that all are of one answer.
    """
    sent = answers.replies(given)
    answers.put(given)
    for page, before in zip_longest(pages, sent[: len(pages)]):
        keyboard = buttons(page)
        message, shown = before or (None, "")
        digest = _digest(page, keyboard)
        if shown == digest:
            continue
        if message is not None and not await _edit(bot, given, page, message, keyboard):
            answers.drop_reply(given, message)
            message = None
        if message is None:
            message = (await target.send(bot, page.html, keyboard)).message_id
        answers.add_reply(given, message, digest)
    for message, _ in sent[len(pages) :]:
        with suppress(BadRequest):  # it is gone already, or too old
            await bot.delete_message(given.chat, message)
        answers.drop_reply(given, message)
    answers.delivered(given)


async def _edit(bot: Bot, given: SentAnswer, page: Page, message: int, keyboard: InlineKeyboardMarkup | None) -> bool:
    """Returns whether the message is there to be edited."""
    try:
        await bot.edit_message_text(page.html, given.chat, message, reply_markup=keyboard)
    except BadRequest as error:
        return "not modified" in error.message.lower()
    return True


def _digest(page: Page, keyboard: InlineKeyboardMarkup | None) -> str:
    """What tells two messages of an answer apart."""
    return hash_key(f"{page.html}\0{keyboard.to_json() if keyboard else ''}", _DIGEST)

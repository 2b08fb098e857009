"""Delivery of an answer, message by message, so that one that was interrupted continues where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import TypeAlias

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.handlers.target import Target
from bot.memory.sent_answers import SentAnswer, SentAnswers
from bot.render import Page
from index.keys import hash_key

_DIGEST_LENGTH = 26  # characters of 5 bits each

Buttons: TypeAlias = Callable[[Page], InlineKeyboardMarkup | None]


async def deliver(
    bot: Bot, sent_answers: SentAnswers, answer: SentAnswer, pages: Sequence[Page], target: Target, buttons: Buttons
) -> None:
    """Send the pages of an answer, and keep the numbers of their messages.

    A message that was sent before stays if it shows its page. If it does not, because the question was edited or
    another generation answers now, it is edited. Messages that are left over are deleted.
    """
    sent = sent_answers.replies(answer)
    sent_answers.put(answer)
    for page, before in zip_longest(pages, sent[: len(pages)]):
        keyboard = buttons(page)
        message, shown = before or (None, "")
        digest = _digest(page, keyboard)
        if shown == digest:
            continue
        if message is not None and not await _edit(bot, answer, page, message, keyboard):
            sent_answers.remove_reply(answer, message)
            message = None
        if message is None:
            message = (await target.send(bot, page.html, keyboard)).message_id
        sent_answers.add_reply(answer, message, digest)
    for message, _ in sent[len(pages) :]:
        with suppress(BadRequest):  # the message is gone already, or too old
            await bot.delete_message(answer.chat, message)
        sent_answers.remove_reply(answer, message)
    sent_answers.mark_delivered(answer)


async def _edit(bot: Bot, answer: SentAnswer, page: Page, message: int, keyboard: InlineKeyboardMarkup | None) -> bool:
    """Edit a message to show a page; return False if the message cannot be edited."""
    try:
        await bot.edit_message_text(page.html, answer.chat, message, reply_markup=keyboard)
    except BadRequest as error:
        return "not modified" in error.message.lower()
    return True


def _digest(page: Page, keyboard: InlineKeyboardMarkup | None) -> str:
    """Return a digest of what a message shows."""
    return hash_key(f"{page.html}\0{keyboard.to_json() if keyboard else ''}", _DIGEST_LENGTH)

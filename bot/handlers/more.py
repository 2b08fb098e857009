"""/more and the button of the same name: the quotes that follow those of an answer."""

from __future__ import annotations

from dataclasses import replace

from telegram import Bot, Message, Update

from bot.handlers.asking import Asking
from bot.handlers.conversations import Conversations
from bot.handlers.message_parts import message_of, person_of
from bot.handlers.replies import Replies, sent_answer_of
from bot.handlers.target import Target
from bot.memory.sent_answers import SentAnswer, SentAnswers
from bot.render import render_more
from bot.telegram_types import Context
from index.keys import hash_key
from retrieval.presentation.answer_parts import arrange_by_article, without_emphasis
from retrieval.types import Answer

_KEY_LENGTH = 13  # characters of the key of an answer that a button asked for


class MoreCommand:
    """Sends the quotes that follow an answer."""

    def __init__(self, replies: Replies, asking: Asking, conversations: Conversations) -> None:
        self._replies = replies
        self._asking = asking
        self._conversations = conversations

    async def more(self, update: Update, context: Context) -> None:
        """Show further quotes of the answer that is replied to, else of the last one."""
        message, bot = message_of(update), context.bot
        before = self._conversations.answer_to(message)
        if before and before.delivered:
            return
        # An answer to this very message, sent in part before a crash, is not the one to continue.
        key = before.key if before else None
        last = self._conversations.last_answer(message, but=key)
        if last is None:
            await self._replies.say(update, bot, "nothing-asked")
            return
        if wait := self._asking.must_wait(update):
            await self._replies.explain(update, bot, wait)
            return
        if not await self.send_after(update, bot, last, Target.of(message), person_of(message), message, key):
            await self._replies.say(update, bot, "nothing-more")

    async def send_after(
        self,
        update: Update,
        bot: Bot,
        last: SentAnswer,
        target: Target,
        person: int,
        message: Message | None = None,
        key: str | None = None,
    ) -> bool:
        """Send a person the quotes that follow an answer; return whether there are any.

        `message` is the one that asked, None for a button; `key` is that of the same quotes if they were sent in part.
        """
        if not (last.answered or last.is_latest):
            return False
        answer = await self._answer_after(update, person, last)
        if answer.quotes:
            number = message.message_id if message else None
            key = key or (SentAnswers.new_key() if message else _key_after(last))
            sent = sent_answer_of(answer, key, target.chat, number, person, last.answered)
            sent = replace(sent, quotes=last.quotes + sent.quotes, first=len(last.quotes), subject=last.subject)
            texts = self._replies.texts(update)
            await self._replies.send(bot, sent, answer, render_more(answer, texts, sent.first), target, texts)
        self._conversations.no_more(last)
        return bool(answer.quotes)

    async def _answer_after(self, update: Update, person: int, last: SentAnswer) -> Answer:
        question, seen = last.question, last.quotes
        if not last.is_latest:
            more = await self._asking.run_in_turn(update, person, lambda answers: answers.more(question, seen))
            return arrange_by_article(more)
        latest = await self._asking.run_in_turn(
            update,
            person,
            lambda answers: answers.latest(question.asked, question.since, question.source, seen=seen),
        )
        return replace(latest, quotes=tuple(map(without_emphasis, latest.quotes)))


def _key_after(last: SentAnswer) -> str:
    """Return the key of the answer after another one: the same for each press of a button, which sends it once."""
    return hash_key(" ".join([last.key, *last.quotes]), _KEY_LENGTH)

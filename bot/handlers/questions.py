"""Questions: in plain words, by /ask, by mention or reply in groups, and those that are edited."""

from __future__ import annotations

from telegram import Bot, Update
from telegram.ext import MessageHandler, filters

from bot.handlers.addressing import ANYWHERE, EDITED, HELP, WORDS, addressed, is_result, replied_words, without_mentions
from bot.handlers.albums import AnsweredAlbums
from bot.handlers.asking import Asking
from bot.handlers.conversations import Conversations
from bot.handlers.examples import ExampleQuestions
from bot.handlers.message_parts import is_private, message_of, person_of
from bot.handlers.replies import LONGEST, Replies, sent_answer_of
from bot.handlers.target import Target
from bot.handlers.typing_action import AFTER, typing
from bot.memory.sent_answers import SentAnswers
from bot.monitor.metrics import Kind
from bot.render import render_answer
from bot.telegram_types import App, Context
from retrieval.presentation.answer_parts import arrange_by_article
from retrieval.presentation.clipping import units
from retrieval.types import Question


class Questions:
    """Handles messages that ask for an answer."""

    def __init__(
        self,
        replies: Replies,
        asking: Asking,
        conversations: Conversations,
        albums: AnsweredAlbums,
        examples: ExampleQuestions,
        typing_after: float = AFTER,
    ) -> None:
        """`typing_after` is how many seconds an answer may take until a chat shows that it is coming."""
        self._replies = replies
        self._asking = asking
        self._conversations = conversations
        self._albums = albums
        self._examples = examples
        self._typing_after = typing_after

    def add_to(self, application: App) -> None:
        """Register the handlers, after those of all commands."""
        application.add_handler(MessageHandler(EDITED & filters.COMMAND, self.no_question_any_more))
        application.add_handler(MessageHandler((ANYWHERE | EDITED) & WORDS & ~filters.COMMAND & ~HELP, self.plain))

    async def ask(self, update: Update, context: Context) -> None:
        """Answer the command's argument; without one, the message that the command replies to."""
        message = message_of(update)
        words = "".join(without_mentions(message, context.bot).split(maxsplit=1)[1:])
        await self._answer_if_any(update, context.bot, words)

    async def plain(self, update: Update, context: Context) -> None:
        """Answer a message; in a group only one that mentions the bot or replies to it."""
        message, bot = message_of(update), context.bot
        if is_result(message, bot) or not (is_private(message) or addressed(message, bot)):
            return
        await self._answer_if_any(update, bot, without_mentions(message, bot))
        self._albums.add(message)

    async def no_question_any_more(self, update: Update, context: Context) -> None:
        """Take back the answer to a question that was edited into a command, which is run only when it is sent."""
        before = self._conversations.answer_to(message_of(update))
        if before and before.question.text and not before.first:  # else it was /latest or /more, and may still be
            await self._replies.say_instead(update, context.bot, before, "edited-to-command")

    async def _answer_if_any(self, update: Update, bot: Bot, own: str) -> None:
        """Answer a message's own words; without any, those of the message that it replies to."""
        message = message_of(update)
        if own:
            await self._answer(update, bot, own, self._conversations.earlier(message))
        elif words := replied_words(message, bot):  # which do not follow themselves up
            await self._answer(update, bot, words, self._conversations.last_subject(message))
        elif update.message:
            example = self._examples.of(self._replies.texts(update))[0]
            await self._replies.say(update, bot, "no-question", example=example)

    async def _answer(self, update: Update, bot: Bot, words: str, earlier: str | None) -> None:
        """Answer a question, which may follow up another; edit the answer if the question was edited."""
        message, texts = message_of(update), self._replies.texts(update)
        before = self._conversations.answer_to(message)
        if before and before.delivered and before.question.text == words:
            return  # it was handled before, or something else about the message was edited
        if units(words) > LONGEST:
            await self._replies.say_instead(update, bot, before, "too-long", limit=LONGEST)
            return
        if wait := self._asking.must_wait(update):
            await self._replies.explain(update, bot, wait)
            return
        person, target, filters = person_of(message), Target.of(message), self._conversations.filters(message)
        earlier = before.question.earlier if before else earlier
        question = Question(words, message.date, since=filters.since, source=filters.source, earlier=earlier)
        kind: Kind = "private" if is_private(message) else "group"
        async with typing(bot, target, self._typing_after):
            answer = arrange_by_article(await self._asking.answer(update, person, question, kind))
        key = before.key if before else SentAnswers.new_key()
        sent = sent_answer_of(answer, key, target.chat, message.message_id, person)
        await self._replies.send(bot, sent, answer, render_answer(answer, texts), target, texts)

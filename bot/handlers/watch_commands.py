"""/watch and /watches: questions of which somebody wants to hear more, set, listed and ended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.clipping import clip, units
from bot.handlers.addressing import ANYWHERE
from bot.handlers.desk import App, Context, Desk, Target, argument_of, is_private, message_of, person_of
from bot.handlers.editing import tell
from bot.handlers.replies import LONGEST, Replies
from bot.memory.watches import Watch
from bot.render import text
from bot.texts import Texts
from retrieval.novelty import answer_marks
from retrieval.query.small_talk import small_talk
from retrieval.types import Answer, Question

# Quotes that are looked at when a question begins to be watched; all that is found on the way is known from then on.
# More than later, so that what is old does not look new once it ranks a little higher.
KNOWN = 100
_LISTED = 25  # watches, of which each has a button
_WORDS = 120  # UTF-16 units of a question in the list
_BUTTON = 40


class WatchCommands:
    """What people say of the questions that are watched for them."""

    def __init__(self, desk: Desk, replies: Replies) -> None:
        self._desk = desk
        self._say = replies.say
        self._may_ask = replies.may_ask

    def add_to(self, application: App) -> None:
        """Register the handlers; they come before the one that takes every button."""
        application.add_handler(CommandHandler("watch", self.watch, ANYWHERE))
        application.add_handler(CommandHandler("watches", self.watches, ANYWHERE))
        application.add_handler(CallbackQueryHandler(self.end, r"^w:[0-9]{1,15}\Z"))

    async def watch(self, update: Update, context: Context) -> None:
        """Watch the question after the command, else the one of the answer that is replied to, else the last one."""
        bot, message, texts = context.bot, message_of(update), self._desk.texts(update)
        question = self._question(message)
        if question is None:
            await self._say(update, bot, "watch-no-question", example=self._desk.examples(texts)[0])
        elif units(question.text) > LONGEST:
            await self._say(update, bot, "too-long", limit=LONGEST)
        elif kind := small_talk(question.text):
            await self._say(update, bot, f"talk-{kind}")
        elif await self._may_ask(update, bot):
            async with self._desk.limits.turn(person_of(message)):
                said = await self._set(message, question, texts)
            await Target.of(message).send(bot, text(said))

    async def watches(self, update: Update, context: Context) -> None:
        """List a person's watches, in a group only those of that group, each with a button that ends it."""
        message, texts = message_of(update), self._desk.texts(update)
        said, buttons = self._list(person_of(message), None if is_private(message) else message.chat.id, texts)
        await Target.of(message).send(context.bot, text(said), buttons)

    async def end(self, update: Update, context: Context) -> None:
        """End the watch of a button, and show the list without it."""
        query, texts = update.callback_query, self._desk.texts(update)
        assert query is not None
        watch = self._desk.watches.get(int((query.data or "").removeprefix("w:")))
        chat = query.message.chat.id if query.message else None
        if watch is None:
            await tell(query, texts("watch-ended-before"))
            return
        # What an administrator set in the name of a group has nobody else to end it than who is in that group.
        if watch.person != query.from_user.id and not (watch.person < 0 and watch.chat == chat):
            await tell(query, texts("not-your-button"))
            return
        self._desk.watches.end(watch.id, watch.person)
        await tell(query, texts("watch-ended", question=clip(watch.wording, _WORDS)), alert=False)
        if query.message:
            said, buttons = self._list(watch.person, None if chat == watch.person else chat, texts)
            with suppress(BadRequest):  # it was deleted
                await context.bot.edit_message_text(text(said), chat, query.message.message_id, reply_markup=buttons)

    def _question(self, message: Message) -> Question | None:
        given, chat, person = self._desk.given, message.chat.id, person_of(message)
        answered = self._desk.replied(message)
        if words := argument_of(message):
            filters, earlier = self._desk.filters(message), self._desk.earlier(message)
            question = Question(words, message.date, filters.since, source=filters.source, earlier=earlier)
        elif last := answered or given.last(person, chat):
            question = last.question
        else:
            return None
        return Question(question.text, message.date, question.since, source=question.source, earlier=question.earlier)

    async def _set(self, message: Message, question: Question, texts: Texts) -> str:
        """Watch a question, unless it is already or there are too many; returns what to say."""
        desk, target, person = self._desk, Target.of(message), person_of(message)
        # What is known today is no news; whoever wants to read it asks for it.
        answer = await desk.answering.answer(question, KNOWN)
        if not answer.understood:  # it is the same question whatever came before
            question = replace(question, earlier=None)
        if same := desk.watches.same(person, target.chat, target.thread, question):
            return "\n".join([texts("watch-set-before", question=same.wording), *_limited(same, texts)])
        if len(desk.watches.of(person)) >= desk.settings.watches:
            return texts("watch-limit", limit=desk.settings.watches)
        watch = desk.watches.add(
            *(person, target.chat, target.thread, message.message_id),
            *(question, texts.language, answer.generation, answer_marks(answer)),
        )
        lines = [texts("watch-set", question=watch.wording), *_limited(watch, texts)]
        return "\n".join([*lines, texts("watch-known", count=_count(answer))])

    def _list(self, person: int, chat: int | None, texts: Texts) -> tuple[str, InlineKeyboardMarkup | None]:
        watches = self._desk.watches.of(person, chat)
        if not watches:
            return texts("watch-none", example=self._desk.examples(texts)[0]), None
        lines, rows = [texts("watch-list")], []
        for number, watch in enumerate(watches[:_LISTED], 1):
            filters = "".join(f" ({line})" for line in _limited(watch, texts))
            lines.append(f"{number}. {clip(watch.wording, _WORDS)}{filters}")
            label = texts("watch-end", number=number, question=clip(watch.wording, _BUTTON))
            rows.append([InlineKeyboardButton(label, callback_data=f"w:{watch.id}")])
        if len(watches) > _LISTED:
            lines.append(texts("watch-rest", count=len(watches) - _LISTED))
        return "\n".join(lines), InlineKeyboardMarkup(rows)


def _limited(watch: Watch, texts: Texts) -> list[str]:
    """The line that says what a watch is limited to, if it is."""
    parts = [watch.source, texts.days(watch.since, None) if watch.since else None]
    return [texts("watch-filters", filters=", ".join(part for part in parts if part))] if any(parts) else []


def _count(answer: Answer) -> int:
    return len(answer.quotes) + answer.more if answer.quotes else 0

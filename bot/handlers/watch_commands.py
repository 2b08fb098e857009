"""/watch and /watches: setting, listing and ending the watched questions of a person."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler

from bot.handlers.asking import Asking
from bot.handlers.conversations import Conversations
from bot.handlers.editing import tell
from bot.handlers.examples import ExampleQuestions
from bot.handlers.message_parts import argument_of, is_private, message_of, person_of
from bot.handlers.replies import LONGEST, Replies
from bot.handlers.target import Target
from bot.memory.watches import Watch, Watches
from bot.render import text
from bot.telegram_types import App, Context
from retrieval.novelty import answer_marks
from retrieval.presentation.clipping import clip, units
from retrieval.presentation.texts import Texts
from retrieval.query.small_talk import small_talk
from retrieval.types import Answer, Question

# Quotes that are looked at when a question begins to be watched; everything found among them counts as known. More than
# later, so that an old quote does not look new once it ranks a little higher.
KNOWN = 100
_LISTED = 25  # watches, each of which has a button
_LONGEST_WORDING = 120  # UTF-16 units of a question in the list
_LONGEST_LABEL = 40  # UTF-16 units of a question on a button


class WatchCommands:
    """The commands and the button by which people manage their watches."""

    def __init__(
        self,
        replies: Replies,
        asking: Asking,
        conversations: Conversations,
        watches: Watches,
        most: int,
        examples: ExampleQuestions,
    ) -> None:
        """`most` is how many watches a person may have."""
        self._replies = replies
        self._asking = asking
        self._conversations = conversations
        self._watches = watches
        self._most = most
        self._examples = examples

    def add_to(self, application: App) -> None:
        """Register the handler of the buttons, before the one that takes every press."""
        application.add_handler(CallbackQueryHandler(self.end, r"^w:[0-9]{1,15}\Z"))

    async def watch(self, update: Update, context: Context) -> None:
        """Watch the command's argument, else the question of the answer that is replied to, else the last question."""
        bot, message, texts = context.bot, message_of(update), self._replies.texts(update)
        question = self._question(message)
        if question is None:
            await self._replies.say(update, bot, "watch-no-question", example=self._examples.of(texts)[0])
        elif units(question.text) > LONGEST:
            await self._replies.say(update, bot, "too-long", limit=LONGEST)
        elif kind := small_talk(question.text):
            await self._replies.say(update, bot, f"talk-{kind}")
        elif wait := self._asking.must_wait(update):
            await self._replies.explain(update, bot, wait)
        else:
            person = person_of(message)
            # What answers today is no news; whoever wants to read it can ask for it.
            answer = await self._asking.run_in_turn(update, person, lambda answers: answers.answer(question, KNOWN))
            await self._replies.reply(update, bot, self._set(message, question, answer, texts))

    async def watches(self, update: Update, context: Context) -> None:
        """List a person's watches, in a group only those of the group, each with a button that ends it."""
        message, texts = message_of(update), self._replies.texts(update)
        words, buttons = self._list(person_of(message), None if is_private(message) else message.chat.id, texts)
        await self._replies.reply(update, context.bot, words, buttons)

    async def end(self, update: Update, context: Context) -> None:
        """End the watch of the button that was pressed, and show the list without it."""
        query, texts = update.callback_query, self._replies.texts(update)
        assert query is not None
        watch = self._watches.get(int((query.data or "").removeprefix("w:")))
        chat = query.message.chat.id if query.message else None
        if watch is None:
            await tell(query, texts("watch-ended-before"))
            return
        # Nobody can press a button as a group, so that a watch set in a group's name may be ended by all its members.
        if watch.person != query.from_user.id and not (watch.person < 0 and watch.chat == chat):
            await tell(query, texts("not-your-button"))
            return
        self._watches.end(watch.id, watch.person)
        await tell(query, texts("watch-ended", question=clip(watch.wording, _LONGEST_WORDING)), alert=False)
        if query.message:
            words, buttons = self._list(watch.person, None if chat == watch.person else chat, texts)
            with suppress(BadRequest):  # the list was deleted
                await context.bot.edit_message_text(text(words), chat, query.message.message_id, reply_markup=buttons)

    def _question(self, message: Message) -> Question | None:
        if words := argument_of(message):
            filters, earlier = self._conversations.filters(message), self._conversations.earlier(message)
            return Question(words, message.date, filters.since, source=filters.source, earlier=earlier)
        if last := self._conversations.last_answer(message):
            asked = last.question
            return Question(asked.text, message.date, asked.since, source=asked.source, earlier=asked.earlier)
        return None

    def _set(self, message: Message, question: Question, answer: Answer, texts: Texts) -> str:
        """Watch a question, unless it is watched already or there are too many; return what to say."""
        target, person = Target.of(message), person_of(message)
        if not answer.understood:  # then the question means the same whatever came before
            question = replace(question, earlier=None)
        if same := self._watches.find(person, target.chat, target.thread, question):
            return "\n".join([texts("watch-set-before", question=same.wording), *_limited(same, texts)])
        if len(self._watches.of_person(person)) >= self._most:
            return texts("watch-limit", limit=self._most)
        watch = self._watches.add(
            *(person, target.chat, target.thread, message.message_id),
            *(question, texts.language, answer.generation, answer_marks(answer)),
        )
        lines = [texts("watch-set", question=watch.wording), *_limited(watch, texts)]
        return "\n".join([*lines, texts("watch-known", count=_count(answer))])

    def _list(self, person: int, chat: int | None, texts: Texts) -> tuple[str, InlineKeyboardMarkup | None]:
        watches = self._watches.of_person(person, chat)
        if not watches:
            return texts("watch-none", example=self._examples.of(texts)[0]), None
        lines, rows = [texts("watch-list")], []
        for number, watch in enumerate(watches[:_LISTED], 1):
            filters = "".join(f" ({line})" for line in _limited(watch, texts))
            lines.append(f"{number}. {clip(watch.wording, _LONGEST_WORDING)}{filters}")
            label = texts("watch-end", number=number, question=clip(watch.wording, _LONGEST_LABEL))
            rows.append([InlineKeyboardButton(label, callback_data=f"w:{watch.id}")])
        if len(watches) > _LISTED:
            lines.append(texts("watch-rest", count=len(watches) - _LISTED))
        return "\n".join(lines), InlineKeyboardMarkup(rows)


def _limited(watch: Watch, texts: Texts) -> list[str]:
    """Return the line that names the filters of a watch, if there are any."""
    parts = [watch.source, texts.days(watch.since, None) if watch.since else None]
    return [texts("watch-filters", filters=", ".join(part for part in parts if part))] if any(parts) else []


def _count(answer: Answer) -> int:
    """Return how many quotes answer."""
    return len(answer.quotes) + answer.more if answer.quotes else 0

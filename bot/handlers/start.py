"""/start: what the bot is, with suggestions of what to ask or read."""

from __future__ import annotations

import math

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler

from bot.handlers.asking import Asking
from bot.handlers.editing import tell
from bot.handlers.examples import ExampleQuestions
from bot.handlers.message_parts import is_private, message_of
from bot.handlers.replies import Replies
from bot.handlers.target import Target
from bot.render import render_context
from bot.suggestions import MOST, Headline, headlines
from bot.telegram_types import App, Context
from retrieval.presentation.clipping import clip

_SHOW = "show:"  # callback data of a headline's button, before the id of a quote
_LONGEST_LABEL = 64  # UTF-16 units


class StartCommand:
    """Welcomes people."""

    def __init__(self, replies: Replies, asking: Asking, examples: ExampleQuestions) -> None:
        self._replies = replies
        self._asking = asking
        self._examples = examples

    def add_to(self, application: App) -> None:
        """Register the handler of the headlines' buttons."""
        application.add_handler(CallbackQueryHandler(self.show, f"^{_SHOW}"))

    async def start(self, update: Update, context: Context) -> None:
        """Say what the bot is, above buttons: the configured examples, else the newest headlines."""
        message, texts, examples = message_of(update), self._replies.texts(update), self._examples
        newest: tuple[Headline, ...] = ()
        if not examples.configured:
            newest = headlines(await self._asking.run(update, lambda answers: answers.latest(message.date, limit=MOST)))
        words = f"{texts('about')}\n\n{texts('newest-headlines' if newest else 'examples-heading')}"
        keyboard: InlineKeyboardMarkup | ReplyKeyboardMarkup | None = None
        if newest:
            keyboard = InlineKeyboardMarkup([[_button(headline)] for headline in newest])
        elif is_private(message):
            rows = [[example] for example in examples.of(texts)]
            keyboard = ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
        else:
            words = "\n".join([words, *(f"/ask {example}" for example in examples.of(texts))])
        await self._replies.reply(update, context.bot, words, keyboard)

    async def show(self, update: Update, context: Context) -> None:
        """Show the beginning of the article whose headline was pressed."""
        query, texts = update.callback_query, self._replies.texts(update)
        assert query is not None
        located = await self._asking.look_up(update, str(query.data).removeprefix(_SHOW))
        if query.message is None or located is None:
            await tell(query, texts("article-gone"))
        elif wait := self._asking.seconds_to_wait(query.from_user.id):
            await tell(query, texts("too-many-questions", seconds=math.ceil(wait)))
        else:
            await tell(query)
            await Target.below(query.message).send(context.bot, render_context(located, texts))


def _button(headline: Headline) -> InlineKeyboardButton:
    return InlineKeyboardButton(clip(headline.text, _LONGEST_LABEL), callback_data=f"{_SHOW}{headline.quote}")

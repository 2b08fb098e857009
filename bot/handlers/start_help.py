"""/start and /help, and everything that is neither a question nor a command that the bot knows."""

from __future__ import annotations

import math
from datetime import datetime
from functools import partial

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.answer_source import AnswerSource
from bot.clipping import clip
from bot.handlers.addressing import ANYWHERE, HELP, PRIVATE
from bot.handlers.desk import App, Context, Desk, Target, is_private, message_of
from bot.handlers.editing import tell
from bot.handlers.replies import Replies
from bot.render import render_context, text
from bot.suggestions import MOST, Headline, headlines
from retrieval.quote_ids import QuoteId
from retrieval.types import Answer

_SHOW = "show:"  # what a headline's button carries before the id of a quote
_LONGEST_LABEL = 64  # UTF-16 units


class StartHelp:
    """What is said beside answers."""

    def __init__(self, desk: Desk, replies: Replies) -> None:
        self._desk = desk
        self._say = replies.say

    def add_to(self, application: App) -> None:
        """Register the handlers; they come after those that know what to do."""
        application.add_handler(CommandHandler("start", self.start, ANYWHERE))
        application.add_handler(CommandHandler("help", self.help, ANYWHERE))
        application.add_handler(CallbackQueryHandler(self.show, f"^{_SHOW}"))
        application.add_handler(MessageHandler(HELP, self.help))
        application.add_handler(MessageHandler(ANYWHERE & filters.COMMAND, self.unknown))
        application.add_handler(MessageHandler(PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL, self.not_text))

    async def start(self, update: Update, context: Context) -> None:
        """Say what the bot is, above buttons: the examples of the configuration, else the newest headlines."""
        message, texts, examples = message_of(update), self._desk.texts(update), self._desk.settings.examples
        newest: tuple[Headline, ...] = ()
        if not examples:
            latest = partial(_latest, message.date)
            newest = headlines(await self._desk.answering.run(latest))
        heading = texts("newest-headlines" if newest else "examples-heading")
        words = f"{texts('about')}\n\n{heading}"
        keyboard: InlineKeyboardMarkup | ReplyKeyboardMarkup | None = None
        if newest:
            keyboard = InlineKeyboardMarkup([[_button(headline)] for headline in newest])
        elif is_private(message):
            rows = [[example] for example in self._desk.examples(texts)]
            keyboard = ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
        else:
            words = "\n".join([words, *(f"/ask {example}" for example in self._desk.examples(texts))])
        await Target.of(message).send(context.bot, text(words), keyboard)

    async def show(self, update: Update, context: Context) -> None:
        """Show the beginning of the article whose headline was pressed."""
        query, texts = update.callback_query, self._desk.texts(update)
        assert query is not None
        id = QuoteId.of_text(str(query.data).removeprefix(_SHOW))
        located = await self._desk.answering.look_up(id) if id else None
        if query.message is None or located is None:
            await tell(query, texts("article-gone"))
        elif wait := self._desk.limits.admit(query.from_user.id):
            self._desk.metrics.turned_away.inc()
            await tell(query, texts("too-many-questions", seconds=math.ceil(wait)))
        else:
            await tell(query)
            await Target.below(query.message).send(context.bot, render_context(located, texts))

    async def help(self, update: Update, context: Context) -> None:
        """Say what the bot does, with examples."""
        message, texts = message_of(update), self._desk.texts(update)
        listed = "\n".join(f"• {example}" for example in self._desk.examples(texts))
        parts = [texts("help"), f"{texts('examples-heading')}\n{listed}", texts("in-groups")]
        if is_private(message) and message.chat.id in self._desk.settings.admins:
            parts.append(texts("help-admin"))
        await Target.of(message).send(context.bot, text("\n\n".join(parts)))

    async def unknown(self, update: Update, context: Context) -> None:
        """Name /help; in a group, commands without the bot's name may be another bot's."""
        message = message_of(update)
        command = (message.text or "").split(maxsplit=1)[0].lower()
        if is_private(message) or command.endswith(f"@{context.bot.username.lower()}"):
            await self._say(update, context.bot, "unknown-command")

    async def not_text(self, update: Update, context: Context) -> None:
        """Ask for text, kindly, and of an album once."""
        message = message_of(update)
        if message.media_group_id not in self._desk.albums:
            await self._say(update, context.bot, _kind_of(message))
            self._desk.spoken_of(message)


def _latest(now: datetime, answers: AnswerSource) -> Answer:
    return answers.latest(now, limit=MOST)


def _button(headline: Headline) -> InlineKeyboardButton:
    return InlineKeyboardButton(clip(headline.text, _LONGEST_LABEL), callback_data=f"{_SHOW}{headline.quote}")


def _kind_of(message: Message) -> str:
    if message.document:
        return "file-not-allowed"
    if message.photo:
        return "not-text-photo"
    if message.voice or message.audio or message.video_note:
        return "not-text-voice"
    return "not-text-sticker" if message.sticker else "not-text-other"

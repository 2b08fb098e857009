"""/help, and replies to everything that is neither a question nor a command that the sender may use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from bot.handlers.addressing import ANYWHERE, HELP, PRIVATE
from bot.handlers.albums import AnsweredAlbums
from bot.handlers.command import Command
from bot.handlers.examples import ExampleQuestions
from bot.handlers.message_parts import is_private, message_of
from bot.handlers.replies import Replies
from bot.telegram_types import App, Context
from retrieval.presentation.texts import Texts


class HelpCommand:
    """Says what the bot does and how it is used."""

    def __init__(
        self,
        replies: Replies,
        examples: ExampleQuestions,
        albums: AnsweredAlbums,
        commands: Sequence[Command[Any]],
        admins: Sequence[int],
    ) -> None:
        """`commands` are those that /help lists; those of administrators only for `admins`, by id."""
        self._replies = replies
        self._examples = examples
        self._albums = albums
        self._commands = commands
        self._admins = admins

    def add_to(self, application: App) -> None:
        """Register the handlers, after all others of messages."""
        application.add_handler(MessageHandler(HELP, self.help))
        application.add_handler(MessageHandler(ANYWHERE & filters.COMMAND, self.unknown))
        application.add_handler(MessageHandler(PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL, self.not_text))

    async def help(self, update: Update, context: Context) -> None:
        """Say what the bot does, list its commands, and give examples."""
        message, texts = message_of(update), self._replies.texts(update)
        commands = "\n".join([texts("commands-heading"), *_lines(texts, self._commands, is_admin=False)])
        examples = "\n".join([texts("examples-heading"), *(f"• {each}" for each in self._examples.of(texts))])
        parts = [texts("about"), commands, texts("follow-up"), examples, texts("in-groups")]
        if is_private(message) and message.chat.id in self._admins:
            parts.append("\n".join([texts("admin-commands-heading"), *_lines(texts, self._commands, is_admin=True)]))
        await self._replies.reply(update, context.bot, "\n\n".join(parts))

    async def only_in_private(self, update: Update, context: Context) -> None:
        """Tell an administrator in a group that the command works in private chats only."""
        await self._replies.say(update, context.bot, "admin-only-in-private")

    async def unknown(self, update: Update, context: Context) -> None:
        """Name /help; in a group only if the command has the bot's name, since it may be another bot's."""
        message = message_of(update)
        command = (message.text or "").split(maxsplit=1)[0].lower()
        if is_private(message) or command.endswith(f"@{context.bot.username.lower()}"):
            await self._replies.say(update, context.bot, "unknown-command")

    async def not_text(self, update: Update, context: Context) -> None:
        """Ask for text instead of a picture, a recording or the like; once for an album."""
        message = message_of(update)
        if message not in self._albums:
            await self._replies.say(update, context.bot, _kind_of(message))
            self._albums.add(message)


def _lines(texts: Texts, commands: Sequence[Command[Any]], is_admin: bool) -> list[str]:
    listed = [command.name for command in commands if command.is_listed and command.is_admin == is_admin]
    return [f"/{name} – {texts(f'help-{name}')}" for name in listed]


def _kind_of(message: Message) -> str:
    if message.document:
        return "file-not-allowed"
    if message.photo:
        return "not-text-photo"
    if message.voice or message.audio or message.video_note:
        return "not-text-voice"
    return "not-text-sticker" if message.sticker else "not-text-other"

"""/start and /help, and everything that is neither a question nor a command that the bot knows."""

from __future__ import annotations

from telegram import Message, ReplyKeyboardMarkup, Update
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.handlers.addressing import ANYWHERE, HELP, PRIVATE
from bot.handlers.desk import App, Context, Desk, Target, is_private, message_of
from bot.handlers.replies import Replies
from bot.render import text


class StartHelp:
    """What is said beside answers."""

    def __init__(self, desk: Desk, replies: Replies) -> None:
        self._desk = desk
        self._say = replies.say

    def add_to(self, application: App) -> None:
        """Register the handlers; they come after those that know what to do."""
        application.add_handler(CommandHandler("start", self.start, ANYWHERE))
        application.add_handler(CommandHandler("help", self.help, ANYWHERE))
        application.add_handler(MessageHandler(HELP, self.help))
        application.add_handler(MessageHandler(ANYWHERE & filters.COMMAND, self.unknown))
        application.add_handler(MessageHandler(PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL, self.not_text))

    async def start(self, update: Update, context: Context) -> None:
        """Say what the bot is, with questions as buttons that ask them; that they are answered only if it is known."""
        message, texts = message_of(update), self._desk.texts(update)
        examples = self._desk.examples(texts)
        words = f"{texts('about')}\n\n{texts('start-examples' if self._desk.chosen else 'examples-heading')}"
        keyboard = None
        if is_private(message):
            rows = [[example] for example in examples]
            keyboard = ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
        else:
            words = "\n".join([words, *(f"/ask {example}" for example in examples)])
        await Target.of(message).send(context.bot, text(words), keyboard)

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


def _kind_of(message: Message) -> str:
    if message.document:
        return "file-not-allowed"
    if message.photo:
        return "not-text-photo"
    if message.voice or message.audio or message.video_note:
        return "not-text-voice"
    return "not-text-sticker" if message.sticker else "not-text-other"

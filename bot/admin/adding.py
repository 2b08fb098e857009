"""/add: articles as text, as files and as posts of channels, from administrators."""

from __future__ import annotations

import asyncio

import structlog
from telegram import (
    Document,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageOriginChannel,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.admin.incoming import ENDINGS, AlreadyThereError, Incoming, Stored, ending_of, incoming_text, store
from bot.admin.reindex import Reindex
from bot.handlers.access import Access
from bot.handlers.addressing import words_of
from bot.handlers.condition_filter import Only
from bot.handlers.desk import App, Context, Desk, Target, argument_of, message_of
from bot.handlers.editing import edit_or_send, tell
from bot.render import text
from bot.texts import Texts
from index.errors import QuotewireError
from index.harmless import harmless
from index.settings import IndexSettings

log = structlog.get_logger(__name__)

_LARGEST = 20_000_000  # bytes that a bot can download (core.telegram.org/bots/api#getfile)
_COMMAND = r"(?i)^/add(@\w+)?(\s|$)"  # in a caption, where Telegram's own marks are of no use to CommandHandler


class UnusableError(Exception):
    """A message without an article; says so as the id of a text, and what stands in that."""

    def __init__(self, text: str, **values: str | int) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


class Adding:
    """Makes files of articles, which the next build reads."""

    def __init__(self, desk: Desk, access: Access, index: IndexSettings) -> None:
        self._desk = desk
        self._access = access
        self._index = index
        self._one_at_a_time = asyncio.Lock()

    def add_to(self, application: App) -> None:
        """Register the command, in texts and captions, and what offers it for files and posts of channels."""
        admin = Only(self._access.is_admin)
        application.add_handler(CommandHandler("add", self.add, admin))
        application.add_handler(MessageHandler(admin & filters.CaptionRegex(_COMMAND), self.add))
        application.add_handler(MessageHandler(Only(self._is_offered), self.offer))
        application.add_handler(CallbackQueryHandler(self.pressed, "^add$"))

    async def add(self, update: Update, context: Context) -> None:
        """Add the file under the caption, the text after the command, or the message that it replies to."""
        message = message_of(update)
        argument = argument_of(message)
        what = message if message.document or argument else message.reply_to_message
        words, keyboard = await self._add(what, argument, self._desk.texts(update))
        await Target.of(message).send(context.bot, text(words), keyboard)

    async def offer(self, update: Update, context: Context) -> None:
        """Ask whether a file or a post of a channel is an article to be added."""
        message, texts = message_of(update), self._desk.texts(update)
        try:
            _check(message.document)
        except UnusableError as error:
            await Target.of(message).send(context.bot, text(texts(error.text, **error.values)))
            return
        button = InlineKeyboardButton(texts("button-add"), callback_data="add")
        await Target.of(message).send(context.bot, text(texts("add-offer")), InlineKeyboardMarkup([[button]]))

    async def pressed(self, update: Update, context: Context) -> None:
        """Add the message under which it was offered."""
        query = update.callback_query
        assert query is not None
        await tell(query)
        offer = query.message
        if isinstance(offer, Message) and self._access.is_pressed_by_admin(query):
            words, keyboard = await self._add(offer.reply_to_message, "", self._desk.texts(update))
            await edit_or_send(context.bot, offer.chat.id, offer.message_id, words, keyboard)

    def _is_offered(self, update: Update) -> bool:
        message = update.message
        if message is None or not self._access.is_from_admin(update):
            return False
        is_post = isinstance(message.forward_origin, MessageOriginChannel) and words_of(message)
        return bool(message.document or is_post)

    async def _add(
        self, message: Message | None, argument: str, texts: Texts
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        """Add the article of a message; returns what there is to say."""
        try:
            incoming = await _article(message, argument)
            async with self._one_at_a_time:
                stored = await asyncio.to_thread(store, self._index, incoming)
        except UnusableError as error:
            return texts(error.text, **error.values), None
        except AlreadyThereError as error:
            return texts("add-already-there", name=error.name), None
        except QuotewireError as error:
            return texts("add-failed", reason=str(error)), None
        log.info("articles were added", name=stored.name, articles=stored.articles)
        return _told(texts, stored), Reindex.button(texts)


async def _article(message: Message | None, argument: str) -> Incoming:
    if message is None or (message.from_user and message.from_user.is_bot):  # what the bot says is no article
        raise UnusableError("add-usage", endings=", ".join(ENDINGS))
    if message.document:
        return await _download(message.document)
    words = argument or words_of(message)
    if not words.strip():
        raise UnusableError("add-usage", endings=", ".join(ENDINGS))
    return incoming_text(words, **_known(message))


async def _download(document: Document) -> Incoming:
    ending = _check(document)
    try:
        file = await document.get_file()
        data = bytes(await file.download_as_bytearray())
    except BadRequest as error:
        raise UnusableError("add-failed", reason=str(error)) from None
    name = document.file_name or ""
    return Incoming(name[: -len(ending)], ending, data)


def _check(document: Document | None) -> str:
    """The ending of a file that can be added, "" for no file; raises UnusableError."""
    if document is None:
        return ""
    ending = ending_of(document.file_name)
    if ending is None:
        raise UnusableError("add-format", endings=", ".join(ENDINGS))
    if (document.file_size or 0) > _LARGEST:
        raise UnusableError("add-too-large", megabytes=_LARGEST // 1_000_000)
    return ending


def _known(message: Message) -> dict[str, str]:
    """What is known of the post of a channel, as fields of a front matter."""
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return {}
    known = {"published": origin.date.isoformat()}
    if title := " ".join(harmless(origin.chat.title or "").split()):
        known["source"] = title
    if origin.chat.username:
        known["url"] = f"https://t.me/{origin.chat.username}/{origin.message_id}"
    return known


def _told(texts: Texts, stored: Stored) -> str:
    lines = [texts("add-done", name=stored.name, articles=stored.articles), texts("add-then")]
    if stored.problems:
        lines.insert(1, texts("add-problems", count=len(stored.problems), first=stored.problems[0].message))
    return "\n".join(lines)

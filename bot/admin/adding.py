"""/add: adding articles that administrators send as text, as files or as forwarded channel posts."""

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
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.admin.incoming import ENDINGS, AlreadyThereError, Incoming, Stored, ending_of, incoming_text, store
from bot.admin.reindex import ReindexCommand
from bot.handlers.access import Access
from bot.handlers.addressing import words_of
from bot.handlers.condition_filter import ConditionFilter
from bot.handlers.editing import edit_or_send, tell
from bot.handlers.message_parts import argument_of, message_of
from bot.handlers.replies import Replies
from bot.telegram_types import App, Context
from index.errors import QuotewireError
from index.harmless import harmless
from index.settings import IndexSettings
from retrieval.presentation.texts import Texts

log = structlog.get_logger(__name__)

_LARGEST = 20_000_000  # bytes that Telegram lets a bot download (core.telegram.org/bots/api#getfile)
_COMMAND = r"(?i)^/add(@\w+)?(\s|$)"  # in a caption, which CommandHandler does not look at


class UnusableError(Exception):
    """Raised for a message without an article; holds the id of the text that explains it, and the text's values."""

    def __init__(self, text: str, **values: str | int) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


class AddCommand:
    """Stores articles as files, which the next build reads."""

    def __init__(self, replies: Replies, access: Access, index: IndexSettings) -> None:
        self._replies = replies
        self._access = access
        self._index = index
        self._one_at_a_time = asyncio.Lock()

    def add_to(self, application: App) -> None:
        """Register the command in captions, the offer for files and channel posts, and its button."""
        admin = ConditionFilter(self._access.is_admin)
        application.add_handler(MessageHandler(admin & filters.CaptionRegex(_COMMAND), self.add))
        application.add_handler(MessageHandler(ConditionFilter(self._is_offered), self.offer))
        application.add_handler(CallbackQueryHandler(self.pressed, "^add$"))

    async def add(self, update: Update, context: Context) -> None:
        """Add the file above the command, the command's argument, or the message that it replies to."""
        message = message_of(update)
        argument = argument_of(message)
        what = message if message.document or argument else message.reply_to_message
        words, keyboard = await self._add(what, argument, self._replies.texts(update))
        await self._replies.reply(update, context.bot, words, keyboard)

    async def offer(self, update: Update, context: Context) -> None:
        """Ask whether a file or a channel post is to be added as an article."""
        texts = self._replies.texts(update)
        try:
            _check(message_of(update).document)
        except UnusableError as error:
            await self._replies.say(update, context.bot, error.text, **error.values)
            return
        button = InlineKeyboardButton(texts("button-add"), callback_data="add")
        await self._replies.reply(update, context.bot, texts("add-offer"), InlineKeyboardMarkup([[button]]))

    async def pressed(self, update: Update, context: Context) -> None:
        """Add the message for which it was offered."""
        query = update.callback_query
        assert query is not None
        await tell(query)
        offer = query.message
        if isinstance(offer, Message) and self._access.is_pressed_by_admin(query):
            words, keyboard = await self._add(offer.reply_to_message, "", self._replies.texts(update))
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
        """Add the article of a message; return what to say, and the button for the next step."""
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
        return _added(texts, stored), ReindexCommand.button(texts)


async def _article(message: Message | None, argument: str) -> Incoming:
    if message is None or (message.from_user and message.from_user.is_bot):  # a bot's message is no article
        raise UnusableError("add-usage", endings=", ".join(ENDINGS))
    if message.document:
        return await _download(message.document)
    words = argument or words_of(message)
    if not words.strip():
        raise UnusableError("add-usage", endings=", ".join(ENDINGS))
    return incoming_text(words, **_metadata(message))


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
    """Return the ending of a file that can be added, "" for no file; raise UnusableError for any other file."""
    if document is None:
        return ""
    ending = ending_of(document.file_name)
    if ending is None:
        raise UnusableError("add-format", endings=", ".join(ENDINGS))
    if (document.file_size or 0) > _LARGEST:
        raise UnusableError("add-too-large", megabytes=_LARGEST // 1_000_000)
    return ending


def _metadata(message: Message) -> dict[str, str]:
    """Return the metadata of a channel post, as fields of a front matter."""
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return {}
    fields = {"published": origin.date.isoformat()}
    if title := " ".join(harmless(origin.chat.title or "").split()):
        fields["source"] = title
    if origin.chat.username:
        fields["url"] = f"https://t.me/{origin.chat.username}/{origin.message_id}"
    return fields


def _added(texts: Texts, stored: Stored) -> str:
    lines = [texts("add-done", name=stored.name, articles=stored.articles), texts("add-then")]
    if stored.problems:
        lines.insert(1, texts("add-problems", count=len(stored.problems), first=stored.problems[0].message))
    return "\n".join(lines)

"""/broadcast: an administrator's words to every private chat, once they have seen and confirmed them."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.admin.progress_message import Progress
from bot.clipping import units
from bot.handlers.access import Access
from bot.handlers.condition_filter import Only
from bot.handlers.desk import App, Context, Desk, Target, argument_of, message_of
from bot.handlers.editing import edit_or_send, tell
from bot.memory.broadcasts import Broadcast, Broadcasts
from bot.render import MAX_UNITS, text
from bot.texts import Texts

log = structlog.get_logger(__name__)

_PRESSED = r"^broadcast:(send|cancel):[0-4]?[0-9]{1,18}\Z"  # an id below 2**62; SQLite holds none of 2**63
_ROUNDS = 5  # in which chats that could not be reached are tried again
_PAUSE = 30.0  # seconds between the first two rounds, four times as long with each: for chats that have to wait
_TO_END = 5.0  # seconds that a message under way has when the bot ends


class Broadcasting:
    """Sends what was confirmed, one after the other, and goes on after a restart."""

    def __init__(self, desk: Desk, access: Access, broadcasts: Broadcasts) -> None:
        self._desk = desk
        self._access = access
        self._broadcasts = broadcasts
        self._stop = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()

    def add_to(self, application: App) -> None:
        """Register the command and its buttons."""
        application.add_handler(CommandHandler("broadcast", self.preview, Only(self._access.is_admin)))
        application.add_handler(CallbackQueryHandler(self.pressed, _PRESSED))

    async def preview(self, update: Update, context: Context) -> None:
        """Show the words as they would arrive, and ask."""
        message, texts = message_of(update), self._desk.texts(update)
        target = Target.of(message)
        if not (words := argument_of(message)):
            await target.send(context.bot, text(texts("broadcast-usage")))
            return
        if units(words) > MAX_UNITS:
            await target.send(context.bot, text(texts("broadcast-too-long", limit=MAX_UNITS)))
            return
        count = len(self._chats())
        id = self._broadcasts.put(message.chat.id, words)
        await target.send(context.bot, text(words))
        question = texts("broadcast-question", count=count)
        await target.send(context.bot, text(question), _keyboard(texts, id))

    async def pressed(self, update: Update, context: Context) -> None:
        """Send it, or forget it: whichever is pressed first, by the person who wrote it."""
        query = update.callback_query
        assert query is not None
        assert query.data is not None
        await tell(query)
        if not self._access.is_pressed_by_admin(query) or query.message is None:
            return
        _, verb, number = query.data.split(":")
        id, person, message = int(number), query.from_user.id, query.message.message_id
        texts = self._desk.texts(update)
        if verb == "send" and self._broadcasts.confirm(id, person, message, self._chats()):
            self._begin(context.bot, id)
        elif verb == "cancel" and self._broadcasts.cancel(id, person):
            await edit_or_send(context.bot, person, message, texts("broadcast-cancelled"))
        elif self._broadcasts.get(id) is None:  # it was cancelled, or sent long ago: the button is still there
            await _take_buttons(context.bot, query)

    def resume(self, bot: Bot) -> None:
        """Go on with what was being sent when the bot ended."""
        for id in self._broadcasts.confirmed():
            self._begin(bot, id)

    async def close(self) -> None:
        """Finish the messages that are under way; the rest is sent after the next start."""
        self._stop.set()
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=_TO_END)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _chats(self) -> list[int]:
        """The private chats of people who may use the bot."""
        return [chat for chat in self._desk.chats.private() if self._access.is_allowed(chat)]

    def _begin(self, bot: Bot, id: int) -> None:
        task = asyncio.create_task(self._send(bot, id))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, bot: Bot, id: int) -> None:
        broadcast = self._broadcasts.get(id)
        if broadcast is None or broadcast.message is None:
            return
        texts = self._desk.texts_of_chat(broadcast.person)
        progress = Progress(bot, broadcast.person, broadcast.message)
        try:
            for round in range(_ROUNDS):
                await self._send_round(bot, broadcast, round, progress, texts)
            if self._stop.is_set():
                return
            for chat in self._broadcasts.targets(id):
                self._broadcasts.reached(id, chat, failed=True)
            with suppress(TelegramError):
                await progress.end(self._standing(texts, id, "broadcast-done"))
            self._broadcasts.finish(id)
        except Exception as error:  # nobody else would hear of it
            log.error("a broadcast could not be sent", exc_info=error)
        finally:
            await progress.leave()

    async def _send_round(self, bot: Bot, broadcast: Broadcast, round: int, progress: Progress, texts: Texts) -> None:
        targets = self._broadcasts.targets(broadcast.id)
        if round and targets:
            await self._wait(_PAUSE * 4 ** (round - 1))
        for chat in targets:
            if self._stop.is_set():
                return
            await self._send_to(bot, broadcast, chat)
            progress.words = self._standing(texts, broadcast.id)

    async def _send_to(self, bot: Bot, broadcast: Broadcast, chat: int) -> None:
        try:
            await Target(chat).send(bot, text(broadcast.words))
        except Forbidden:  # it has blocked the bot
            self._desk.chats.gone(chat)
            self._broadcasts.reached(broadcast.id, chat, failed=True)
        except BadRequest as error:  # an account that was deleted, for one
            log.info("a broadcast does not reach a chat", error=error.message)
            self._broadcasts.reached(broadcast.id, chat, failed=True)
        except TelegramError as error:  # the next round tries again
            log.warning("a broadcast was not sent to a chat", error=type(error).__name__)
        else:
            self._broadcasts.reached(broadcast.id, chat)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)

    def _standing(self, texts: Texts, id: int, text: str = "broadcast-progress") -> str:
        broadcast = self._broadcasts.get(id)
        if broadcast is None:
            return ""
        return texts(text, sent=broadcast.sent, failed=broadcast.failed, left=broadcast.left)


def _keyboard(texts: Texts, id: int) -> InlineKeyboardMarkup:
    send = InlineKeyboardButton(texts("button-send"), callback_data=f"broadcast:send:{id}")
    cancel = InlineKeyboardButton(texts("button-cancel"), callback_data=f"broadcast:cancel:{id}")
    return InlineKeyboardMarkup([[send, cancel]])


async def _take_buttons(bot: Bot, query: CallbackQuery) -> None:
    if query.message:
        with suppress(BadRequest):
            await bot.edit_message_reply_markup(query.message.chat.id, query.message.message_id)

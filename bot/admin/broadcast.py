"""/broadcast: sending an administrator's words to every private chat, after a preview and a confirmation."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import CallbackQueryHandler

from bot.admin.progress_message import INTERVAL, Progress
from bot.handlers.access import Access
from bot.handlers.editing import edit_or_send, tell
from bot.handlers.localizer import Localizer
from bot.handlers.message_parts import argument_of, message_of
from bot.handlers.target import Target
from bot.memory.broadcasts import Broadcast, Broadcasts
from bot.memory.chats import Chats
from bot.render import MAX_UNITS, text
from bot.telegram_types import App, Context
from retrieval.presentation.clipping import units
from retrieval.presentation.texts import Texts

log = structlog.get_logger(__name__)

_PRESSED = (
    r"^broadcast:(send|cancel):[0-4]?[0-9]{1,18}\Z"  # an id of at most 19 digits, below 2**63, as SQLite requires
)
_ROUNDS = 5  # attempts to reach each chat
_PAUSE = 30.0  # seconds before the second round; four times as long before each further one
_GRACE = 5.0  # seconds that messages under way have when the bot ends


class BroadcastCommand:
    """Sends confirmed broadcasts, chat by chat, and continues after a restart."""

    def __init__(
        self,
        localizer: Localizer,
        access: Access,
        chats: Chats,
        broadcasts: Broadcasts,
        pause: float = _PAUSE,
        interval: float = INTERVAL,
    ) -> None:
        """`pause` is in seconds, before the second round; `interval` is that of the progress message."""
        self._localizer = localizer
        self._access = access
        self._chats = chats
        self._broadcasts = broadcasts
        self._pause = pause
        self._interval = interval
        self._stop = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()

    def add_to(self, application: App) -> None:
        """Register the handler of the buttons."""
        application.add_handler(CallbackQueryHandler(self.pressed, _PRESSED))

    async def preview(self, update: Update, context: Context) -> None:
        """Show the words as they would arrive, and ask for confirmation."""
        message, texts = message_of(update), self._localizer.texts(update)
        target = Target.of(message)
        if not (words := argument_of(message)):
            await target.send(context.bot, text(texts("broadcast-usage")))
            return
        if units(words) > MAX_UNITS:
            await target.send(context.bot, text(texts("broadcast-too-long", limit=MAX_UNITS)))
            return
        count = len(self._recipients())
        id = self._broadcasts.add(message.chat.id, words)
        await target.send(context.bot, text(words))
        question = texts("broadcast-question", count=count)
        await target.send(context.bot, text(question), _keyboard(texts, id))

    async def pressed(self, update: Update, context: Context) -> None:
        """Send or cancel a broadcast, whichever its author presses first."""
        query = update.callback_query
        assert query is not None
        assert query.data is not None
        await tell(query)
        if not self._access.is_pressed_by_admin(query) or query.message is None:
            return
        _, verb, number = query.data.split(":")
        id, person, message = int(number), query.from_user.id, query.message.message_id
        texts = self._localizer.texts(update)
        if verb == "send" and self._broadcasts.confirm(id, person, message, self._recipients()):
            self._begin(context.bot, id)
        elif verb == "cancel" and self._broadcasts.cancel(id, person):
            await edit_or_send(context.bot, person, message, texts("broadcast-cancelled"))
        elif self._broadcasts.get(id) is None:  # it is over, but its buttons were not removed
            await _take_buttons(context.bot, query)

    def resume(self, bot: Bot) -> None:
        """Continue the broadcasts that were interrupted when the bot ended."""
        for id in self._broadcasts.confirmed_ids():
            self._begin(bot, id)

    async def close(self) -> None:
        """Finish sending the messages that are under way; the rest is sent after the next start."""
        self._stop.set()
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=_GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _recipients(self) -> list[int]:
        """Return the private chats of people who may use the bot."""
        return [chat for chat in self._chats.private_chats() if self._access.is_allowed(chat)]

    def _begin(self, bot: Bot, id: int) -> None:
        task = asyncio.create_task(self._send(bot, id))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, bot: Bot, id: int) -> None:
        broadcast = self._broadcasts.get(id)
        if broadcast is None or broadcast.progress_message is None:
            return
        texts = self._localizer.texts_of_chat(broadcast.person)
        progress = Progress(bot, broadcast.person, broadcast.progress_message, interval=self._interval)
        try:
            for round in range(_ROUNDS):
                await self._send_round(bot, broadcast, round, progress, texts)
            if self._stop.is_set():
                return
            for chat in self._broadcasts.remaining_chats(id):
                self._broadcasts.record_delivery(id, chat, failed=True)
            with suppress(TelegramError):
                await progress.end(self._count_line(texts, id, "broadcast-done"))
            self._broadcasts.finish(id)
        except Exception as error:  # the task has no caller that would see it
            log.error("a broadcast could not be sent", exc_info=error)
        finally:
            await progress.leave()

    async def _send_round(self, bot: Bot, broadcast: Broadcast, round: int, progress: Progress, texts: Texts) -> None:
        targets = self._broadcasts.remaining_chats(broadcast.id)
        if round and targets:
            await self._wait(self._pause * 4 ** (round - 1))
        for chat in targets:
            if self._stop.is_set():
                return
            await self._send_to(bot, broadcast, chat)
            progress.words = self._count_line(texts, broadcast.id)

    async def _send_to(self, bot: Bot, broadcast: Broadcast, chat: int) -> None:
        try:
            await Target(chat).send(bot, text(broadcast.text))
        except Forbidden:  # the person has blocked the bot
            self._chats.mark_gone(chat)
            self._broadcasts.record_delivery(broadcast.id, chat, failed=True)
        except BadRequest as error:  # such as a deleted account
            log.info("a broadcast does not reach a chat", error=error.message)
            self._broadcasts.record_delivery(broadcast.id, chat, failed=True)
        except TelegramError as error:  # the next round tries again
            log.warning("a broadcast was not sent to a chat", error=type(error).__name__)
        else:
            self._broadcasts.record_delivery(broadcast.id, chat)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)

    def _count_line(self, texts: Texts, id: int, text: str = "broadcast-progress") -> str:
        broadcast = self._broadcasts.get(id)
        if broadcast is None:
            return ""
        return texts(text, sent=broadcast.sent, failed=broadcast.failed, left=broadcast.remaining)


def _keyboard(texts: Texts, id: int) -> InlineKeyboardMarkup:
    send = InlineKeyboardButton(texts("button-send"), callback_data=f"broadcast:send:{id}")
    cancel = InlineKeyboardButton(texts("button-cancel"), callback_data=f"broadcast:cancel:{id}")
    return InlineKeyboardMarkup([[send, cancel]])


async def _take_buttons(bot: Bot, query: CallbackQuery) -> None:
    if query.message:
        with suppress(BadRequest):
            await bot.edit_message_reply_markup(query.message.chat.id, query.message.message_id)

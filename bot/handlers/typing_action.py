"""The sign "typing…" above a chat while an answer takes its time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.handlers.target import Target

AFTER = 0.3  # seconds; most answers take less
EVERY = 4.0  # seconds; Telegram shows the sign for five

_tasks: set[asyncio.Task[None]] = set()  # the event loop itself keeps only weak references


@asynccontextmanager
async def typing(bot: Bot, target: Target, after: float = AFTER, every: float = EVERY) -> AsyncIterator[None]:
    """Show the sign `after` some seconds, and again and again, until the block ends.

    No call is cancelled, since that would take its connection out of httpcore's pool for good.
    """
    over = asyncio.Event()

    async def keep_typing() -> None:
        pause = after
        while not await _is_set_within(over, pause):
            with suppress(TelegramError):
                await bot.send_chat_action(target.chat, ChatAction.TYPING, message_thread_id=target.thread)
            pause = every

    task = asyncio.create_task(keep_typing())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    try:
        yield
    finally:
        over.set()


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
